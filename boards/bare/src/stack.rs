//! How much of the native stack is used, by painting it.

use core::hint::black_box;

use crate::machine::stack_pointer;

/// Bytes that are painted: more than is ever used, and less than the board has.
const DEPTH: usize = 64 << 10;
/// Bytes below the caller's frame that are left alone.
const MARGIN: usize = 256;
const PAINT: u32 = 0x5ac3_69f0;

/// Where the stack was when [`measure`] was called, and the words below it.
fn words(top: usize) -> impl DoubleEndedIterator<Item = *mut u32> {
    let top = (top - MARGIN) & !3;
    (top - DEPTH..top)
        .step_by(4)
        .map(core::ptr::with_exposed_provenance_mut)
}

/// Calls a function. Also says how many bytes of stack it took, at least `MARGIN`.
#[inline(never)]
pub fn measure<T>(function: impl FnOnce() -> T) -> (T, usize) {
    let top = stack_pointer();
    for word in words(top) {
        // SAFETY: memory below the stack, which has room for it on every board; whatever this
        // function calls has its frame within the margin, and an exception's is gone after it.
        unsafe { word.write_volatile(PAINT) };
    }
    let result = black_box(function)();
    let unused = words(top)
        // SAFETY: as above; whatever was written there is a number.
        .take_while(|word| unsafe { word.read_volatile() } == PAINT)
        .count();
    (result, DEPTH + MARGIN - unused * 4)
}

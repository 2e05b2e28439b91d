//! Linear memories (section 4.2.8).
#![allow(
    unsafe_code,
    reason = "the block of a memory is allocated and viewed by hand"
)]

use alloc::alloc::{dealloc, realloc};
use core::alloc::Layout;
use core::ptr::NonNull;

use thimble_wasm::MemoryType;
use thimble_wasm::fallible::OutOfMemory;

use crate::trap::Trap;

/// Alignment of a memory's first byte: that of the largest access, and no more, since
/// there are allocators that fail beyond it.
const ALIGNMENT: usize = 8;

/// A linear memory.
#[derive(Debug)]
pub(crate) struct Memory {
    base: NonNull<u8>,
    /// Bytes in use; the allocation has exactly as many.
    length: usize,
    ty: MemoryType,
    /// The size in bytes that it may have beside the store's other memories.
    limit: u64,
}

// SAFETY: the memory owns its allocation alone.
unsafe impl Send for Memory {}
// SAFETY: through `&Memory` the bytes are only read.
unsafe impl Sync for Memory {}

impl Memory {
    /// A memory of the type's minimal size, all 0.
    pub(crate) fn new(ty: MemoryType, limit: u64) -> Result<Self, OutOfMemory> {
        let mut memory = Self {
            base: NonNull::dangling(),
            length: 0,
            ty: MemoryType { minimum: 0, ..ty },
            limit,
        };
        memory.grow(ty.minimum).ok_or(OutOfMemory)?;
        memory.ty.minimum = ty.minimum;
        Ok(memory)
    }

    /// The type, its minimum being the current size in pages.
    pub(crate) fn ty(&self) -> MemoryType {
        MemoryType {
            minimum: self.pages(),
            ..self.ty
        }
    }

    /// The size in pages.
    pub(crate) fn pages(&self) -> u64 {
        self.length as u64 >> self.ty.page_size_log2
    }

    /// The first byte; valid until the memory grows or is dropped.
    pub(crate) fn base(&mut self) -> *mut u8 {
        self.base.as_ptr()
    }

    /// The size in bytes.
    pub(crate) const fn length(&self) -> usize {
        self.length
    }

    /// Changes the size in bytes that the memory may grow to.
    pub(crate) const fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
    }

    /// Adds pages, all 0, and returns the number there was before; nothing if
    /// there may not be or is no room for as many.
    pub(crate) fn grow(&mut self, delta: u64) -> Option<u64> {
        let before = self.pages();
        let pages = before.checked_add(delta)?;
        // Without a maximum of its own, 32 bits must address the memory.
        let most = self
            .ty
            .maximum
            .unwrap_or(1 << (32 - u32::from(self.ty.page_size_log2)));
        let bytes = pages.checked_shl(self.ty.page_size_log2.into())?;
        if pages > most || bytes > self.limit || bytes >> self.ty.page_size_log2 != pages {
            return None;
        }
        let bytes = usize::try_from(bytes)
            .ok()
            .filter(|&bytes| bytes <= isize::MAX as usize)?;
        if bytes > self.length {
            self.base = self.enlarge(bytes)?;
            self.length = bytes;
        }
        Some(before)
    }

    /// An allocation of `bytes` (more than now) with the same content, the rest 0.
    fn enlarge(&self, bytes: usize) -> Option<NonNull<u8>> {
        let layout = Layout::from_size_align(bytes, ALIGNMENT).ok()?;
        if self.length == 0 {
            // SAFETY: `bytes` is greater than 0.
            return NonNull::new(unsafe { allocate_cleared(layout) });
        }
        let before = Layout::from_size_align(self.length, ALIGNMENT).ok()?;
        // SAFETY: `base` was allocated with `before`, as `length` is not 0; `bytes`
        // is greater than 0 and, as the layout above shows, not too large.
        let base = NonNull::new(unsafe { realloc(self.base.as_ptr(), before, bytes) })?;
        // SAFETY: the new allocation has `bytes` bytes, `length` of them from before.
        unsafe { clear(base.as_ptr().add(self.length), bytes - self.length) };
        Some(base)
    }

    /// All bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: `base` has `length` bytes, initialised by `enlarge` (or is
        // dangling and `length` is 0), and `self` is borrowed.
        unsafe { core::slice::from_raw_parts(self.base.as_ptr(), self.length) }
    }

    /// All bytes, to be changed.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as for `bytes`, and `self` is borrowed mutably.
        unsafe { core::slice::from_raw_parts_mut(self.base.as_ptr(), self.length) }
    }

    /// `memory.fill`.
    pub(crate) fn fill(&mut self, start: u32, value: u8, length: u32) -> Result<(), Trap> {
        let range = range(start, length, self.length)?;
        self.bytes_mut()
            .get_mut(range)
            .ok_or(Trap::MemoryOutOfBounds)?
            .fill(value);
        Ok(())
    }

    /// `memory.copy` within one memory.
    pub(crate) fn copy_within(&mut self, to: u32, from: u32, length: u32) -> Result<(), Trap> {
        let from = range(from, length, self.length)?;
        let to = range(to, length, self.length)?;
        self.bytes_mut().copy_within(from, to.start);
        Ok(())
    }

    /// `memory.init`, and `memory.copy` from another memory.
    pub(crate) fn write(
        &mut self,
        to: u32,
        bytes: &[u8],
        from: u32,
        length: u32,
    ) -> Result<(), Trap> {
        let from = range(from, length, bytes.len())?;
        let to = range(to, length, self.length)?;
        let source = bytes.get(from).ok_or(Trap::MemoryOutOfBounds)?;
        self.bytes_mut()
            .get_mut(to)
            .ok_or(Trap::MemoryOutOfBounds)?
            .copy_from_slice(source);
        Ok(())
    }
}

/// Allocates bytes that are 0.
///
/// # Safety
/// As for `alloc`.
#[cfg(not(thimble_clears))]
unsafe fn allocate_cleared(layout: Layout) -> *mut u8 {
    // SAFETY: the caller's promise. An operating system has cleared pages at hand.
    unsafe { alloc::alloc::alloc_zeroed(layout) }
}

/// Allocates bytes that are 0.
///
/// # Safety
/// As for `alloc`.
#[cfg(thimble_clears)]
unsafe fn allocate_cleared(layout: Layout) -> *mut u8 {
    // SAFETY: the caller's promise.
    let block = unsafe { alloc::alloc::alloc(layout) };
    if !block.is_null() {
        // SAFETY: the block has as many bytes.
        unsafe { clear(block, layout.size()) };
    }
    block
}

/// Sets bytes to 0.
///
/// # Safety
/// All of them can be written.
unsafe fn clear(start: *mut u8, length: usize) {
    #[cfg(thimble_clears)]
    // SAFETY: the caller's promise.
    let (start, length) = unsafe { clear_blocks(start, length) };
    // SAFETY: the caller's promise, for what is left.
    unsafe { start.write_bytes(0, length) };
}

/// Bytes that one round of [`clear_blocks`] clears.
#[cfg(thimble_clears)]
const BLOCK: usize = if cfg!(thimble_thumb) { 256 } else { 128 };

/// Sets as many bytes to 0 as are whole blocks; returns where the rest begins and how
/// long it is.
///
/// Much of the time that a program without much code takes to load is spent here. The
/// library's `memset` stores a word, counts and branches; this stores eight words by an
/// instruction on Arm, four where only the first Thumb instruction set is sure to be
/// there, and 32 in a row on RISC-V.
///
/// # Safety
/// All of them can be written.
#[cfg(thimble_clears)]
unsafe fn clear_blocks(start: *mut u8, length: usize) -> (*mut u8, usize) {
    let blocks = length / BLOCK * BLOCK;
    if blocks == 0 || !start.addr().is_multiple_of(4) {
        return (start, length);
    }
    let end = start.wrapping_add(blocks);
    #[cfg(not(target_arch = "arm"))]
    // SAFETY: stores 0 from `start` up to `end`, which is whole rounds of 128 bytes away,
    // by the caller's promise; the address is one of words. With these registers, a store
    // takes two bytes of code where there are short instructions.
    unsafe {
        core::arch::asm!(
            "2:",
            ".irp offset, 0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60",
            "sw a2, \\offset(a0)",
            "sw a2, \\offset+64(a0)",
            ".endr",
            "addi a0, a0, 128",
            "bne a0, {end}, 2b",
            end = in(reg) end,
            inout("a0") start => _,
            in("a2") 0,
            options(nostack),
        );
    }
    #[cfg(all(target_arch = "arm", not(thimble_thumb)))]
    // SAFETY: stores 0 from `start` up to `end`, which is whole rounds of 128 bytes away,
    // by the caller's promise; the address is one of words.
    unsafe {
        core::arch::asm!(
            "2:",
            ".rept 8",
            "stmia {next}!, {{r2, r3, r4, r5}}",
            ".endr",
            "cmp {next}, {end}",
            "bne 2b",
            next = inout(reg) start => _,
            end = in(reg) end,
            in("r2") 0, in("r3") 0, in("r4") 0, in("r5") 0,
            options(nostack),
        );
    }
    #[cfg(all(target_arch = "arm", thimble_thumb))]
    // SAFETY: stores 0 from `start` up to `end`, which is whole rounds of 256 bytes away,
    // by the caller's promise; the address is one of words.
    unsafe {
        core::arch::asm!(
            "2:",
            ".rept 8",
            "stmia {next}!, {{r2, r3, r4, r5, r8, r10, r12, lr}}",
            ".endr",
            "cmp {next}, {end}",
            "bne 2b",
            next = inout(reg) start => _,
            end = in(reg) end,
            in("r2") 0, in("r3") 0, in("r4") 0, in("r5") 0,
            in("r8") 0, in("r10") 0, in("r12") 0, in("lr") 0,
            options(nostack),
        );
    }
    (end, length - blocks)
}

/// A range of bytes, if it lies within `size`.
fn range(start: u32, length: u32, size: usize) -> Result<core::ops::Range<usize>, Trap> {
    let end = u64::from(start) + u64::from(length);
    if end > size as u64 {
        return Err(Trap::MemoryOutOfBounds);
    }
    Ok(start as usize..end as usize)
}

impl Drop for Memory {
    fn drop(&mut self) {
        if let Ok(layout) = Layout::from_size_align(self.length, ALIGNMENT)
            && self.length > 0
        {
            // SAFETY: `base` was allocated with this layout by `enlarge`.
            unsafe { dealloc(self.base.as_ptr(), layout) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(minimum: u64, maximum: Option<u64>, page_size_log2: u8) -> Memory {
        Memory::new(
            MemoryType {
                minimum,
                maximum,
                page_size_log2,
            },
            1 << 20,
        )
        .unwrap()
    }

    #[test]
    fn growing_keeps_the_bytes_and_adds_zeros() {
        let mut memory = memory(1, None, 0);
        memory.bytes_mut()[0] = 7;
        assert_eq!(memory.grow(3), Some(1));
        assert_eq!(memory.bytes(), [7, 0, 0, 0]);
    }

    #[test]
    fn maximum_limit_and_address_space_bound_the_size() {
        assert_eq!(memory(1, Some(2), 16).grow(2), None);
        assert_eq!(memory(1, None, 16).grow(1 << 20), None);
        assert_eq!(memory(1, None, 16).grow(u64::MAX), None);
        assert_eq!(memory(0, None, 0).grow((1 << 20) + 1), None);
        assert_eq!(memory(0, None, 0).grow(1 << 20), Some(0));
    }

    #[test]
    fn ranges_are_checked_without_overflow() {
        let mut memory = memory(8, None, 0);
        assert_eq!(memory.fill(8, 1, 0), Ok(()));
        assert_eq!(memory.fill(9, 1, 0), Err(Trap::MemoryOutOfBounds));
        assert_eq!(
            memory.fill(u32::MAX, 1, u32::MAX),
            Err(Trap::MemoryOutOfBounds)
        );
        assert_eq!(memory.copy_within(1, 0, 7), Ok(()));
        assert_eq!(memory.copy_within(2, 0, 7), Err(Trap::MemoryOutOfBounds));
        assert_eq!(memory.write(0, &[1, 2], 1, 2), Err(Trap::MemoryOutOfBounds));
    }
}

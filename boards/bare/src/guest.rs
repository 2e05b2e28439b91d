//! What the emulator has put into memory.

unsafe extern "C" {
    /// Where the file begins; the linker's script of the machine says so.
    static __guest: u8;
}

/// The memory there, in bytes.
const SIZE: usize = 16 << 20;

/// The file that was given with `-device loader`, of this length.
pub fn guest(length: usize) -> &'static [u8] {
    // SAFETY: the board has so much memory there, of which the linker knows nothing; the emulator
    // has filled it before the start, and nobody writes it. All bytes are a `u8`.
    unsafe { core::slice::from_raw_parts(&raw const __guest, length.min(SIZE)) }
}

//! RISC-V, on the machine virt.

pub use riscv_rt::entry;

/// Instructions in a tick of the counter.
pub const RESOLUTION: u64 = 1;

/// Starts the counter, which counts always.
pub fn start_counting() {}

/// Instructions executed since the start.
pub fn instructions() -> u64 {
    riscv::register::minstret::read64()
}

/// The processor's stack pointer.
pub fn stack_pointer() -> usize {
    let pointer;
    // SAFETY: copies a register.
    unsafe {
        core::arch::asm!("mv {}, sp", out(reg) pointer, options(nomem, nostack, preserves_flags));
    }
    pointer
}

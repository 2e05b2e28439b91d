//! What differs between processors.

#[cfg(target_arch = "arm")]
mod copying;
#[cfg(target_arch = "arm")]
mod cortex_m;
#[cfg(target_arch = "riscv32")]
mod riscv;

#[cfg(target_arch = "arm")]
pub use self::cortex_m::*;
#[cfg(target_arch = "riscv32")]
pub use self::riscv::*;

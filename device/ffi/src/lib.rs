//! Thimble's device crate behind C symbols, for every RTOS whose shim is written in C:
//! `include/thimble_device.h` says what a shim defines and what it calls.
#![no_std]
#![allow(
    unsafe_code,
    reason = "calling C is unsafe; each block says what the header promises"
)]
extern crate alloc;

mod abi;
#[cfg(feature = "firmware")]
mod allocator;
#[cfg(feature = "programs")]
mod command;
#[cfg(feature = "programs")]
mod device;
#[cfg(feature = "flash")]
mod flash;
#[cfg(feature = "programs")]
mod lazy;
#[cfg(feature = "log")]
mod log;
#[cfg(feature = "firmware")]
mod panic;
#[cfg(feature = "programs")]
mod session;
#[cfg(feature = "programs")]
mod state;

#[cfg(feature = "programs")]
pub use device::{console_line, settings};
#[cfg(feature = "programs")]
pub use state::{device, platform, processes};

//! Thimble as a static library for firmware.
//!
//! Everything of the system is behind C: the platform contract (`thimble_platform.h`), what
//! programs are given and started by (`thimble_device.h`), what applications call
//! (`thimble.h`), and what tests call.
#![no_std]
extern crate alloc;
// Their symbols are called from C.
#[cfg(feature = "c_api")]
extern crate thimble_c;
extern crate thimble_device_ffi;

#[cfg(feature = "conformance")]
mod conformance;
#[cfg(feature = "conformance")]
mod platform;
#[cfg(feature = "specification")]
mod specification;

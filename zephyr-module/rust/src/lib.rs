//! Thimble as a static library for firmware that runs on Zephyr.
//!
//! Everything of Zephyr is behind C: the platform contract (`thimble_platform.h`), what
//! programs are given and started by (`thimble_device.h`), and what tests call.
#![no_std]
extern crate alloc;
// Its symbols are called from C.
extern crate thimble_device_ffi;

#[cfg(feature = "conformance")]
mod conformance;
#[cfg(feature = "conformance")]
mod platform;
#[cfg(feature = "specification")]
mod specification;

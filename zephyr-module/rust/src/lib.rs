//! Thimble as a static library for firmware that runs on Zephyr.
//!
//! Everything of Zephyr is behind C: the platform contract
//! (`thimble_platform.h`) and what `src/runtime.h` of this module declares.
#![no_std]
extern crate alloc;

mod allocator;
#[cfg(feature = "conformance")]
mod conformance;
mod panic;
#[cfg(any(feature = "runtime", feature = "conformance"))]
mod platform;
#[cfg(feature = "runtime")]
mod program;
#[cfg(feature = "specification")]
mod specification;

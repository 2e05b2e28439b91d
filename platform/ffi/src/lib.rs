//! The platform contract as C symbols, and the adapter over them.
//!
//! A *shim* in C, compiled against the headers of its system, defines the
//! symbols that `include/thimble_platform.h` documents; [`CPlatform`] calls
//! them and is a [`Platform`](thimble_platform::Platform). All symbols begin
//! with `thimble_platform_`.
//!
//! What can be checked without the system is checked here, once for all
//! shims: names are one component, options do not contradict each other,
//! ranges stay in their region, lengths fit an `int32_t`. What a shim must
//! check itself is whether a handle is one of its own.
//!
//! The features `wall-clock`, `files` and `sockets` say which optional symbols
//! the adapter refers to; `thimble_platform_capabilities` then tells at run
//! time which of them the system has.
#![no_std]
#![allow(
    unsafe_code,
    reason = "calling C is unsafe; each block says what the header promises"
)]
extern crate alloc;

pub mod abi;
mod clock;
mod condition;
mod console;
#[cfg(feature = "files")]
mod file;
#[cfg(feature = "files")]
mod file_symbols;
mod memory;
mod mutex;
mod platform;
mod poll;
mod random;
#[cfg(feature = "sockets")]
mod socket;
mod status;
mod text;
mod thread;
mod wake;

pub use platform::CPlatform;
pub use status::done as check;

//! WASI preview1: descriptors, rights, paths and time for guests, over any system
//! that keeps the platform contract.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

mod errno;
mod functions;
mod guest;
mod path;
mod rights;
mod stream;
mod types;
mod vectors;

pub use errno::{Errno, Failure};

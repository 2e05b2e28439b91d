//! WebAssembly as bytes: operators, streaming decoder, validator, types and limits.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

pub mod fallible;

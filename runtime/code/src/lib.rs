//! Internal code: operations, the translator from WebAssembly, the image format.
#![no_std]
#![deny(unsafe_code)]
extern crate alloc;

pub mod disassemble;
pub mod image;
pub mod operation;
mod sort;
mod translate;

pub use translate::{Config, translate, translate_into};

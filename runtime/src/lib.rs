//! Thimble: a WebAssembly runtime for real-time operating systems.
//!
//! A [`Module`] is validated and translated once, to an image that is executed
//! where it lies; a [`Store`] holds the instances, a [`Linker`] resolves their
//! imports. The names are those that users of wasmi and wasmtime know.
//!
//! ```
//! use thimble::{Engine, Linker, Module, Store};
//!
//! # fn main() -> Result<(), thimble::Error> {
//! // (module (import "env" "twice" (func (param i32) (result i32)))
//! //         (func (export "run") (param i32) (result i32) local.get 0 call 0))
//! let bytes = b"\0asm\x01\0\0\0\x01\x06\x01\x60\x01\x7f\x01\x7f\x02\x0d\x01\x03env\x05twice\0\0\
//!               \x03\x02\x01\0\x07\x07\x01\x03run\0\x01\x0a\x08\x01\x06\0\x20\0\x10\0\x0b";
//! let engine = Engine::default();
//! let module = Module::new(&engine, bytes)?;
//! let mut store = Store::new(&engine, ())?;
//! let mut linker = Linker::new(&engine);
//! linker.func("env", "twice", |number: i32| number * 2)?;
//! let instance = linker.instantiate(&mut store, &module)?;
//! let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
//! assert_eq!(run.call(&mut store, 21)?, 42);
//! # Ok(())
//! # }
//! ```
#![no_std]
#![forbid(unsafe_code)]

/// Internal code and images: what the translator makes and the machine executes.
pub use thimble_code as code;
#[doc(inline)]
pub use thimble_vm::*;
/// WASI preview1.
#[cfg(feature = "wasi")]
pub use thimble_wasi as wasi;
/// The streaming decoder and validator.
pub use thimble_wasm as wasm;

//! Thimble for firmware in C: `include/thimble.h` says what there is.
//!
//! | file | what |
//! |---|---|
//! | `abi.rs` | the structures of the header |
//! | `error.rs`, `error_text.rs` | errors as numbers, and in words |
//! | `arguments.rs`, `signature.rs` | what a caller passes, checked |
//! | `module.rs` | modules, and who uses them |
//! | `instance.rs`, `make.rs`, `run.rs`, `control.rs` | instances: from making to running to stopping |
//! | `native.rs` | functions of the firmware |
//! | `program.rs`, `wasi.rs`, `wasi_disabled.rs`, `stream.rs`, `lines.rs` | programs, and what they have of WASI |
//! | `memory.rs` | a guest's memory |
#![no_std]
#![allow(
    unsafe_code,
    reason = "called from C; each block says what the header asks for"
)]
extern crate alloc;

pub mod abi;
mod arguments;
mod control;
mod error;
mod error_text;
mod instance;
#[cfg(all(feature = "wasi", feature = "console-lines"))]
mod lines;
mod make;
mod memory;
mod module;
mod native;
mod program;
mod run;
mod signature;
#[cfg(feature = "wasi")]
mod stream;
#[cfg_attr(not(feature = "wasi"), path = "wasi_disabled.rs")]
mod wasi;

pub use error::Kind;

//! The virtual machine: store, instances, memories, execution, traps, fuel and
//! host functions.
//!
//! The names are those that users of wasmi and wasmtime know. Everything that
//! allocates can fail and returns an [`Error`].
#![no_std]
#![deny(unsafe_code)]
extern crate alloc;

mod engine;
mod error;
mod execute;
mod func;
mod host;
mod host_table;
mod inner;
mod instance;
mod items;
mod limits;
mod linker;
mod memory;
mod module;
mod monitor;
mod semantics;
mod shared;
mod store;
mod table;
mod trap;
mod values;

pub use engine::{Config, Engine};
pub use error::Error;
pub use execute::Dispatch;
pub use func::{Func, FuncType, Invocation, Suspension, TypedFunc};
pub use host::{Caller, HostResult, IntoHostFunction, WithCaller};
pub use host_table::{HostFunctionType, HostTable};
pub use inner::Frame;
pub use instance::{Extern, Instance};
pub use items::{Global, Memory, Table};
pub use limits::Limits;
pub use linker::Linker;
pub use module::{Module, TrustedImage};
pub use monitor::{InterruptHandle, Monitor};
pub use store::{AsContext, AsContextMut, Store};
pub use thimble_wasm::fallible;
pub use thimble_wasm::{GlobalType, MemoryType, TableType, ValueType};
pub use trap::Trap;
pub use values::{CellReader, CellWriter, ExternRef, Val, WasmType, WasmTypes};

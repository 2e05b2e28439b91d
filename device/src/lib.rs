//! What the firmware of a device does with programs: start, stop and watch them,
//! install them, and the shell command for it.
//!
//! It is the same on every RTOS: a back end implements [`Device`], makes one
//! [`Processes`], and hands each line of its shell to [`command::execute`].
//!
//! | | |
//! |---|---|
//! | [`device`] | what the firmware offers beside the platform contract |
//! | [`load`], [`module`] | from a name, a file, bytes to what can be executed |
//! | [`process`] | programs that run |
//! | [`storage`] | installed programs: images in files or in a flash partition |
//! | [`command`] | the command `wasm` |
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod boxed;
pub mod command;
pub mod device;
mod guarded;
pub mod load;
mod message;
pub mod module;
pub mod process;
pub mod storage;

pub use device::{BuiltIn, Content, Device, Heap, Settings, Streams, Usage};
pub use process::{
    Ending, ProcessError, ProcessId, Processes, Request, StartError, State, Status, Watch,
};
pub use storage::{Installed, Storage, StorageError};

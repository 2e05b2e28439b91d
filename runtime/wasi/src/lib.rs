//! WASI preview1: descriptors, rights, paths and time for guests, over any system
//! that keeps the platform contract.
//!
//! A [`WasiContext`] is one program's side of it, and has a method for each of the
//! [`FUNCTIONS`]. The meaning of every function is here, once: the table of descriptors and
//! their rights, preopened directories, paths that cannot leave them, positions, listing,
//! waiting. The system below opens a component, reads at an offset, lists.
//!
//! | file | what |
//! |---|---|
//! | `context.rs` | a program's context and how it is made |
//! | `functions.rs` | the list of all functions |
//! | `guest.rs`, `vectors.rs` | the guest's memory, and buffers scattered in it |
//! | `types.rs`, `records.rs`, `errno.rs`, `rights.rs` | the values of the specification |
//! | `table.rs`, `descriptor.rs`, `handle.rs` | descriptors and what they stand for |
//! | `path.rs`, `resolve.rs`, `open.rs` | from a path to an open file |
//! | `transfer.rs`, `stream.rs` | reading and writing |
//! | `file.rs`, `attributes.rs`, `directory.rs`, `names.rs` | the file system |
//! | `clock.rs`, `poll.rs`, `random.rs`, `socket.rs`, `process.rs`, `arguments.rs` | the rest |
//! | `limits.rs` | every limit |
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

mod arguments;
mod attributes;
mod clock;
mod context;
mod descriptor;
mod directory;
mod errno;
mod file;
mod functions;
mod guest;
mod handle;
pub mod limits;
mod link;
mod names;
mod open;
mod path;
mod poll;
mod process;
mod random;
pub mod records;
mod resolve;
mod rights;
mod socket;
mod stream;
mod table;
mod transfer;
pub mod types;
mod vectors;

pub use context::{WasiContext, WasiContextBuilder};
pub use errno::{Errno, Failure};
pub use functions::{FUNCTIONS, Function, MODULE, ParameterType};
pub use guest::{GuestMemory, GuestPtr, GuestValue};
pub use link::add_to_linker;
pub use rights::Rights;
pub use stream::{Empty, InputStream, OutputStream, Sink};

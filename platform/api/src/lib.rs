//! The contract between Thimble and the system below it.
//!
//! A *back end* implements [`Platform`] for one system: Linux, an RTOS, a
//! test double. Everything above uses `&dyn Platform` and nothing else of the
//! system. The contract is small on purpose: a back end opens, reads at an
//! offset and lists; positions, append, path resolution and rights are kept
//! once, by the caller.
//!
//! # Mandatory and optional
//!
//! Each capability is one trait in a file of its own.
//!
//! | capability | trait | file | |
//! |---|---|---|---|
//! | threads | [`Threads`] | `thread.rs` | mandatory |
//! | mutual exclusion | [`Mutexes`] | `mutex.rs` | mandatory |
//! | conditions with a timeout | [`Conditions`] | `condition.rs` | mandatory |
//! | monotonic time | [`Clock`] | `clock.rs` | mandatory |
//! | cryptographic random | [`Random`] | `random.rs` | mandatory |
//! | console streams | [`Console`] | `console.rs` | mandatory |
//! | memory mapping | [`Memory`] | `memory.rs` | mandatory |
//! | ending a blocked wait | [`Wakes`] | `wake.rs` | mandatory |
//! | waiting for readiness | [`Poll`] | `poll.rs` | mandatory |
//! | wall clock | [`WallClock`] | `clock.rs` | optional |
//! | files | [`Files`] | `file.rs` | optional |
//! | stream sockets | [`Sockets`] | `socket.rs` | optional |
//!
//! A back end that lacks an optional capability answers `None`; it never
//! installs a stub that pretends. Peripherals (pins, buses, converters) are
//! foreseen as a further optional capability, expressed in the traits of
//! `embedded-hal`.
//!
//! # Blocking
//!
//! [`Poll::poll`] is the one place where a caller waits for the outside: it
//! waits for streams, files and sockets, for time to pass (no entries, a
//! timeout), or for a wake. The caller polls before each operation that could
//! block, with the wake object of the program it serves, so that any program
//! can be ended from another thread. Sockets never block at all
//! ([`ErrorKind::WouldBlock`]); [`Console::read`] does not block after poll
//! said it is ready.
//!
//! # Handles
//!
//! Objects of the system are named by small copyable handles
//! ([`FileHandle`], [`SocketHandle`], …). Whoever got a handle closes it
//! exactly once. A back end checks every handle it is given and answers
//! [`ErrorKind::BadDescriptor`] to one that it has not handed out or that was
//! closed; it never reaches memory through an unchecked handle. So a wrong
//! handle is an error, never undefined behaviour. A number may be issued again
//! once it was closed; a back end that counts the uses of each slot within the
//! number catches stale handles even then.
//!
//! # Time
//!
//! Durations and points in time are `u64` nanoseconds. `None` for a timeout
//! means without end; `Some(0)` means do not wait.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

mod clock;
mod condition;
mod console;
mod error;
mod file;
mod handle;
mod memory;
mod mutex;
mod platform;
mod poll;
mod random;
mod socket;
#[cfg(feature = "testing")]
pub mod testing;
mod thread;
mod wake;

pub use clock::{Clock, WallClock};
pub use condition::{Conditions, WaitOutcome};
pub use console::{Console, Stream};
pub use error::{Error, ErrorKind, Result};
pub use file::{DirectoryEntry, FileKind, Files, ListControl, Metadata, OpenOptions, TimeChange};
pub use handle::{
    ConditionHandle, FileHandle, MutexHandle, SocketHandle, ThreadHandle, WakeHandle,
};
pub use memory::{Memory, Region};
pub use mutex::Mutexes;
pub use platform::Platform;
pub use poll::{Interest, Poll, PollEntry, PollOutcome, PollTarget, Readiness};
pub use random::Random;
pub use socket::{Shutdown, Sockets};
pub use thread::{Task, ThreadOptions, Threads};
pub use wake::Wakes;

//! The suite that every back end passes, on its own system.
//!
//! It needs neither `std` nor a test harness: [`run`] takes a platform and
//! reports each case by name, so that a device can print them.
//!
//! ```text
//! let summary = run(&config, &mut |name, outcome| print(name, outcome));
//! assert(summary.failed == 0);
//! ```
//!
//! A case is skipped, with a reason, only where the contract lets a back end
//! lack what it tries: an optional capability, links, times, executable
//! memory. One run at a time: cases share state with threads in statics.
#![no_std]

mod clock;
mod condition;
mod console;
mod file;
mod file_data;
mod file_link;
mod file_list;
mod file_name;
mod file_open;
mod file_time;
mod memory;
mod mutex;
mod outcome;
mod poll;
mod random;
mod run;
mod socket;
mod socket_state;
mod socket_wait;
mod thread;
mod wake;

pub use outcome::{Failure, Outcome};
pub use run::{Config, Summary, names, run};

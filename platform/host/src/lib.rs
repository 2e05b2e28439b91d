//! The platform contract on Linux, over `std` and `rustix`.
//!
//! The reference back end: what it does is what the contract means. Files are
//! reached one component at a time with `O_NOFOLLOW`, so nothing here resolves
//! a path except [`Files::open_root`](thimble_platform::Files::open_root),
//! which the embedder calls.
#![allow(
    clippy::disallowed_methods,
    reason = "std's threads and reference counts have no constructor that can \
              fail; everything whose size a caller chooses is reserved fallibly"
)]

mod clock;
mod condition;
mod console;
mod error;
mod file;
mod file_list;
mod file_open;
mod memory;
mod mutex;
mod platform;
mod poll;
mod random;
mod socket;
mod table;
mod thread;
mod wake;

pub use platform::Host;

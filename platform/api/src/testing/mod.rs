//! Decorators of a platform, for tests.
//!
//! They take any [`Platform`](crate::Platform) and are one, so they work on
//! every back end.

mod fault;
mod fault_file;
mod fault_socket;
mod fault_system;

pub use fault::{Call, FaultInjector};

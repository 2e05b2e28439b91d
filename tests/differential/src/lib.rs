//! Executes a module on Thimble and on wasmi and compares all that can be seen:
//! results, traps, the calls of host functions with their arguments, and at the
//! end memories, tables and globals.
//!
//! [`generate`] makes modules, [`compare`] executes one on both machines.

// Runs on a developer's machine, where an allocation that fails may abort; a
// module that cannot be compared is a failed test, which a panic reports.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing
)]

#[cfg(test)]
mod altered;
mod arguments;
pub mod compare;
mod fuel_export;
pub mod generate;
mod host;
mod outcome;
mod random;
mod thimble_machine;
mod wasmi_machine;

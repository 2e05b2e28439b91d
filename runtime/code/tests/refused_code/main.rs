//! Code that the verifier refuses, rule by rule, each beside code that it accepts.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod calls;
mod cost;
mod references;
mod structure;
#[path = "../support/mod.rs"]
mod support;
mod values;
mod writing;

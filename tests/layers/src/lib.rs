//! The rules of the layers, each a function from what is there to the list of what is wrong. `tests/tree.rs`
//! applies them to this repository; the tests beside each rule prove that it finds what it is meant to find.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

pub mod edges;
pub mod rust_code;
pub mod tree;
pub mod words;
pub mod workspace;

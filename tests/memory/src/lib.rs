//! What the tests of memory share: an allocator that fails when it is told to,
//! and the sweep over all allocations of a scenario.

// Runs on a developer's machine; a check that cannot be made fails.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::expect_used,
    clippy::panic
)]

pub mod allocator;
pub mod modules;
pub mod roomy;
pub mod sweep;

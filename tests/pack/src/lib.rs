//! Runs the specification suite on devices: from packs, which are the suite's
//! scripts as bytes, with all modules in binary form.
//!
//! `thimble-tests-spec` writes packs; [`format`](mod@format) says how they look.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

mod command;
pub mod format;
pub mod messages;
mod pack;
mod pattern;
mod problem;
mod reader;
mod runner;
pub mod spectest;

pub use pack::{Summary, left_out, run, stated};
pub use pattern::{Pattern, Patterns};
pub use problem::{Failure, Problem};
pub use reader::Damaged;

use thimble::Limits;

/// How a pack is run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// What each part of a file may take.
    pub limits: Limits,
    /// Whether each module is written to an image, which is then loaded through the
    /// verifier.
    pub images: bool,
}

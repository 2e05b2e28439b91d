//! What can be wrong with a command.

use alloc::vec::Vec;

use thimble::fallible::OutOfMemory;
use thimble::{Error, Val};

use crate::pattern::Patterns;
use crate::reader::Damaged;

/// A command that did not do what the suite says, and where it stands.
#[derive(Debug)]
pub struct Failure<'a> {
    /// The file of the suite.
    pub file: &'a str,
    /// The line on which the command begins.
    pub line: u32,
    /// What is wrong.
    pub problem: Problem<'a>,
}

/// What is wrong with a command.
#[derive(Debug)]
pub enum Problem<'a> {
    /// The pack cannot be read further.
    Damaged,
    /// The command means something that does not exist.
    Missing {
        /// What kind of thing.
        what: &'static str,
        /// Its name; the latest if empty.
        name: &'a str,
    },
    /// An error instead of success.
    Failed(Error),
    /// An error other than that expected.
    FailedOtherwise {
        /// The error.
        error: Error,
        /// The suite's message of the error expected.
        expected: &'a str,
    },
    /// Success instead of an error.
    Succeeded {
        /// The suite's message of the error expected.
        expected: &'a str,
    },
    /// Other results.
    Results {
        /// What came.
        results: Vec<Val>,
        /// What was expected.
        expected: Patterns<'a>,
    },
}

impl From<Damaged> for Problem<'_> {
    fn from(_: Damaged) -> Self {
        Self::Damaged
    }
}

impl From<Error> for Problem<'_> {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<OutOfMemory> for Problem<'_> {
    fn from(error: OutOfMemory) -> Self {
        Self::Failed(error.into())
    }
}

impl core::fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.problem)
    }
}

impl core::fmt::Display for Problem<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Damaged => Damaged.fmt(f),
            Self::Missing { what, name: "" } => write!(f, "no {what}"),
            Self::Missing { what, name } => write!(f, "no {what} `{name}`"),
            Self::Failed(error) => error.fmt(f),
            Self::FailedOtherwise { error, expected } => write!(f, "`{error}`, not `{expected}`"),
            Self::Succeeded { expected } => write!(f, "success, not `{expected}`"),
            Self::Results { results, expected } => write!(f, "{results:x?}, not {expected:x?}"),
        }
    }
}

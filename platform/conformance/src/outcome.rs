//! What becomes of a case.

use core::fmt;
use core::panic::Location;

use thimble_platform::{Error, ErrorKind};

/// What was wrong, and where the suite noticed.
#[derive(Clone, Copy, Debug)]
pub struct Failure {
    /// What should have been.
    pub expected: &'static str,
    /// The error that came instead, if one did.
    pub error: Option<Error>,
    /// The place in the suite.
    pub place: &'static Location<'static>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}", self.place, self.expected)?;
        match self.error {
            Some(error) => write!(f, ", got error: {error}"),
            None => Ok(()),
        }
    }
}

/// What became of a case.
#[derive(Clone, Copy, Debug)]
pub enum Outcome {
    /// The back end does as the contract says.
    Passed,
    /// The back end lacks what the case tries, as it may; and why.
    Skipped(&'static str),
    /// The back end does something else.
    Failed(Failure),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Passed => f.write_str("passed"),
            Outcome::Skipped(why) => write!(f, "skipped: {why}"),
            Outcome::Failed(failure) => write!(f, "FAILED: {failure}"),
        }
    }
}

/// Why a case ended early.
pub(crate) enum Stop {
    Skipped(&'static str),
    Failed(Failure),
}

/// How a case ends.
pub(crate) type Result<T = ()> = core::result::Result<T, Stop>;

impl From<Error> for Stop {
    #[track_caller]
    fn from(error: Error) -> Stop {
        Stop::Failed(Failure {
            expected: "success",
            error: Some(error),
            place: Location::caller(),
        })
    }
}

/// Fails the case unless `condition` holds.
#[track_caller]
pub(crate) fn check(condition: bool, expected: &'static str) -> Result {
    if condition {
        return Ok(());
    }
    Err(Stop::Failed(Failure {
        expected,
        error: None,
        place: Location::caller(),
    }))
}

/// Fails the case unless `result` is an error of this kind.
#[track_caller]
pub(crate) fn fails<T>(result: thimble_platform::Result<T>, kind: ErrorKind) -> Result {
    let error = match result {
        Err(error) if error.kind() == kind => return Ok(()),
        Err(error) => Some(error),
        Ok(_) => None,
    };
    Err(Stop::Failed(Failure {
        expected: kind.message(),
        error,
        place: Location::caller(),
    }))
}

/// The value of `result`; skips the case where it is not supported.
#[track_caller]
pub(crate) fn supported<T>(result: thimble_platform::Result<T>, why: &'static str) -> Result<T> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotSupported => Err(Stop::Skipped(why)),
        other => Ok(other?),
    }
}

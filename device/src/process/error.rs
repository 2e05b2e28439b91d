//! Why something cannot be done.

use thimble_platform::{Error, ErrorKind};

/// Why a program was not started. What is wrong with its module is found later, on its
/// own thread, and written to its standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartError {
    /// Nothing of that name is in the firmware, nor is there anything else to look in.
    NotFound,
    /// As many as can run do.
    TooMany,
    /// It was to get more directories than the settings allow.
    TooManyDirectories,
    /// There was no memory.
    OutOfMemory,
    /// The priority is not one of those allowed.
    Priority,
    /// A text has a NUL in it, or is not what it should be.
    Text,
    /// The system below refused.
    Platform(Error),
}

impl From<Error> for StartError {
    fn from(error: Error) -> Self {
        match error.kind() {
            ErrorKind::OutOfMemory => Self::OutOfMemory,
            _ => Self::Platform(error),
        }
    }
}

impl From<thimble::fallible::OutOfMemory> for StartError {
    fn from(_: thimble::fallible::OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

impl From<alloc::collections::TryReserveError> for StartError {
    fn from(_: alloc::collections::TryReserveError) -> Self {
        Self::OutOfMemory
    }
}

/// Why something cannot be done with a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProcessError {
    /// There is none with this number, or nothing is known of it any more; for
    /// [`Processes::stop`](super::Processes::stop), it has ended.
    NotFound,
    /// The system below failed.
    Platform(Error),
}

impl From<Error> for ProcessError {
    fn from(error: Error) -> Self {
        Self::Platform(error)
    }
}

//! Why a storage refuses.

use core::fmt;

use thimble_platform::ErrorKind;

use super::NAME_LENGTH;

/// Why a storage refused.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum StorageError {
    /// No program of that name is installed.
    NotFound,
    /// The name is empty, longer than [`NAME_LENGTH`], or has other characters than
    /// letters, digits, `.`, `_` and `-`, or begins with `.`.
    Name,
    /// The program runs, or one is being installed.
    Busy,
    /// There is no room.
    Full,
    /// The bytes to be installed could not be read. The cause stays with their source.
    Source,
    /// The program was refused.
    Program(thimble::Error),
    /// The medium failed.
    Platform(thimble_platform::Error),
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("no such program"),
            Self::Name => write!(
                f,
                "not a name of a program: 1 to {NAME_LENGTH} of A-Z a-z 0-9 . _ -, and not . first"
            ),
            Self::Busy => f.write_str("in use"),
            Self::Full => f.write_str("no room"),
            Self::Source => f.write_str("the program could not be read"),
            Self::Program(error) => error.fmt(f),
            Self::Platform(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for StorageError {}

impl From<thimble_platform::Error> for StorageError {
    fn from(error: thimble_platform::Error) -> Self {
        match error.kind() {
            ErrorKind::NoSpace | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Self::Full,
            ErrorKind::Busy => Self::Busy,
            _ => Self::Platform(error),
        }
    }
}

impl From<ErrorKind> for StorageError {
    fn from(kind: ErrorKind) -> Self {
        thimble_platform::Error::new(kind).into()
    }
}

impl From<thimble::Error> for StorageError {
    fn from(error: thimble::Error) -> Self {
        match error {
            thimble::Error::Module(module) if module.kind() == thimble::wasm::ErrorKind::Source => {
                Self::Source
            }
            _ => Self::Program(error),
        }
    }
}

impl From<thimble::code::image::ImageError> for StorageError {
    fn from(error: thimble::code::image::ImageError) -> Self {
        Self::Program(error.into())
    }
}

impl From<thimble::fallible::OutOfMemory> for StorageError {
    fn from(error: thimble::fallible::OutOfMemory) -> Self {
        Self::Program(error.into())
    }
}

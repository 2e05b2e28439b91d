//! Errors of the virtual machine.

use thimble_code::image::ImageError;
use thimble_wasm::fallible::OutOfMemory;

use crate::trap::Trap;

/// Why an operation on modules, stores or functions failed.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not a valid module; says where.
    Module(thimble_wasm::Error),
    /// The image was refused.
    Image(ImageError),
    /// Execution ended early. [`Store::backtrace`](crate::Store::backtrace) says where.
    Trap(Trap),
    /// The guest asked to end with this status.
    Exit(i32),
    /// A host function suspended the run, which was not called resumably.
    Suspended,
    /// A host function failed with a code of the embedder's.
    Host(i32),
    /// An import is not defined: its position among the imports.
    UnknownImport {
        /// The position, from 0.
        index: u32,
    },
    /// An import is defined with another type: its position among the imports.
    IncompatibleImport {
        /// The position, from 0.
        index: u32,
    },
    /// The allocator had no room.
    OutOfMemory,
    /// A limit of the engine was reached; says which.
    Limit(&'static str),
    /// The embedder used an item wrongly: a handle of another store, arguments
    /// of the wrong type; says what is wrong.
    Usage(&'static str),
}

impl Error {
    /// The trap, if execution ended by one.
    #[must_use]
    pub const fn trap(&self) -> Option<Trap> {
        match self {
            Self::Trap(trap) => Some(*trap),
            _ => None,
        }
    }

    /// The status, if the guest asked to end.
    #[must_use]
    pub const fn exit_status(&self) -> Option<i32> {
        match self {
            Self::Exit(status) => Some(*status),
            _ => None,
        }
    }

    /// The error that ends the guest with a status, for a host function to return.
    #[must_use]
    pub const fn exit(status: i32) -> Self {
        Self::Exit(status)
    }

    /// The error of a host function that was woken because the guest is to stop.
    #[must_use]
    pub const fn interrupted() -> Self {
        Self::Trap(Trap::Interrupted)
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Module(error) => error.fmt(f),
            Self::Image(error) => error.fmt(f),
            Self::Trap(trap) => trap.fmt(f),
            Self::Exit(status) => write!(f, "exit with status {status}"),
            Self::Suspended => f.write_str("suspended by a host function"),
            Self::Host(code) => write!(f, "a host function failed with code {code}"),
            Self::UnknownImport { index } => write!(f, "unknown import (number {index})"),
            Self::IncompatibleImport { index } => {
                write!(f, "incompatible import type (number {index})")
            }
            Self::OutOfMemory => f.write_str("out of memory"),
            Self::Limit(what) => write!(f, "limit reached: {what}"),
            Self::Usage(what) => f.write_str(what),
        }
    }
}

impl core::error::Error for Error {}

impl From<thimble_wasm::Error> for Error {
    fn from(error: thimble_wasm::Error) -> Self {
        if error.kind() == thimble_wasm::ErrorKind::OutOfMemory {
            Self::OutOfMemory
        } else {
            Self::Module(error)
        }
    }
}

impl From<ImageError> for Error {
    fn from(error: ImageError) -> Self {
        if error == ImageError::OutOfMemory {
            Self::OutOfMemory
        } else {
            Self::Image(error)
        }
    }
}

impl From<Trap> for Error {
    fn from(trap: Trap) -> Self {
        Self::Trap(trap)
    }
}

impl From<OutOfMemory> for Error {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_a_few_words() {
        assert!(size_of::<Error>() <= 40, "{}", size_of::<Error>());
    }
}

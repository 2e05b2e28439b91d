//! Why a module is refused.

use core::fmt;

use crate::fallible::OutOfMemory;

/// The kinds of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes do not follow the binary format (chapter 5), or use a feature
    /// that is not supported.
    Malformed,
    /// The module breaks a rule of validation (chapter 3).
    Invalid,
    /// The module exceeds one of the [`Limits`](crate::Limits).
    Limit,
    /// The allocator had no room.
    OutOfMemory,
    /// The [`Source`](crate::Source) failed.
    Source,
}

/// Why a module was refused, and where.
///
/// The message begins with the words of the specification's test suite where
/// it has some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    offset: u64,
    message: &'static str,
}

impl Error {
    pub(crate) const fn new(failure: Failure, offset: u64) -> Self {
        Self {
            kind: failure.kind(),
            offset,
            message: failure.message(),
        }
    }

    /// The refusal of a module of which nothing was read, as the allocator had no room.
    pub const fn out_of_memory() -> Self {
        Self::new(crate::fault::OUT_OF_MEMORY, 0)
    }

    /// What kind of refusal this is.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Where the item at fault starts, in bytes from the start of the module.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// What is wrong, without the offset.
    pub const fn message(&self) -> &'static str {
        self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at offset {:#x}: {}", self.offset, self.message)
    }
}

impl core::error::Error for Error {}

/// Why a [`Visitor`](crate::Visitor) cannot go on; the decoder adds the offset.
///
/// It is one pointer, so that a result with it fits in a register: decoding and
/// translating consist of calls that return one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure(&'static (ErrorKind, &'static str));

impl Failure {
    /// A failure of this kind, with what is wrong.
    pub const fn new(reason: &'static (ErrorKind, &'static str)) -> Self {
        Self(reason)
    }

    /// What kind of refusal this is.
    pub const fn kind(self) -> ErrorKind {
        self.0.0
    }

    /// What is wrong.
    pub const fn message(self) -> &'static str {
        self.0.1
    }
}

impl From<OutOfMemory> for Failure {
    fn from(_: OutOfMemory) -> Self {
        crate::fault::OUT_OF_MEMORY
    }
}

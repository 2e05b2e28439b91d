//! What can go wrong below: a portable kind, and the system's own number.

use core::fmt;

/// The result of a call into the system below.
pub type Result<T> = core::result::Result<T, Error>;

macro_rules! error_kinds {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $message:literal;)*) => {
        /// The portable kind of an [`Error`].
        ///
        /// The numbers are part of the C form of the contract and never
        /// change; 0 is never a kind.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[$doc])* $name = $number,)*
        }

        impl ErrorKind {
            /// Every kind, in the order of the numbers.
            pub const ALL: &'static [ErrorKind] = &[$(ErrorKind::$name,)*];

            /// The kind with this number, if there is one.
            pub const fn from_number(number: u8) -> Option<ErrorKind> {
                match number {
                    $($number => Some(ErrorKind::$name),)*
                    _ => None,
                }
            }

            /// A short English message, without a full stop.
            pub const fn message(self) -> &'static str {
                match self {
                    $(ErrorKind::$name => $message,)*
                }
            }
        }
    };
}

error_kinds! {
    /// An error that fits no other kind.
    Other = 1, "other error";
    /// No object of that name.
    NotFound = 2, "not found";
    /// An object of that name is there already.
    AlreadyExists = 3, "already exists";
    /// A directory was expected.
    NotDirectory = 4, "not a directory";
    /// Something other than a directory was expected.
    IsDirectory = 5, "is a directory";
    /// The directory still has entries.
    NotEmpty = 6, "directory not empty";
    /// The object's permissions do not allow this access.
    PermissionDenied = 7, "permission denied";
    /// The operation is not allowed to this caller, or not on this object.
    NotPermitted = 8, "operation not permitted";
    /// An argument is outside what the call's documentation allows.
    InvalidArgument = 9, "invalid argument";
    /// The medium is full.
    NoSpace = 10, "no space left on device";
    /// The medium or device failed.
    Io = 11, "input/output error";
    /// The object cannot have more links.
    TooManyLinks = 12, "too many links";
    /// The name is a symbolic link, which this call never follows.
    Loop = 13, "is a symbolic link";
    /// The name is longer than the file system can hold.
    NameTooLong = 14, "name too long";
    /// The back end or the medium cannot do this.
    NotSupported = 15, "not supported";
    /// The call would have to wait; poll, then try again.
    WouldBlock = 16, "would block";
    /// The call was ended by a wake or a signal before it did anything.
    Interrupted = 17, "interrupted";
    /// The time allowed is over.
    TimedOut = 18, "timed out";
    /// Nobody is left to read what is written.
    BrokenPipe = 19, "broken pipe";
    /// The other side reset the connection.
    ConnectionReset = 20, "connection reset";
    /// The connection was given up by the system below.
    ConnectionAborted = 21, "connection aborted";
    /// Nobody listens at the address.
    ConnectionRefused = 22, "connection refused";
    /// The socket has no connection.
    NotConnected = 23, "not connected";
    /// Another socket has the address.
    AddressInUse = 24, "address in use";
    /// The address is not one of this system.
    AddressNotAvailable = 25, "address not available";
    /// No memory for what the call needs.
    OutOfMemory = 26, "out of memory";
    /// No free handle.
    TooManyOpen = 27, "too many open handles";
    /// Source and target are on different file systems.
    CrossesDevices = 28, "crosses devices";
    /// The file system cannot be written to.
    ReadOnly = 29, "read-only file system";
    /// The file would become larger than it can be.
    FileTooLarge = 30, "file too large";
    /// The object is in use.
    Busy = 31, "busy";
    /// The handle is unknown, closed, or not open for this access.
    BadDescriptor = 32, "bad descriptor";
    /// The object has no positions.
    NotSeekable = 33, "not seekable";
    /// The caller already holds what it asks for.
    Deadlock = 34, "would deadlock";
    /// The wall clock has not been set since the system started.
    NotSet = 35, "not set";
    /// A name is not valid UTF-8 where it must be.
    IllegalSequence = 36, "illegal byte sequence";
    /// A number does not fit the type that must carry it.
    Overflow = 37, "value too large";
    /// No route to the network or host.
    Unreachable = 38, "unreachable";
    /// The device is gone.
    NoDevice = 39, "no such device";
    /// The caller has used up its quota.
    QuotaExceeded = 40, "quota exceeded";
    /// The connection is being made.
    InProgress = 41, "in progress";
    /// The object is not a socket.
    NotSocket = 42, "not a socket";
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

/// An error of the system below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    code: i32,
}

impl Error {
    /// An error that has no number in the system below.
    pub const fn new(kind: ErrorKind) -> Error {
        Error { kind, code: 0 }
    }

    /// An error with the number that the system below gives it, such as a
    /// positive `errno`.
    pub const fn with_code(kind: ErrorKind, code: i32) -> Error {
        Error { kind, code }
    }

    /// The portable kind, on which callers decide.
    pub const fn kind(self) -> ErrorKind {
        self.kind
    }

    /// The number of the system below, for people; 0 when it has none.
    pub const fn code(self) -> i32 {
        self.code
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Error {
        Error::new(kind)
    }
}

impl From<alloc::collections::TryReserveError> for Error {
    fn from(_: alloc::collections::TryReserveError) -> Error {
        Error::new(ErrorKind::OutOfMemory)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.message())?;
        if self.code != 0 {
            write!(f, " (code {})", self.code)?;
        }
        Ok(())
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::{Error, ErrorKind};

    #[test]
    fn numbers_are_dense_unique_and_never_zero() {
        assert_eq!(ErrorKind::from_number(0), None);
        for (index, kind) in ErrorKind::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, index + 1);
            assert_eq!(ErrorKind::from_number(*kind as u8), Some(*kind));
        }
    }

    #[test]
    fn an_error_is_two_words_at_most() {
        assert!(size_of::<Error>() <= 8);
        assert!(size_of::<Result<(), Error>>() <= 8);
    }
}

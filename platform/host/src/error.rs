//! From Linux's error numbers to the contract's kinds.

use rustix::io::Errno;
use thimble_platform::{Error, ErrorKind};

/// The contract's error for a number of Linux.
pub(crate) fn from_errno(errno: Errno) -> Error {
    Error::with_code(kind(errno), errno.raw_os_error())
}

/// The contract's error for an error of `std`.
pub(crate) fn from_io(error: &std::io::Error) -> Error {
    match error.raw_os_error() {
        Some(code) => from_errno(Errno::from_raw_os_error(code)),
        None => Error::new(ErrorKind::Other),
    }
}

fn kind(errno: Errno) -> ErrorKind {
    match errno {
        Errno::NOENT => ErrorKind::NotFound,
        Errno::EXIST => ErrorKind::AlreadyExists,
        Errno::NOTDIR => ErrorKind::NotDirectory,
        Errno::ISDIR => ErrorKind::IsDirectory,
        Errno::NOTEMPTY => ErrorKind::NotEmpty,
        Errno::ACCESS => ErrorKind::PermissionDenied,
        Errno::PERM => ErrorKind::NotPermitted,
        Errno::INVAL => ErrorKind::InvalidArgument,
        Errno::NOSPC => ErrorKind::NoSpace,
        Errno::IO => ErrorKind::Io,
        Errno::MLINK => ErrorKind::TooManyLinks,
        Errno::LOOP => ErrorKind::Loop,
        Errno::NAMETOOLONG => ErrorKind::NameTooLong,
        Errno::OPNOTSUPP | Errno::NOSYS | Errno::AFNOSUPPORT | Errno::PROTONOSUPPORT => {
            ErrorKind::NotSupported
        }
        Errno::AGAIN => ErrorKind::WouldBlock,
        Errno::INTR => ErrorKind::Interrupted,
        Errno::TIMEDOUT => ErrorKind::TimedOut,
        Errno::PIPE => ErrorKind::BrokenPipe,
        Errno::CONNRESET => ErrorKind::ConnectionReset,
        Errno::CONNABORTED => ErrorKind::ConnectionAborted,
        Errno::CONNREFUSED => ErrorKind::ConnectionRefused,
        Errno::NOTCONN | Errno::DESTADDRREQ => ErrorKind::NotConnected,
        Errno::ADDRINUSE => ErrorKind::AddressInUse,
        Errno::ADDRNOTAVAIL => ErrorKind::AddressNotAvailable,
        Errno::NOMEM | Errno::NOBUFS => ErrorKind::OutOfMemory,
        Errno::MFILE | Errno::NFILE => ErrorKind::TooManyOpen,
        Errno::XDEV => ErrorKind::CrossesDevices,
        Errno::ROFS => ErrorKind::ReadOnly,
        Errno::FBIG => ErrorKind::FileTooLarge,
        Errno::BUSY | Errno::TXTBSY => ErrorKind::Busy,
        Errno::BADF => ErrorKind::BadDescriptor,
        Errno::SPIPE => ErrorKind::NotSeekable,
        Errno::DEADLK => ErrorKind::Deadlock,
        Errno::ILSEQ => ErrorKind::IllegalSequence,
        Errno::OVERFLOW => ErrorKind::Overflow,
        Errno::NETUNREACH | Errno::HOSTUNREACH => ErrorKind::Unreachable,
        Errno::NODEV | Errno::NXIO => ErrorKind::NoDevice,
        Errno::DQUOT => ErrorKind::QuotaExceeded,
        Errno::INPROGRESS | Errno::ALREADY => ErrorKind::InProgress,
        Errno::NOTSOCK => ErrorKind::NotSocket,
        _ => ErrorKind::Other,
    }
}

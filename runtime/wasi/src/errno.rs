//! The error numbers of WASI, and the ways in which a function can fail to return.

use core::fmt;

use thimble_platform as platform;

macro_rules! errnos {
    ($($(#[doc = $text:literal])* $name:ident = $number:literal $word:literal,)*) => {
        /// `errno`: why a WASI function did not do what it was asked.
        ///
        /// Success (number 0) is no value of this type: it is `Ok`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        #[non_exhaustive]
        pub enum Errno {
            $($(#[doc = $text])* $name = $number,)*
        }

        impl Errno {
            /// The name that the WASI specification gives this error.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Errno::$name => $word,)*
                }
            }
        }
    };
}

// The numbers that this implementation can answer; the specification's list is
// longer, for libraries above it.
errnos! {
    /// Argument list too long: a count of vectors or subscriptions beyond the limit.
    Toobig = 1 "2big",
    /// Permission denied by the file system.
    Acces = 2 "acces",
    /// Address in use.
    Addrinuse = 3 "addrinuse",
    /// Address not available.
    Addrnotavail = 4 "addrnotavail",
    /// The operation would block, and the descriptor is non-blocking.
    Again = 6 "again",
    /// No such descriptor, or one that is not open for this operation.
    Badf = 8 "badf",
    /// Device or resource busy.
    Busy = 10 "busy",
    /// Connection aborted.
    Connaborted = 13 "connaborted",
    /// Connection refused.
    Connrefused = 14 "connrefused",
    /// Connection reset by the peer.
    Connreset = 15 "connreset",
    /// Waiting would never end.
    Deadlk = 16 "deadlk",
    /// Quota used up.
    Dquot = 19 "dquot",
    /// File exists.
    Exist = 20 "exist",
    /// A guest address outside the guest's memory.
    Fault = 21 "fault",
    /// File too large.
    Fbig = 22 "fbig",
    /// No route to the host.
    Hostunreach = 23 "hostunreach",
    /// Illegal byte sequence: a path that is not UTF-8.
    Ilseq = 25 "ilseq",
    /// The connection is being made.
    Inprogress = 26 "inprogress",
    /// Interrupted function.
    Intr = 27 "intr",
    /// Invalid argument.
    Inval = 28 "inval",
    /// Input/output error of the device.
    Io = 29 "io",
    /// Is a directory.
    Isdir = 31 "isdir",
    /// Too many levels of symbolic links, or a link that must not be followed.
    Loop = 32 "loop",
    /// No free descriptor in this program's table.
    Mfile = 33 "mfile",
    /// Too many links.
    Mlink = 34 "mlink",
    /// Name too long.
    Nametoolong = 37 "nametoolong",
    /// No free file in the whole system.
    Nfile = 41 "nfile",
    /// No such device.
    Nodev = 43 "nodev",
    /// No such file or directory.
    Noent = 44 "noent",
    /// Not enough memory.
    Nomem = 48 "nomem",
    /// No space left on the device.
    Nospc = 51 "nospc",
    /// The function does not exist here.
    Nosys = 52 "nosys",
    /// The socket is not connected.
    Notconn = 53 "notconn",
    /// Not a directory.
    Notdir = 54 "notdir",
    /// Directory not empty.
    Notempty = 55 "notempty",
    /// Not a socket.
    Notsock = 57 "notsock",
    /// Not supported by the system below.
    Notsup = 58 "notsup",
    /// A number too large for the place it must go to.
    Overflow = 61 "overflow",
    /// Operation not permitted: also a path that leads out of its preopened directory.
    Perm = 63 "perm",
    /// Broken pipe: the reader is gone.
    Pipe = 64 "pipe",
    /// Read-only file system.
    Rofs = 69 "rofs",
    /// The descriptor has no position to move.
    Spipe = 70 "spipe",
    /// Timed out.
    Timedout = 73 "timedout",
    /// Link across devices.
    Xdev = 75 "xdev",
    /// The descriptor lacks the right to do this.
    Notcapable = 76 "notcapable",
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl core::error::Error for Errno {}

impl From<thimble_vm::fallible::OutOfMemory> for Errno {
    fn from(_: thimble_vm::fallible::OutOfMemory) -> Self {
        Errno::Nomem
    }
}

/// Why a WASI function does not return success to the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The guest is told this number and goes on.
    Errno(Errno),
    /// The guest has ended itself with this code (`proc_exit`).
    Exit(u32),
    /// The embedder stops the guest: it must not run on, so there is no number to tell it.
    Interrupted,
}

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Self {
        Failure::Errno(errno)
    }
}

impl From<platform::Error> for Errno {
    fn from(error: platform::Error) -> Self {
        use platform::ErrorKind as Kind;
        match error.kind() {
            Kind::NotFound => Errno::Noent,
            Kind::AlreadyExists => Errno::Exist,
            Kind::NotDirectory => Errno::Notdir,
            Kind::IsDirectory => Errno::Isdir,
            Kind::NotEmpty => Errno::Notempty,
            Kind::PermissionDenied => Errno::Acces,
            Kind::NotPermitted => Errno::Perm,
            Kind::InvalidArgument => Errno::Inval,
            Kind::NoSpace => Errno::Nospc,
            Kind::TooManyLinks => Errno::Mlink,
            Kind::Loop => Errno::Loop,
            Kind::NameTooLong => Errno::Nametoolong,
            // A clock that was never set is as good as none.
            Kind::NotSupported | Kind::NotSet => Errno::Notsup,
            Kind::WouldBlock => Errno::Again,
            Kind::Interrupted => Errno::Intr,
            Kind::TimedOut => Errno::Timedout,
            Kind::BrokenPipe => Errno::Pipe,
            Kind::ConnectionReset => Errno::Connreset,
            Kind::ConnectionAborted => Errno::Connaborted,
            Kind::ConnectionRefused => Errno::Connrefused,
            Kind::NotConnected => Errno::Notconn,
            Kind::AddressInUse => Errno::Addrinuse,
            Kind::AddressNotAvailable => Errno::Addrnotavail,
            Kind::OutOfMemory => Errno::Nomem,
            Kind::TooManyOpen => Errno::Nfile,
            Kind::CrossesDevices => Errno::Xdev,
            Kind::ReadOnly => Errno::Rofs,
            Kind::FileTooLarge => Errno::Fbig,
            Kind::Busy => Errno::Busy,
            Kind::BadDescriptor => Errno::Badf,
            Kind::NotSeekable => Errno::Spipe,
            Kind::Deadlock => Errno::Deadlk,
            Kind::IllegalSequence => Errno::Ilseq,
            Kind::Overflow => Errno::Overflow,
            Kind::Unreachable => Errno::Hostunreach,
            Kind::NoDevice => Errno::Nodev,
            Kind::QuotaExceeded => Errno::Dquot,
            Kind::InProgress => Errno::Inprogress,
            Kind::NotSocket => Errno::Notsock,
            _ => Errno::Io,
        }
    }
}

impl From<platform::Error> for Failure {
    fn from(error: platform::Error) -> Self {
        Failure::Errno(error.into())
    }
}

impl From<thimble_vm::fallible::OutOfMemory> for Failure {
    fn from(_: thimble_vm::fallible::OutOfMemory) -> Self {
        Failure::Errno(Errno::Nomem)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Errno(errno) => errno.fmt(f),
            Failure::Exit(code) => write!(f, "exit with code {code}"),
            Failure::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl core::error::Error for Failure {}

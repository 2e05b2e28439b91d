//! Waiting until something can be read or written, for time, or for a wake.

use crate::{Error, FileHandle, Result, SocketHandle, Stream, WakeHandle};

/// What to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PollTarget {
    /// A console stream.
    Stream(Stream),
    /// A file. Regular files and directories are always ready.
    File(FileHandle),
    /// A socket. A listener is ready to read when a connection can be
    /// accepted; a connecting socket is ready to write when it is connected
    /// or has failed.
    Socket(SocketHandle),
}

/// In which direction the caller wants to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// To read, or to accept.
    Read,
    /// To write.
    Write,
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// The call would block.
    NotReady,
    /// The call would not block.
    Ready {
        /// Bytes that can be read or written without blocking, at most; 0
        /// when the system does not tell, at the end of the stream, and for
        /// regular files, where the caller knows its position.
        bytes: u64,
        /// The other side is gone: what is left can be read, then comes the
        /// end.
        hangup: bool,
    },
    /// The target itself is in error: unknown handle, wrong direction,
    /// failed connection.
    Failed(Error),
}

/// One target to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollEntry {
    /// What to wait for.
    pub target: PollTarget,
    /// In which direction.
    pub interest: Interest,
    /// The answer; what it was before the call does not matter.
    pub readiness: Readiness,
}

impl PollEntry {
    /// An entry that has no answer yet.
    pub const fn new(target: PollTarget, interest: Interest) -> PollEntry {
        PollEntry {
            target,
            interest,
            readiness: Readiness::NotReady,
        }
    }
}

/// Why [`Poll::poll`] came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PollOutcome {
    /// At least one entry is [`Ready`](Readiness::Ready) or
    /// [`Failed`](Readiness::Failed).
    Ready,
    /// The timeout is over and no entry is ready.
    TimedOut,
    /// The wake object is set. Comes before [`Ready`](PollOutcome::Ready);
    /// the entries are then unspecified.
    Woken,
}

/// Waiting. Mandatory, and the only wait that a wake ends.
pub trait Poll: Sync {
    /// Waits until an entry is ready, `wake` is set, or `timeout`
    /// nanoseconds of monotonic time have passed.
    ///
    /// `None` waits without end, `Some(0)` looks and returns. Without
    /// entries it sleeps. It never answers [`PollOutcome::TimedOut`] early.
    /// The wake object stays set until it is cleared. Every entry gets an
    /// answer. Signals of the system below do not end the wait.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadDescriptor`](crate::ErrorKind::BadDescriptor) for an
    /// unknown wake object, [`ErrorKind::OutOfMemory`](crate::ErrorKind::OutOfMemory),
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for
    /// more entries than the back end can wait for at once.
    fn poll(
        &self,
        entries: &mut [PollEntry],
        timeout: Option<u64>,
        wake: Option<WakeHandle>,
    ) -> Result<PollOutcome>;
}

//! Console streams: what a program reads from and writes to by default.

use crate::Result;

/// A stream of a console.
///
/// The three streams of the system's own console are constants. A back end
/// with more than one console, such as one per shell session, issues further
/// streams through an interface of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(transparent)]
pub struct Stream(usize);

impl Stream {
    /// Standard input of the system's console.
    pub const INPUT: Stream = Stream(0);
    /// Standard output of the system's console.
    pub const OUTPUT: Stream = Stream(1);
    /// Standard error of the system's console.
    pub const ERROR: Stream = Stream(2);

    /// The stream with this number; for back ends.
    pub const fn from_raw(raw: usize) -> Stream {
        Stream(raw)
    }

    /// The number; for back ends.
    pub const fn raw(self) -> usize {
        self.0
    }
}

/// Console streams. Mandatory.
///
/// Streams need no closing. An unknown stream, or one of the other direction,
/// is [`ErrorKind::BadDescriptor`](crate::ErrorKind::BadDescriptor).
pub trait Console: Sync {
    /// Reads at least one byte into `buffer` and returns how many; 0 is the
    /// end of the stream, or an empty `buffer`.
    ///
    /// Blocks while there is nothing to read; poll first with
    /// [`PollTarget::Stream`](crate::PollTarget::Stream) to be able to end
    /// the wait.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) when the console failed,
    /// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) when nothing
    /// was read because a signal came.
    fn read(&self, stream: Stream, buffer: &mut [u8]) -> Result<usize>;

    /// Writes some of `data`, at least one byte unless it is empty, and
    /// returns how many.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BrokenPipe`](crate::ErrorKind::BrokenPipe) when nobody
    /// reads any more, [`ErrorKind::WouldBlock`](crate::ErrorKind::WouldBlock)
    /// when the stream takes nothing now and does not wait,
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    fn write(&self, stream: Stream, data: &[u8]) -> Result<usize>;

    /// Whether a person sits at the other end. `false` for unknown streams.
    fn is_terminal(&self, stream: Stream) -> bool;
}

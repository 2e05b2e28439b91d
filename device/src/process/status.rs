//! What is known of a program.

use core::fmt;

use crate::device::Usage;

/// A program that was started. A number is not given twice until 2³² programs were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProcessId(pub(super) u32);

impl ProcessId {
    /// No program's.
    pub(super) const NONE: Self = Self(0);

    /// The program with this number, if there is one.
    #[must_use]
    pub const fn from_number(number: u32) -> Self {
        Self(number)
    }

    /// The number: from 1, in the order in which programs are started.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for ProcessId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By itself, with this exit status.
    Exited(i32),
    /// By an error, which was written to its standard error.
    Failed,
    /// It was stopped.
    Stopped,
    /// Its time was over.
    TimedOut,
    /// Somebody ended its thread; see [`Processes::abandon`](super::Processes::abandon).
    Abandoned,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(status) => write!(f, "exit status {status}"),
            Self::Failed => f.write_str("failed"),
            Self::Stopped => f.write_str("stopped"),
            Self::TimedOut => f.write_str("its time was over"),
            Self::Abandoned => f.write_str("its thread was deleted"),
        }
    }
}

/// What is known of a program; from [`Processes::list`](super::Processes::list).
#[derive(Clone, Copy, Debug)]
pub struct Status<'a> {
    /// Its number.
    pub id: ProcessId,
    /// Its name without directories, cut if it is long.
    pub name: &'a str,
    /// What it does.
    pub state: State,
    /// Since it was started, in nanoseconds.
    pub age: u64,
    /// What its thread uses; nothing is known after its end.
    pub usage: Usage,
    /// Bytes of its linear memories.
    pub memory: usize,
    /// Bytes of its guest's stack.
    pub stack: usize,
}

/// What a program does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is read and translated, or verified.
    Loading,
    /// It has begun.
    Running,
    /// Told to stop, and has not ended yet.
    Stopping,
    /// It has ended.
    Ended(Ending),
}

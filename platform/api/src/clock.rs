//! Time: monotonic, and of the day.

use crate::{Error, ErrorKind, Result};

/// Monotonic time. Mandatory.
pub trait Clock: Sync {
    /// Nanoseconds since a fixed point in the past, usually the start of the
    /// system.
    ///
    /// Never goes back, on any thread, and never wraps: a back end over a
    /// narrower counter extends it to 64 bits. Never fails.
    fn now(&self) -> u64;

    /// The smallest step of [`now`](Clock::now) in nanoseconds, at least 1.
    fn resolution(&self) -> u64;

    /// Processor time used by the calling thread, in nanoseconds.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotSupported`] where the system does not keep account,
    /// which is what the provided method answers.
    fn thread_time(&self) -> Result<u64> {
        Err(Error::new(ErrorKind::NotSupported))
    }
}

/// The time of day. Optional.
pub trait WallClock: Sync {
    /// Nanoseconds since 1970-01-01 00:00:00 UTC, without leap seconds.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotSet`] while nobody has set the clock since the system
    /// started and no battery kept it.
    fn now(&self) -> Result<u64>;

    /// Sets the clock to nanoseconds since 1970-01-01 00:00:00 UTC.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotPermitted`] where this caller may not set it,
    /// [`ErrorKind::NotSupported`] where nobody can,
    /// [`ErrorKind::InvalidArgument`] for a time the system cannot hold.
    fn set(&self, time: u64) -> Result<()>;

    /// The smallest step of [`now`](WallClock::now) in nanoseconds, at least 1.
    fn resolution(&self) -> u64;
}

//! Time from the kernel's clocks.

use rustix::time::{ClockId, Timespec, clock_getres, clock_gettime};
use thimble_platform::{Clock, Error, ErrorKind, Result, WallClock};

const SECOND: u64 = 1_000_000_000;

/// `CLOCK_MONOTONIC`.
#[derive(Debug, Default)]
pub(crate) struct HostClock;

impl Clock for HostClock {
    fn now(&self) -> u64 {
        now()
    }

    fn resolution(&self) -> u64 {
        nanoseconds(clock_getres(ClockId::Monotonic)).max(1)
    }

    fn thread_time(&self) -> Result<u64> {
        Ok(nanoseconds(clock_gettime(ClockId::ThreadCPUTime)))
    }
}

/// `CLOCK_REALTIME`, which belongs to the machine and not to this process.
#[derive(Debug, Default)]
pub(crate) struct HostWallClock;

impl WallClock for HostWallClock {
    fn now(&self) -> Result<u64> {
        Ok(nanoseconds(clock_gettime(ClockId::Realtime)))
    }

    fn set(&self, _time: u64) -> Result<()> {
        Err(Error::new(ErrorKind::NotPermitted))
    }

    fn resolution(&self) -> u64 {
        nanoseconds(clock_getres(ClockId::Realtime)).max(1)
    }
}

/// Monotonic nanoseconds.
pub(crate) fn now() -> u64 {
    nanoseconds(clock_gettime(ClockId::Monotonic))
}

/// Nanoseconds of a time; 0 for one before the epoch, the maximum for one
/// after the year 2554.
pub(crate) fn nanoseconds(time: Timespec) -> u64 {
    from_parts(time.tv_sec, time.tv_nsec)
}

/// As [`nanoseconds`], from parts of any integer type.
pub(crate) fn from_parts(seconds: impl TryInto<u64>, nanoseconds: impl TryInto<u64>) -> u64 {
    match (seconds.try_into(), nanoseconds.try_into()) {
        (Ok(seconds), Ok(nanoseconds)) => {
            seconds.saturating_mul(SECOND).saturating_add(nanoseconds)
        }
        _ => 0,
    }
}

/// The kernel's form of a time in nanoseconds.
pub(crate) fn timespec(nanoseconds: u64) -> Timespec {
    // Both parts fit: 2⁶⁴ nanoseconds are below 2³⁵ seconds.
    Timespec {
        tv_sec: (nanoseconds / SECOND).try_into().unwrap_or_default(),
        tv_nsec: (nanoseconds % SECOND).try_into().unwrap_or_default(),
    }
}

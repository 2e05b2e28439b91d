//! What a program, and the runtime about it, write.

#[cfg(feature = "wasi")]
use alloc::boxed::Box;
use core::fmt;

#[cfg(feature = "wasi")]
use thimble::fallible::OutOfMemory;
#[cfg(feature = "wasi")]
use thimble::wasi::{Failure, OutputStream};
use thimble_platform::{
    Error, ErrorKind, Interest, Platform, PollEntry, PollOutcome, PollTarget, Readiness, Stream,
    WakeHandle,
};

use super::place::{Place, Record};
#[cfg(feature = "wasi")]
use crate::boxed::boxed;

/// Why nothing was written.
enum Unwritten {
    /// The program is to end.
    Stopped,
    #[cfg_attr(
        not(feature = "wasi"),
        allow(dead_code, reason = "only a program asks why")
    )]
    Failed(Error),
}

impl From<Error> for Unwritten {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// A stream of a program; what it takes is kept for the log too.
pub(super) struct Output {
    platform: &'static dyn Platform,
    stream: Stream,
    wake: WakeHandle,
    record: Record,
}

impl Output {
    /// The stream, for as long as the program has its place.
    pub(super) fn new(place: &Place, stream: Stream) -> Self {
        Self {
            platform: place.platform(),
            stream,
            wake: place.wake(),
            record: place.record(),
        }
    }

    /// Moves this to the heap.
    #[cfg(feature = "wasi")]
    pub(super) fn boxed(self) -> Result<Box<dyn OutputStream>, OutOfMemory> {
        Ok(boxed(self)?)
    }

    /// Waits until the stream takes something, or the program is to end.
    fn wait(&self) -> Result<(), Unwritten> {
        let target = PollTarget::Stream(self.stream);
        let mut entry = [PollEntry::new(target, Interest::Write)];
        let poll = self.platform.poll();
        match poll.poll(&mut entry, None, Some(self.wake))? {
            PollOutcome::Woken => Err(Unwritten::Stopped),
            _ => match entry {
                [
                    PollEntry {
                        readiness: Readiness::Failed(error),
                        ..
                    },
                ] => Err(error.into()),
                _ => Ok(()),
            },
        }
    }

    /// Writes at least one byte; returns how many.
    fn put(&self, bytes: &[u8]) -> Result<usize, Unwritten> {
        loop {
            self.wait()?;
            match self.platform.console().write(self.stream, bytes) {
                Ok(count) => {
                    self.record.push(bytes.get(..count).unwrap_or_default());
                    return Ok(count);
                }
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => {}
                    // It looked ready, and was not.
                    ErrorKind::WouldBlock => self.platform.threads().yield_now(),
                    _ => return Err(error.into()),
                },
            }
        }
    }
}

#[cfg(feature = "wasi")]
impl OutputStream for Output {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Failure> {
        self.put(bytes).map_err(|unwritten| match unwritten {
            Unwritten::Stopped => Failure::Interrupted,
            Unwritten::Failed(error) => error.into(),
        })
    }

    fn is_terminal(&self) -> bool {
        self.platform.console().is_terminal(self.stream)
    }
}

/// Writes all of a text.
impl fmt::Write for Output {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let Ok(count @ 1..) = self.put(rest) else {
                return Err(fmt::Error);
            };
            rest = rest.get(count..).unwrap_or_default();
        }
        Ok(())
    }
}

//! Standard output and errors in whole lines, for a console that makes a record of each write.

use alloc::vec::Vec;

use thimble::fallible::{OutOfMemory, TryVec};
use thimble::wasi::{Errno, Failure, OutputStream};
use thimble_platform::{Platform, Stream};

/// A stream to the console that gathers lines. What has no end yet is written when this is dropped,
/// with the program.
pub(crate) struct Lines {
    platform: &'static dyn Platform,
    stream: Stream,
    /// What was written since the last line ended.
    line: Vec<u8>,
    /// Bytes of a line at most.
    most: usize,
}

impl Lines {
    /// A stream of lines of up to `most` bytes; longer ones are cut.
    pub(crate) fn new(
        platform: &'static dyn Platform,
        stream: Stream,
        most: usize,
    ) -> Result<Self, OutOfMemory> {
        let mut line = Vec::new();
        // The end of the line as well.
        line.try_reserve_exact(most.saturating_add(1))
            .map_err(|_| OutOfMemory)?;
        Ok(Self {
            platform,
            stream,
            line,
            most,
        })
    }

    /// Writes the first bytes of what was gathered.
    fn hand_over(&mut self, count: usize) -> Result<(), Failure> {
        let mut rest = self.line.get(..count).unwrap_or_default();
        let mut result = Ok(());
        while !rest.is_empty() && result.is_ok() {
            match self.platform.console().write(self.stream, rest) {
                Ok(0) => result = Err(Errno::Io.into()),
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(error) => result = Err(error.into()),
            }
        }
        // Also what was not taken: there is no place for it.
        self.line.drain(..count.min(self.line.len()));
        result
    }

    /// Adds text without an end of a line.
    fn add(&mut self, text: &[u8]) -> Result<(), Failure> {
        for byte in text {
            if self.line.len() >= self.most {
                self.hand_over(whole(&self.line))?;
            }
            self.line.try_push(*byte)?;
        }
        Ok(())
    }
}

/// How many bytes can be cut off without cutting a character.
fn whole(text: &[u8]) -> usize {
    match core::str::from_utf8(text) {
        // It ends within a character.
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => error.valid_up_to(),
        _ => text.len(),
    }
}

impl OutputStream for Lines {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Failure> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            match piece.strip_suffix(b"\n") {
                None => self.add(piece)?,
                Some(text) => {
                    self.add(text)?;
                    self.line.try_push(b'\n')?;
                    self.hand_over(self.line.len())?;
                }
            }
        }
        Ok(bytes.len())
    }

    /// So that libraries write a line when it ends, rather than when their buffer is full.
    fn is_terminal(&self) -> bool {
        true
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        // Nobody is left who could be told that it fails.
        let _ = self.hand_over(self.line.len());
    }
}

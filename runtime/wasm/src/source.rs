//! Where a module's bytes come from.

/// A stream of bytes, read once from front to back.
///
/// The pieces may be of any size, down to one byte: the decoder's verdict does
/// not depend on how a stream is cut.
pub trait Source {
    /// Fills the front of `buffer` (never empty) and returns how many bytes
    /// were written, at most `buffer.len()`; 0 means the end of the stream.
    ///
    /// # Errors
    /// [`SourceError`] when the bytes cannot be had. The decoder stops with an
    /// error of kind [`ErrorKind::Source`](crate::ErrorKind::Source).
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SourceError>;
}

/// Reading a [`Source`] failed. The cause stays with the source, which knows
/// its own errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceError;

impl core::fmt::Display for SourceError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the module could not be read")
    }
}

impl core::error::Error for SourceError {}

/// Reading advances the slice.
impl Source for &[u8] {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SourceError> {
        let length = self.len().min(buffer.len());
        let (Some((front, rest)), Some(target)) =
            (self.split_at_checked(length), buffer.get_mut(..length))
        else {
            return Err(SourceError);
        };
        target.copy_from_slice(front);
        *self = rest;
        Ok(length)
    }
}

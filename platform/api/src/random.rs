//! Cryptographic random numbers.

use crate::Result;

/// Cryptographic random numbers. Mandatory.
pub trait Random: Sync {
    /// Fills `buffer` with bytes that nobody can predict, of any length.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotSupported`](crate::ErrorKind::NotSupported) where the
    /// system has no source of that quality: a back end never falls back to a
    /// weaker one. [`ErrorKind::Io`](crate::ErrorKind::Io) when the source
    /// failed. After an error the content of `buffer` is unspecified.
    fn fill(&self, buffer: &mut [u8]) -> Result<()>;
}

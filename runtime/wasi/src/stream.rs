//! Streams that the embedder gives a guest, such as a buffer that captures its output.

use crate::errno::Failure;

/// Where a guest writes, instead of to the system's console.
pub trait OutputStream: Send {
    /// Takes bytes from the front of `bytes`, which is not empty; returns how many, at least one.
    ///
    /// It may block; if the guest is to be stopped meanwhile, it returns [`Failure::Interrupted`].
    ///
    /// # Errors
    /// Whatever the guest shall be told, such as [`Errno::Pipe`](crate::Errno::Pipe).
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Failure>;

    /// Whether the guest shall take it for a terminal.
    fn is_terminal(&self) -> bool {
        false
    }
}

/// Where a guest reads from, instead of the system's console.
pub trait InputStream: Send {
    /// Fills `buffer`, which is not empty, from the front; returns how far, 0 at the end of the input.
    ///
    /// It may block; if the guest is to be stopped meanwhile, it returns [`Failure::Interrupted`].
    ///
    /// # Errors
    /// Whatever the guest shall be told.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure>;

    /// Whether the guest shall take it for a terminal.
    fn is_terminal(&self) -> bool {
        false
    }
}

/// An array of one can be boxed fallibly, by way of a vector, which a lone value cannot.
impl<S: OutputStream> OutputStream for [S; 1] {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Failure> {
        let [stream] = self;
        stream.write(bytes)
    }

    fn is_terminal(&self) -> bool {
        let [stream] = self;
        stream.is_terminal()
    }
}

/// As for output.
impl<S: InputStream> InputStream for [S; 1] {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        let [stream] = self;
        stream.read(buffer)
    }

    fn is_terminal(&self) -> bool {
        let [stream] = self;
        stream.is_terminal()
    }
}

/// An input that has ended.
#[derive(Clone, Copy, Debug)]
pub struct Empty;

impl InputStream for Empty {
    fn read(&mut self, _: &mut [u8]) -> Result<usize, Failure> {
        Ok(0)
    }
}

/// An output that takes everything and keeps nothing.
#[derive(Clone, Copy, Debug)]
pub struct Sink;

impl OutputStream for Sink {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Failure> {
        Ok(bytes.len())
    }
}

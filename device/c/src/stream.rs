//! Standard streams of a program that are functions of the firmware.

use core::ffi::c_void;

use thimble::wasi::{Errno, Failure, InputStream, OutputStream};

use crate::abi;

/// Standard input.
pub(crate) struct Input(pub(crate) abi::Input);

/// Standard output or error.
pub(crate) struct Output(pub(crate) abi::Output);

// SAFETY: a stream is used by the thread that uses the instance, with which it goes
// from one thread to another; the context goes with it by the header.
unsafe impl Send for Input {}
// SAFETY: as above.
unsafe impl Send for Output {}

/// How many bytes were moved, of `most`.
fn moved(count: i32, most: usize) -> Result<usize, Failure> {
    match usize::try_from(count) {
        Ok(count) if count <= most => Ok(count),
        _ => Err(Errno::Io.into()),
    }
}

/// What one call is given at most, so that its count fits an `int32_t`.
const MOST: usize = 1 << 30;

impl InputStream for Input {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        let read = self.0.read.ok_or(Errno::Io)?;
        let length = buffer.len().min(MOST);
        // SAFETY: by the header the function can be called with its context; the
        // buffer can be written.
        let count = unsafe { read(self.0.context, buffer.as_mut_ptr().cast::<c_void>(), length) };
        moved(count, length)
    }
}

impl OutputStream for Output {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Failure> {
        let write = self.0.write.ok_or(Errno::Io)?;
        let length = bytes.len().min(MOST);
        // SAFETY: as above; the bytes can be read.
        let count = unsafe { write(self.0.context, bytes.as_ptr().cast::<c_void>(), length) };
        match moved(count, length)? {
            // It must take something.
            0 => Err(Errno::Io.into()),
            count => Ok(count),
        }
    }
}

//! The console: this process's standard streams, or descriptors given.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::io::Errno;
use rustix::stdio;
use thimble_platform::{Console, Error, ErrorKind, Result, Stream};

use crate::error::from_errno;

/// Three descriptors.
#[derive(Debug, Default)]
pub(crate) struct HostConsole(Option<[OwnedFd; 3]>);

impl HostConsole {
    pub(crate) fn new(input: OwnedFd, output: OwnedFd, error: OwnedFd) -> HostConsole {
        HostConsole(Some([input, output, error]))
    }

    /// The descriptor that can be read behind a stream.
    pub(crate) fn readable(&self, stream: Stream) -> Result<BorrowedFd<'_>> {
        match stream {
            Stream::INPUT => self.descriptor(stream),
            _ => Err(Error::new(ErrorKind::BadDescriptor)),
        }
    }

    /// The descriptor that can be written behind a stream.
    pub(crate) fn writable(&self, stream: Stream) -> Result<BorrowedFd<'_>> {
        match stream {
            Stream::OUTPUT | Stream::ERROR => self.descriptor(stream),
            _ => Err(Error::new(ErrorKind::BadDescriptor)),
        }
    }

    fn descriptor(&self, stream: Stream) -> Result<BorrowedFd<'_>> {
        match (&self.0, stream) {
            (Some([input, _, _]), Stream::INPUT) => Ok(input.as_fd()),
            (Some([_, output, _]), Stream::OUTPUT) => Ok(output.as_fd()),
            (Some([_, _, error]), Stream::ERROR) => Ok(error.as_fd()),
            (None, Stream::INPUT) => Ok(stdio::stdin()),
            (None, Stream::OUTPUT) => Ok(stdio::stdout()),
            (None, Stream::ERROR) => Ok(stdio::stderr()),
            _ => Err(Error::new(ErrorKind::BadDescriptor)),
        }
    }
}

impl Console for HostConsole {
    fn read(&self, stream: Stream, buffer: &mut [u8]) -> Result<usize> {
        rustix::io::read(self.readable(stream)?, buffer).map_err(from_errno)
    }

    fn write(&self, stream: Stream, data: &[u8]) -> Result<usize> {
        let descriptor = self.writable(stream)?;
        loop {
            match rustix::io::write(descriptor, data) {
                Err(Errno::INTR) => {}
                other => return other.map_err(from_errno),
            }
        }
    }

    fn is_terminal(&self, stream: Stream) -> bool {
        self.descriptor(stream).is_ok_and(rustix::termios::isatty)
    }
}

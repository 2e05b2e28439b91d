//! Random bytes from the kernel.

use rustix::io::Errno;
use rustix::rand::{GetRandomFlags, getrandom};
use thimble_platform::{Error, ErrorKind, Random, Result};

use crate::error::from_errno;

/// `getrandom`.
#[derive(Debug, Default)]
pub(crate) struct HostRandom;

impl Random for HostRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<()> {
        let mut rest = buffer;
        while !rest.is_empty() {
            match getrandom(&mut *rest, GetRandomFlags::empty()) {
                Ok(0) => return Err(Error::new(ErrorKind::Io)),
                Ok(count) => rest = rest.get_mut(count..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                Err(errno) => return Err(from_errno(errno)),
            }
        }
        Ok(())
    }
}

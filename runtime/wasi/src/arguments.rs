//! Arguments and environment: lists of strings that the guest copies into its memory.

use alloc::vec::Vec;

use thimble_vm::fallible::TryVec;

use crate::context::WasiContext;
use crate::errno::{Errno, Failure};
use crate::guest::{GuestMemory, GuestPtr};

/// Whether a program can have any. Without, it is told that there are none.
const GIVEN: bool = cfg!(feature = "arguments");

/// Strings one after the other, each ended by a NUL, as a guest wants them.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    bytes: Vec<u8>,
    count: u32,
}

impl Strings {
    /// Appends the string made of `parts`.
    ///
    /// # Errors
    /// [`Errno::Inval`] if a NUL is in it, which would end it early for the guest,
    /// [`Errno::Toobig`] beyond 32-bit sizes, [`Errno::Nomem`]; [`Errno::Nosys`] in a build
    /// without them.
    pub(crate) fn push(&mut self, parts: &[&str]) -> Result<(), Errno> {
        if !GIVEN {
            return Err(Errno::Nosys);
        }
        let start = self.bytes.len();
        let appended = self.append(parts);
        if appended.is_err() {
            self.bytes.truncate(start);
        }
        appended
    }

    fn append(&mut self, parts: &[&str]) -> Result<(), Errno> {
        for part in parts {
            if part.as_bytes().contains(&0) {
                return Err(Errno::Inval);
            }
            self.bytes.try_extend(part.as_bytes())?;
        }
        self.bytes.try_push(0)?;
        u32::try_from(self.bytes.len()).map_err(|_| Errno::Toobig)?;
        self.count = self.count.checked_add(1).ok_or(Errno::Toobig)?;
        Ok(())
    }

    fn sizes(
        &self,
        memory: &mut GuestMemory<'_>,
        count: GuestPtr<u32>,
        size: GuestPtr<u32>,
    ) -> Result<(), Failure> {
        memory.store_u32(count, self.count)?;
        let length = u32::try_from(self.bytes.len()).map_err(|_| Errno::Overflow)?;
        Ok(memory.store_u32(size, length)?)
    }

    fn get(
        &self,
        memory: &mut GuestMemory<'_>,
        pointers: GuestPtr<GuestPtr<u8>>,
        buffer: GuestPtr<u8>,
    ) -> Result<(), Failure> {
        memory.store(buffer, &self.bytes)?;
        if !GIVEN {
            return Ok(());
        }
        let mut address = buffer;
        for (index, string) in (0..).zip(self.bytes.split_inclusive(|byte| *byte == 0)) {
            memory.store_u32(pointers.element(index)?.cast(), address.address())?;
            let length = u32::try_from(string.len()).map_err(|_| Errno::Overflow)?;
            address = GuestPtr::new(address.address().wrapping_add(length));
        }
        Ok(())
    }
}

impl WasiContext {
    /// `args_get`: copies the arguments to `argv_buf` and their addresses to `argv`.
    ///
    /// # Errors
    /// [`Errno::Fault`].
    pub fn args_get(
        &mut self,
        memory: &mut GuestMemory<'_>,
        argv: GuestPtr<GuestPtr<u8>>,
        argv_buf: GuestPtr<u8>,
    ) -> Result<(), Failure> {
        self.arguments.get(memory, argv, argv_buf)
    }

    /// `args_sizes_get`: how many arguments there are, and how many bytes they take.
    ///
    /// # Errors
    /// [`Errno::Fault`].
    pub fn args_sizes_get(
        &mut self,
        memory: &mut GuestMemory<'_>,
        argc: GuestPtr<u32>,
        argv_buf_size: GuestPtr<u32>,
    ) -> Result<(), Failure> {
        self.arguments.sizes(memory, argc, argv_buf_size)
    }

    /// `environ_get`: copies the variables (`name=value`) to `environ_buf` and their addresses to `environ`.
    ///
    /// # Errors
    /// [`Errno::Fault`].
    pub fn environ_get(
        &mut self,
        memory: &mut GuestMemory<'_>,
        environ: GuestPtr<GuestPtr<u8>>,
        environ_buf: GuestPtr<u8>,
    ) -> Result<(), Failure> {
        self.environment.get(memory, environ, environ_buf)
    }

    /// `environ_sizes_get`: how many variables there are, and how many bytes they take.
    ///
    /// # Errors
    /// [`Errno::Fault`].
    pub fn environ_sizes_get(
        &mut self,
        memory: &mut GuestMemory<'_>,
        environc: GuestPtr<u32>,
        environ_buf_size: GuestPtr<u32>,
    ) -> Result<(), Failure> {
        self.environment.sizes(memory, environc, environ_buf_size)
    }
}

#[cfg(all(test, feature = "arguments"))]
mod tests {
    use super::*;

    #[test]
    fn strings_are_laid_out_with_their_addresses() {
        let mut strings = Strings::default();
        strings.push(&["cat"]).unwrap();
        strings.push(&["A", "=", "b"]).unwrap();
        strings.push(&[""]).unwrap();
        assert_eq!(strings.push(&["x", "\0"]), Err(Errno::Inval));
        let mut bytes = [0xff_u8; 64];
        let mut memory = GuestMemory::new(&mut bytes);
        strings
            .sizes(&mut memory, GuestPtr::new(0), GuestPtr::new(4))
            .unwrap();
        strings
            .get(&mut memory, GuestPtr::new(8), GuestPtr::new(40))
            .unwrap();
        assert_eq!(bytes[..4], [3, 0, 0, 0]);
        assert_eq!(bytes[4..8], [9, 0, 0, 0]);
        assert_eq!(bytes[8..20], [40, 0, 0, 0, 44, 0, 0, 0, 48, 0, 0, 0]);
        assert_eq!(&bytes[40..50], b"cat\0A=b\0\0\xff");
    }

    #[test]
    fn no_strings_write_nothing() {
        let strings = Strings::default();
        let mut bytes = [0xff_u8; 8];
        let mut memory = GuestMemory::new(&mut bytes);
        strings
            .get(&mut memory, GuestPtr::new(0), GuestPtr::new(8))
            .unwrap();
        assert_eq!(bytes, [0xff; 8]);
    }

    #[test]
    fn strings_that_do_not_fit_fault() {
        let mut strings = Strings::default();
        strings.push(&["cat"]).unwrap();
        let mut bytes = [0_u8; 16];
        let mut memory = GuestMemory::new(&mut bytes);
        let fault = Err(Failure::Errno(Errno::Fault));
        assert_eq!(
            strings.get(&mut memory, GuestPtr::new(0), GuestPtr::new(13)),
            fault
        );
        assert_eq!(
            strings.get(&mut memory, GuestPtr::new(13), GuestPtr::new(0)),
            fault
        );
        assert_eq!(
            strings.sizes(&mut memory, GuestPtr::new(13), GuestPtr::new(0)),
            fault
        );
        assert_eq!(
            strings.sizes(&mut memory, GuestPtr::new(0), GuestPtr::new(13)),
            fault
        );
    }
}

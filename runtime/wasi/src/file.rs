//! Files: position, size, and getting written data onto the medium.

use crate::context::WasiContext;
use crate::errno::{Errno, Failure};
use crate::guest::{GuestMemory, GuestPtr};
use crate::rights::Rights;
use crate::types::{Advice, Whence};

/// The largest position and size: what a signed 64-bit offset reaches.
const MAXIMUM_OFFSET: u64 = i64::MAX as u64;

impl WasiContext {
    /// `fd_seek`: moves the position of `fd` and stores the new one.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Isdir`], [`Errno::Spipe`] for what has no position, [`Errno::Notcapable`],
    /// [`Errno::Inval`] before the start, [`Errno::Overflow`], [`Errno::Fault`].
    pub fn fd_seek(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        offset: i64,
        whence: u32,
        newoffset: GuestPtr<u64>,
    ) -> Result<(), Failure> {
        let whence = Whence::decode(whence)?;
        memory.bytes(newoffset.cast(), 8)?;
        let descriptor = self.table.get_mut(fd)?;
        let stays = whence == Whence::Cur && offset == 0;
        let right = if stays && !descriptor.rights.contains(Rights::FD_SEEK) {
            Rights::FD_TELL
        } else {
            Rights::FD_SEEK
        };
        let file = descriptor.seekable(right)?;
        let from = match whence {
            Whence::Set => 0,
            Whence::Cur => descriptor.position,
            Whence::End => file.metadata()?.size,
        };
        let from = i64::try_from(from).map_err(|_| Errno::Overflow)?;
        let to = from.checked_add(offset).ok_or(Errno::Overflow)?;
        descriptor.position = u64::try_from(to).map_err(|_| Errno::Inval)?;
        Ok(memory.store_u64(newoffset, descriptor.position)?)
    }

    /// `fd_tell`: stores the position of `fd`.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Isdir`], [`Errno::Spipe`], [`Errno::Notcapable`], [`Errno::Fault`].
    pub fn fd_tell(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        offset: GuestPtr<u64>,
    ) -> Result<(), Failure> {
        let descriptor = self.table.get(fd)?;
        if !descriptor.rights.contains(Rights::FD_SEEK) {
            descriptor.seekable(Rights::FD_TELL)?;
        }
        Ok(memory.store_u64(offset, descriptor.position)?)
    }

    fn sync(&self, fd: u32, right: Rights, data_only: bool) -> Result<(), Failure> {
        let file = self.table.get(fd)?.in_file_system(right)?;
        Ok(file.files.sync(file.handle, data_only)?)
    }

    /// `fd_sync`: waits until what was written to `fd` is on the medium.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Inval`] for what is not in a file system, [`Errno::Notcapable`], [`Errno::Io`].
    pub fn fd_sync(&mut self, _: &mut GuestMemory<'_>, fd: u32) -> Result<(), Failure> {
        self.sync(fd, Rights::FD_SYNC, false)
    }

    /// `fd_datasync`: as [`fd_sync`](Self::fd_sync), without times.
    ///
    /// # Errors
    /// As [`fd_sync`](Self::fd_sync).
    pub fn fd_datasync(&mut self, _: &mut GuestMemory<'_>, fd: u32) -> Result<(), Failure> {
        self.sync(fd, Rights::FD_DATASYNC, true)
    }

    /// `fd_advise`: takes note how a part of `fd` will be used. Systems here have no use
    /// for the advice, and a file reads the same with and without.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Isdir`], [`Errno::Spipe`], [`Errno::Notcapable`], [`Errno::Inval`].
    pub fn fd_advise(
        &mut self,
        _: &mut GuestMemory<'_>,
        fd: u32,
        offset: u64,
        len: u64,
        advice: u32,
    ) -> Result<(), Failure> {
        Advice::decode(advice)?;
        self.table.get(fd)?.seekable(Rights::FD_ADVISE)?;
        match offset.checked_add(len) {
            Some(end) if end <= MAXIMUM_OFFSET => Ok(()),
            _ => Err(Errno::Inval.into()),
        }
    }

    /// `fd_allocate`: there is no way to allocate space ahead that all systems share, and
    /// extending the file would only pretend to.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Isdir`], [`Errno::Spipe`], [`Errno::Notcapable`], else [`Errno::Notsup`].
    pub fn fd_allocate(
        &mut self,
        _: &mut GuestMemory<'_>,
        fd: u32,
        _offset: u64,
        _len: u64,
    ) -> Result<(), Failure> {
        self.table.get(fd)?.seekable(Rights::FD_ALLOCATE)?;
        Err(Errno::Notsup.into())
    }

    /// `fd_filestat_set_size`: cuts or extends `fd` to `size` bytes, those added being zero.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Isdir`], [`Errno::Spipe`], [`Errno::Notcapable`], [`Errno::Inval`], [`Errno::Fbig`], [`Errno::Nospc`].
    pub fn fd_filestat_set_size(
        &mut self,
        _: &mut GuestMemory<'_>,
        fd: u32,
        size: u64,
    ) -> Result<(), Failure> {
        let file = self.table.get(fd)?.seekable(Rights::FD_FILESTAT_SET_SIZE)?;
        if size > MAXIMUM_OFFSET {
            return Err(Errno::Inval.into());
        }
        Ok(file.files.set_size(file.handle, size)?)
    }
}

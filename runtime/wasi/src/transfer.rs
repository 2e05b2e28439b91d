//! Moving bytes between a guest's buffers and what a descriptor stands for.
//!
//! All that may wait goes through the context's own buffer: no part of the guest's memory
//! is lent to the system while it waits.

use thimble_platform::{self as platform, ErrorKind, Interest, PollTarget};

use crate::context::{System, WasiContext};
use crate::descriptor::{Descriptor, Resource};
use crate::errno::{Errno, Failure};
use crate::guest::{GuestMemory, GuestPtr};
use crate::records::Iovec;
use crate::rights::Rights;
use crate::types::{Fdflags, Filetype};
use crate::vectors::Vectors;

/// Does `operation` when `target`, if there is one to wait for, is ready.
///
/// # Errors
/// Those of [`System::wait`] and of the operation.
pub(crate) fn when_ready<T>(
    system: System,
    target: Option<PollTarget>,
    interest: Interest,
    nonblocking: bool,
    operation: &mut dyn FnMut() -> platform::Result<T>,
) -> Result<T, Failure> {
    loop {
        if let Some(target) = target {
            system.wait(target, interest, nonblocking)?;
        }
        match operation() {
            // Another program was faster, or a signal came: wait again.
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock && !nonblocking => {
                // Without a target to wait for, asking again at once is all that is left.
                system.platform.threads().yield_now();
            }
            other => return Ok(other?),
        }
    }
}

/// Reads once, waiting for the first byte.
fn read_once(
    system: System,
    descriptor: &mut Descriptor,
    offset: u64,
    peek: bool,
    buffer: &mut [u8],
) -> Result<usize, Failure> {
    let nonblocking = descriptor.flags.contains(Fdflags::NONBLOCK);
    let target = descriptor.poll_target();
    let mut operation: &mut dyn FnMut() -> platform::Result<usize> = match &mut descriptor.resource
    {
        Resource::File(file) => &mut || file.files.read_at(file.handle, offset, buffer),
        Resource::Console(stream) => &mut || system.platform.console().read(*stream, buffer),
        Resource::Socket(socket) => &mut || socket.sockets.receive(socket.handle, buffer, peek),
        Resource::Input(stream) => return stream.read(buffer),
        Resource::Directory { .. } => return Err(Errno::Isdir.into()),
        Resource::Listener(_) => return Err(Errno::Notconn.into()),
        Resource::Output(_) => return Err(Errno::Badf.into()),
    };
    when_ready(system, target, Interest::Read, nonblocking, &mut operation)
}

/// Writes once, waiting for room.
fn write_once(
    system: System,
    descriptor: &mut Descriptor,
    offset: u64,
    bytes: &[u8],
) -> Result<usize, Failure> {
    let nonblocking = descriptor.flags.contains(Fdflags::NONBLOCK);
    let target = descriptor.poll_target();
    let mut operation: &mut dyn FnMut() -> platform::Result<usize> = match &mut descriptor.resource
    {
        Resource::File(file) => &mut || file.files.write_at(file.handle, offset, bytes),
        Resource::Console(stream) => &mut || system.platform.console().write(*stream, bytes),
        Resource::Socket(socket) => &mut || socket.sockets.send(socket.handle, bytes),
        Resource::Output(stream) => return stream.write(bytes),
        Resource::Directory { .. } => return Err(Errno::Isdir.into()),
        Resource::Listener(_) => return Err(Errno::Notconn.into()),
        Resource::Input(_) => return Err(Errno::Badf.into()),
    };
    when_ready(system, target, Interest::Write, nonblocking, &mut operation)
}

/// What a read is to do besides filling the buffers once.
#[derive(Clone, Copy, Default)]
pub(crate) struct Receive {
    /// Leave the bytes to be read again.
    pub(crate) peek: bool,
    /// Go on until the buffers are full or the stream ends.
    pub(crate) all: bool,
}

/// Whether the failure of a later step may be kept to itself, some bytes having been moved.
/// A stop never is: the guest must not go on.
fn partial(moved: u32, failure: Failure) -> Result<(), Failure> {
    if moved > 0 && failure != Failure::Interrupted {
        Ok(())
    } else {
        Err(failure)
    }
}

fn length(bytes: usize) -> Result<u32, Errno> {
    u32::try_from(bytes).map_err(|_| Errno::Overflow)
}

impl Descriptor {
    /// Whether it may be read or written as `access` says: not being open for it is
    /// [`Errno::Badf`], as in POSIX, rather than a lack of capability.
    pub(crate) fn open_for(&self, access: Rights, seek: Rights) -> Result<(), Errno> {
        match self.resource {
            Resource::Directory { .. } => Err(Errno::Isdir),
            _ if !self.rights.contains(access) => Err(Errno::Badf),
            _ => self.require(seek),
        }
    }

    fn is_regular(&self) -> bool {
        self.filetype == Filetype::RegularFile
    }

    /// Waits for written data to be on the medium, if a flag asks for it.
    fn sync_as_flagged(&self, reading: bool) -> Result<(), Errno> {
        let Resource::File(file) = &self.resource else {
            return Ok(());
        };
        let whole = self.flags.contains(Fdflags::SYNC);
        let data = self.flags.contains(Fdflags::DSYNC);
        if (whole || data) && (!reading || self.flags.contains(Fdflags::RSYNC)) {
            file.files.sync(file.handle, !whole)?;
        }
        Ok(())
    }
}

impl WasiContext {
    /// Reads into the guest's buffers, from `offset` or from the position, which then moves on.
    pub(crate) fn read(
        &mut self,
        memory: &mut GuestMemory<'_>,
        (fd, iovs, iovs_len): (u32, GuestPtr<Iovec>, u32),
        offset: Option<u64>,
        receive: Receive,
        nread: GuestPtr<u32>,
    ) -> Result<(), Failure> {
        memory.bytes(nread.cast(), 4)?;
        let mut vectors = Vectors::check(memory, iovs, iovs_len)?;
        let descriptor = self.table.get_mut(fd)?;
        descriptor.sync_as_flagged(true)?;
        let go_on = descriptor.is_regular() || receive.all && !receive.peek;
        let mut at = offset.unwrap_or(descriptor.position);
        let mut moved = 0_u32;
        while vectors.remaining() > 0 {
            let room = vectors.remaining().min(self.buffer.len());
            let Some(buffer) = self.buffer.get_mut(..room) else {
                break;
            };
            let count = match read_once(self.system, descriptor, at, receive.peek, buffer) {
                Ok(count) => count,
                Err(failure) => {
                    partial(moved, failure)?;
                    break;
                }
            };
            vectors.scatter(memory, buffer.get(..count).unwrap_or(&[]))?;
            moved = moved.saturating_add(length(count)?);
            at = at.saturating_add(u64::from(length(count)?));
            if count == 0 || !go_on {
                break;
            }
        }
        if offset.is_none() && descriptor.is_regular() {
            descriptor.position = at;
        }
        Ok(memory.store_u32(nread, moved)?)
    }

    /// Writes from the guest's buffers, at `offset` or at the position, which then moves on.
    pub(crate) fn write(
        &mut self,
        memory: &mut GuestMemory<'_>,
        (fd, iovs, iovs_len): (u32, GuestPtr<Iovec>, u32),
        offset: Option<u64>,
        nwritten: GuestPtr<u32>,
    ) -> Result<(), Failure> {
        memory.bytes(nwritten.cast(), 4)?;
        let mut vectors = Vectors::check(memory, iovs, iovs_len)?;
        let descriptor = self.table.get_mut(fd)?;
        let mut at = offset.unwrap_or(descriptor.position);
        if let Resource::File(file) = &descriptor.resource
            && offset.is_none()
            && descriptor.is_regular()
            && descriptor.flags.contains(Fdflags::APPEND)
        {
            at = file.metadata()?.size;
        }
        let mut moved = 0_u32;
        'all: while vectors.remaining() > 0 {
            let filled = vectors.gather(memory, &mut self.buffer)?;
            let mut bytes = self.buffer.get(..filled).unwrap_or(&[]);
            if bytes.is_empty() {
                break;
            }
            while !bytes.is_empty() {
                let count = match write_once(self.system, descriptor, at, bytes) {
                    Ok(count) => count,
                    Err(failure) => {
                        partial(moved, failure)?;
                        break 'all;
                    }
                };
                moved = moved.saturating_add(length(count)?);
                at = at.saturating_add(u64::from(length(count)?));
                if count == 0 {
                    break 'all;
                }
                bytes = bytes.get(count..).unwrap_or(&[]);
            }
        }
        if offset.is_none() && descriptor.is_regular() {
            descriptor.position = at;
        }
        if moved > 0 {
            descriptor.sync_as_flagged(false)?;
        }
        Ok(memory.store_u32(nwritten, moved)?)
    }

    /// `fd_read`: reads from `fd` at its position, which moves on by as many bytes.
    ///
    /// From what is no regular file it waits for the first bytes, then takes what is there.
    ///
    /// # Errors
    /// [`Errno::Badf`], also if `fd` is not open to read; [`Errno::Isdir`], [`Errno::Fault`], [`Errno::Inval`] for
    /// more buffers or bytes than allowed, [`Errno::Again`] if it would wait and must not, [`Errno::Io`];
    /// [`Failure::Interrupted`].
    pub fn fd_read(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        iovs: GuestPtr<Iovec>,
        iovs_len: u32,
        nread: GuestPtr<u32>,
    ) -> Result<(), Failure> {
        self.table
            .get(fd)?
            .open_for(Rights::FD_READ, Rights::NONE)?;
        self.read(
            memory,
            (fd, iovs, iovs_len),
            None,
            Receive::default(),
            nread,
        )
    }

    /// `fd_pread`: reads from `fd` at `offset`; the position stays.
    ///
    /// # Errors
    /// As [`fd_read`](Self::fd_read); [`Errno::Notcapable`] without the right to seek, [`Errno::Spipe`].
    pub fn fd_pread(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        iovs: GuestPtr<Iovec>,
        iovs_len: u32,
        offset: u64,
        nread: GuestPtr<u32>,
    ) -> Result<(), Failure> {
        let descriptor = self.table.get(fd)?;
        descriptor.open_for(Rights::FD_READ, Rights::NONE)?;
        descriptor.seekable(Rights::FD_SEEK)?;
        self.read(
            memory,
            (fd, iovs, iovs_len),
            Some(offset),
            Receive::default(),
            nread,
        )
    }

    /// `fd_write`: writes to `fd` at its position, or at the end with `fdflags::append`; the
    /// position moves behind what was written.
    ///
    /// # Errors
    /// As [`fd_read`](Self::fd_read), and [`Errno::Pipe`], [`Errno::Nospc`], [`Errno::Fbig`].
    pub fn fd_write(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        iovs: GuestPtr<Iovec>,
        iovs_len: u32,
        nwritten: GuestPtr<u32>,
    ) -> Result<(), Failure> {
        self.table
            .get(fd)?
            .open_for(Rights::FD_WRITE, Rights::NONE)?;
        self.write(memory, (fd, iovs, iovs_len), None, nwritten)
    }

    /// `fd_pwrite`: writes to `fd` at `offset`, also with `fdflags::append`; the position stays.
    ///
    /// # Errors
    /// As [`fd_write`](Self::fd_write); [`Errno::Notcapable`] without the right to seek, [`Errno::Spipe`].
    pub fn fd_pwrite(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        iovs: GuestPtr<Iovec>,
        iovs_len: u32,
        offset: u64,
        nwritten: GuestPtr<u32>,
    ) -> Result<(), Failure> {
        let descriptor = self.table.get(fd)?;
        descriptor.open_for(Rights::FD_WRITE, Rights::NONE)?;
        descriptor.seekable(Rights::FD_SEEK)?;
        self.write(memory, (fd, iovs, iovs_len), Some(offset), nwritten)
    }
}

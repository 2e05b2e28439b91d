//! Descriptors: what a guest's number stands for, and what may be done through it.

use alloc::boxed::Box;
use alloc::vec::Vec;

use thimble_platform::{FileKind, PollTarget, Stream};

use crate::context::WasiContext;
use crate::errno::{Errno, Failure};
use crate::guest::{GuestMemory, GuestPtr};
use crate::handle::{OwnedFile, OwnedSocket};
use crate::records::Fdstat;
use crate::rights::Rights;
use crate::stream::{InputStream, OutputStream};
use crate::types::{Fdflags, Filetype};

/// The thing behind a descriptor.
pub(crate) enum Resource {
    /// A regular file, or a device or pipe with a name in the file system.
    File(OwnedFile),
    /// A directory.
    Directory {
        file: OwnedFile,
        /// The name by which the guest knows a preopened directory.
        preopen: Option<Vec<u8>>,
    },
    /// A stream of the system's console.
    Console(Stream),
    /// A stream of the embedder's to read.
    Input(Box<dyn InputStream>),
    /// A stream of the embedder's to write.
    Output(Box<dyn OutputStream>),
    /// A connected socket.
    Socket(OwnedSocket),
    /// A socket that accepts connections.
    Listener(OwnedSocket),
}

/// An entry of the table of descriptors.
pub(crate) struct Descriptor {
    pub(crate) resource: Resource,
    pub(crate) filetype: Filetype,
    pub(crate) flags: Fdflags,
    pub(crate) rights: Rights,
    pub(crate) inheriting: Rights,
    /// Where the next read or write of a regular file starts.
    pub(crate) position: u64,
}

impl Descriptor {
    /// A descriptor without flags, that gives no rights to others, at position 0.
    pub(crate) fn new(resource: Resource, filetype: Filetype, rights: Rights) -> Self {
        Descriptor {
            resource,
            filetype,
            flags: Fdflags::default(),
            rights,
            inheriting: Rights::NONE,
            position: 0,
        }
    }

    /// Whether all of `rights` are held.
    ///
    /// # Errors
    /// [`Errno::Notcapable`] if not.
    pub(crate) fn require(&self, rights: Rights) -> Result<(), Errno> {
        if self.rights.contains(rights) {
            Ok(())
        } else {
            Err(Errno::Notcapable)
        }
    }

    /// The directory, if it is one and `rights` are held.
    ///
    /// # Errors
    /// [`Errno::Notdir`], [`Errno::Notcapable`].
    pub(crate) fn directory(&self, rights: Rights) -> Result<&OwnedFile, Errno> {
        let Resource::Directory { file, .. } = &self.resource else {
            return Err(Errno::Notdir);
        };
        self.require(rights)?;
        Ok(file)
    }

    /// The file with a position, if it is one and `rights` are held.
    ///
    /// # Errors
    /// [`Errno::Isdir`], [`Errno::Spipe`], [`Errno::Notcapable`].
    pub(crate) fn seekable(&self, rights: Rights) -> Result<&OwnedFile, Errno> {
        match &self.resource {
            Resource::File(file) if self.filetype == Filetype::RegularFile => {
                self.require(rights)?;
                Ok(file)
            }
            Resource::Directory { .. } => Err(Errno::Isdir),
            _ => Err(Errno::Spipe),
        }
    }

    /// The file or directory of the file system, if `rights` are held.
    ///
    /// # Errors
    /// [`Errno::Inval`] if it is neither, [`Errno::Notcapable`].
    pub(crate) fn in_file_system(&self, rights: Rights) -> Result<&OwnedFile, Errno> {
        match &self.resource {
            Resource::File(file) | Resource::Directory { file, .. } => {
                self.require(rights)?;
                Ok(file)
            }
            _ => Err(Errno::Inval),
        }
    }

    /// How to wait for it, or `None` if it is always ready or waits by itself.
    pub(crate) fn poll_target(&self) -> Option<PollTarget> {
        match &self.resource {
            Resource::File(file) if self.filetype != Filetype::RegularFile => {
                Some(PollTarget::File(file.handle))
            }
            Resource::Console(stream) => Some(PollTarget::Stream(*stream)),
            Resource::Socket(socket) | Resource::Listener(socket) => {
                Some(PollTarget::Socket(socket.handle))
            }
            _ => None,
        }
    }
}

/// The guest's word for a kind of file.
pub(crate) fn filetype(kind: FileKind) -> Filetype {
    match kind {
        FileKind::Regular => Filetype::RegularFile,
        FileKind::Directory => Filetype::Directory,
        FileKind::SymbolicLink => Filetype::SymbolicLink,
        FileKind::CharacterDevice => Filetype::CharacterDevice,
        FileKind::BlockDevice => Filetype::BlockDevice,
        FileKind::StreamSocket => Filetype::SocketStream,
        FileKind::DatagramSocket => Filetype::SocketDgram,
        _ => Filetype::Unknown,
    }
}

impl WasiContext {
    /// `fd_close`: closes `fd`, also a preopened one.
    ///
    /// # Errors
    /// [`Errno::Badf`]; [`Errno::Io`] if written data was lost, the descriptor being closed all the same.
    pub fn fd_close(&mut self, _: &mut GuestMemory<'_>, fd: u32) -> Result<(), Failure> {
        let descriptor = self.table.remove(fd)?;
        match descriptor.resource {
            Resource::File(file) => Ok(file.close()?),
            _ => Ok(()),
        }
    }

    /// `fd_renumber`: gives the descriptor `fd` the number `to`, closing what has it.
    ///
    /// # Errors
    /// [`Errno::Badf`] unless both are open.
    pub fn fd_renumber(
        &mut self,
        _: &mut GuestMemory<'_>,
        fd: u32,
        to: u32,
    ) -> Result<(), Failure> {
        Ok(self.table.renumber(fd, to)?)
    }

    /// `fd_fdstat_get`: stores the type, flags and rights of `fd`.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Fault`].
    pub fn fd_fdstat_get(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        stat: GuestPtr<u8>,
    ) -> Result<(), Failure> {
        let descriptor = self.table.get(fd)?;
        let record = Fdstat {
            filetype: descriptor.filetype,
            flags: descriptor.flags,
            rights_base: descriptor.rights,
            rights_inheriting: descriptor.inheriting,
        };
        Ok(memory.store(stat, &record.to_bytes())?)
    }

    /// `fd_fdstat_set_flags`: sets how `fd` behaves.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notcapable`], [`Errno::Inval`] for unknown flags.
    pub fn fd_fdstat_set_flags(
        &mut self,
        _: &mut GuestMemory<'_>,
        fd: u32,
        flags: u32,
    ) -> Result<(), Failure> {
        let descriptor = self.table.get_mut(fd)?;
        descriptor.require(Rights::FD_FDSTAT_SET_FLAGS)?;
        descriptor.flags = Fdflags::decode(flags)?;
        Ok(())
    }

    /// `fd_fdstat_set_rights`: takes rights away from `fd`.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notcapable`] if it would add one.
    pub fn fd_fdstat_set_rights(
        &mut self,
        _: &mut GuestMemory<'_>,
        fd: u32,
        rights_base: u64,
        rights_inheriting: u64,
    ) -> Result<(), Failure> {
        let descriptor = self.table.get_mut(fd)?;
        let added = rights_base & !descriptor.rights.bits()
            | rights_inheriting & !descriptor.inheriting.bits();
        if added != 0 {
            return Err(Errno::Notcapable.into());
        }
        descriptor.rights = Rights::from_bits(rights_base);
        descriptor.inheriting = Rights::from_bits(rights_inheriting);
        Ok(())
    }
}

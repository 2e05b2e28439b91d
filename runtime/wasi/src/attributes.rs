//! What is known about files: type, size, times.

use thimble_platform::{Metadata, TimeChange};

use crate::context::WasiContext;
use crate::descriptor::{Resource, filetype};
use crate::errno::{Errno, Failure};
use crate::guest::{GuestMemory, GuestPtr};
use crate::records::Filestat;
use crate::resolve::Place;
use crate::rights::Rights;
use crate::types::{Filetype, Fstflags, Lookupflags};

fn filestat(metadata: &Metadata) -> Filestat {
    Filestat {
        device: metadata.device,
        inode: metadata.inode,
        filetype: filetype(metadata.kind),
        links: metadata.links,
        size: metadata.size,
        accessed: metadata.accessed,
        modified: metadata.modified,
        changed: metadata.changed,
    }
}

fn time_change(set: bool, now: bool, time: u64) -> Result<TimeChange, Errno> {
    match (set, now) {
        (true, true) => Err(Errno::Inval),
        (true, false) => Ok(TimeChange::At(time)),
        (false, true) => Ok(TimeChange::Now),
        (false, false) => Ok(TimeChange::Keep),
    }
}

fn time_changes(flags: u32, atim: u64, mtim: u64) -> Result<(TimeChange, TimeChange), Errno> {
    let flags = Fstflags::decode(flags)?;
    let set = |flag| flags.contains(flag);
    Ok((
        time_change(set(Fstflags::ATIM), set(Fstflags::ATIM_NOW), atim)?,
        time_change(set(Fstflags::MTIM), set(Fstflags::MTIM_NOW), mtim)?,
    ))
}

/// What is known about what a place names.
fn metadata_at(place: &Place<'_>) -> Result<Metadata, Errno> {
    let Some(name) = place.name() else {
        return Ok(place.files().metadata(place.directory())?);
    };
    let metadata = place.files().metadata_at(place.directory(), name)?;
    if place.is_marked_directory() && filetype(metadata.kind) != Filetype::Directory {
        return Err(Errno::Notdir);
    }
    Ok(metadata)
}

impl WasiContext {
    /// `fd_filestat_get`: stores what is known about `fd`.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notcapable`], [`Errno::Fault`], [`Errno::Io`].
    pub fn fd_filestat_get(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        stat: GuestPtr<u8>,
    ) -> Result<(), Failure> {
        let descriptor = self.table.get(fd)?;
        descriptor.require(Rights::FD_FILESTAT_GET)?;
        let record = match &descriptor.resource {
            Resource::File(file) | Resource::Directory { file, .. } => filestat(&file.metadata()?),
            _ => Filestat::of_type(descriptor.filetype),
        };
        Ok(memory.store(stat, &record.to_bytes())?)
    }

    /// `fd_filestat_set_times`: sets the times of `fd`.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notcapable`], [`Errno::Inval`] if a time is to be both given and now, or `fd` is
    /// not in a file system, [`Errno::Notsup`] if that has no times, [`Errno::Rofs`].
    pub fn fd_filestat_set_times(
        &mut self,
        _: &mut GuestMemory<'_>,
        fd: u32,
        atim: u64,
        mtim: u64,
        fst_flags: u32,
    ) -> Result<(), Failure> {
        let (accessed, modified) = time_changes(fst_flags, atim, mtim)?;
        let file = self
            .table
            .get(fd)?
            .in_file_system(Rights::FD_FILESTAT_SET_TIMES)?;
        Ok(file.files.set_times(file.handle, accessed, modified)?)
    }

    /// `path_filestat_get`: stores what is known about what `path` names.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notdir`], [`Errno::Notcapable`], [`Errno::Inval`], [`Errno::Fault`] and those of paths:
    /// [`Errno::Noent`], [`Errno::Perm`], [`Errno::Loop`], [`Errno::Nametoolong`], [`Errno::Ilseq`].
    pub fn path_filestat_get(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        flags: u32,
        path: GuestPtr<u8>,
        path_len: u32,
        stat: GuestPtr<u8>,
    ) -> Result<(), Failure> {
        let follow = Lookupflags::decode(flags)?.contains(Lookupflags::SYMLINK_FOLLOW);
        let start = self.table.get(fd)?.directory(Rights::PATH_FILESTAT_GET)?;
        let place = Place::find(start, memory, (path, path_len), follow)?;
        let record = filestat(&metadata_at(&place)?);
        Ok(memory.store(stat, &record.to_bytes())?)
    }

    /// `path_filestat_set_times`: sets the times of what `path` names.
    ///
    /// # Errors
    /// As [`path_filestat_get`](Self::path_filestat_get) and [`fd_filestat_set_times`](Self::fd_filestat_set_times).
    #[allow(clippy::too_many_arguments, reason = "as the specification has it")]
    pub fn path_filestat_set_times(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        flags: u32,
        path: GuestPtr<u8>,
        path_len: u32,
        atim: u64,
        mtim: u64,
        fst_flags: u32,
    ) -> Result<(), Failure> {
        let follow = Lookupflags::decode(flags)?.contains(Lookupflags::SYMLINK_FOLLOW);
        let (accessed, modified) = time_changes(fst_flags, atim, mtim)?;
        let start = self
            .table
            .get(fd)?
            .directory(Rights::PATH_FILESTAT_SET_TIMES)?;
        let place = Place::find(start, memory, (path, path_len), follow)?;
        if place.is_marked_directory() {
            metadata_at(&place)?;
        }
        let (files, directory) = (place.files(), place.directory());
        match place.name() {
            Some(name) => files.set_times_at(directory, name, accessed, modified)?,
            None => files.set_times(directory, accessed, modified)?,
        }
        Ok(())
    }
}

//! Names of files: giving, changing and removing them, and symbolic links.

use crate::context::WasiContext;
use crate::descriptor::filetype;
use crate::errno::{Errno, Failure};
use crate::guest::{GuestMemory, GuestPtr};
use crate::path;
use crate::resolve::Place;
use crate::rights::Rights;
use crate::types::{Filetype, Lookupflags};

/// Whether there is a directory at a place that has a name.
fn is_directory(place: &Place<'_>, name: &str) -> Result<bool, Errno> {
    let metadata = place.files().metadata_at(place.directory(), name)?;
    Ok(filetype(metadata.kind) == Filetype::Directory)
}

/// The name that a new link shall have: a path with a slash behind it could only be that
/// of a directory, which no link is.
fn new_link<'p>(place: &'p Place<'_>) -> Result<&'p str, Errno> {
    let name = place.name().ok_or(Errno::Exist)?;
    if place.is_marked_directory() {
        let exists = is_directory(place, name)?;
        return Err(if exists { Errno::Exist } else { Errno::Notdir });
    }
    Ok(name)
}

impl WasiContext {
    /// `path_link`: gives the file at `old_path` the further name `new_path`.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notdir`], [`Errno::Notcapable`], [`Errno::Fault`], [`Errno::Inval`] if asked to follow a symbolic link,
    /// [`Errno::Perm`] for a directory, [`Errno::Exist`], [`Errno::Noent`], [`Errno::Mlink`], [`Errno::Xdev`], [`Errno::Notsup`] and
    /// those of paths.
    #[allow(clippy::too_many_arguments, reason = "as the specification has it")]
    pub fn path_link(
        &mut self,
        memory: &mut GuestMemory<'_>,
        old_fd: u32,
        old_flags: u32,
        old_path: GuestPtr<u8>,
        old_path_len: u32,
        new_fd: u32,
        new_path: GuestPtr<u8>,
        new_path_len: u32,
    ) -> Result<(), Failure> {
        if Lookupflags::decode(old_flags)?.contains(Lookupflags::SYMLINK_FOLLOW) {
            return Err(Errno::Inval.into());
        }
        let old_start = self
            .table
            .get(old_fd)?
            .directory(Rights::PATH_LINK_SOURCE)?;
        let new_start = self
            .table
            .get(new_fd)?
            .directory(Rights::PATH_LINK_TARGET)?;
        let old = Place::find_last(old_start, memory, (old_path, old_path_len))?;
        let new = Place::find_last(new_start, memory, (new_path, new_path_len))?;
        let name = old.name().ok_or(Errno::Perm)?;
        if old.is_marked_directory() && !is_directory(&old, name)? {
            return Err(Errno::Notdir.into());
        }
        Ok(old
            .files()
            .link_at(old.directory(), name, new.directory(), new_link(&new)?)?)
    }

    /// `path_rename`: gives what is at `old_path` the name `new_path` instead, replacing what
    /// has it.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notdir`], [`Errno::Notcapable`], [`Errno::Fault`], [`Errno::Noent`], [`Errno::Isdir`], [`Errno::Notempty`],
    /// [`Errno::Inval`] for a directory into itself, [`Errno::Busy`] for the directory that a path starts
    /// from, [`Errno::Xdev`] and those of paths.
    #[allow(clippy::too_many_arguments, reason = "as the specification has it")]
    pub fn path_rename(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        old_path: GuestPtr<u8>,
        old_path_len: u32,
        new_fd: u32,
        new_path: GuestPtr<u8>,
        new_path_len: u32,
    ) -> Result<(), Failure> {
        let old_start = self.table.get(fd)?.directory(Rights::PATH_RENAME_SOURCE)?;
        let new_start = self
            .table
            .get(new_fd)?
            .directory(Rights::PATH_RENAME_TARGET)?;
        let old = Place::find_last(old_start, memory, (old_path, old_path_len))?;
        let new = Place::find_last(new_start, memory, (new_path, new_path_len))?;
        let name = old.name().ok_or(Errno::Busy)?;
        let new_name = new.name().ok_or(Errno::Busy)?;
        let marked = old.is_marked_directory() || new.is_marked_directory();
        if marked && !is_directory(&old, name)? {
            return Err(Errno::Notdir.into());
        }
        Ok(old
            .files()
            .rename_at(old.directory(), name, new.directory(), new_name)?)
    }

    /// `path_unlink_file`: removes the name of what is not a directory.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notdir`], [`Errno::Notcapable`], [`Errno::Fault`], [`Errno::Isdir`], [`Errno::Noent`], [`Errno::Busy`] and those
    /// of paths.
    pub fn path_unlink_file(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        path: GuestPtr<u8>,
        path_len: u32,
    ) -> Result<(), Failure> {
        let start = self.table.get(fd)?.directory(Rights::PATH_UNLINK_FILE)?;
        let place = Place::find_last(start, memory, (path, path_len))?;
        let name = place.name().ok_or(Errno::Isdir)?;
        if place.is_marked_directory() && !is_directory(&place, name)? {
            return Err(Errno::Notdir.into());
        }
        Ok(place.files().remove_file_at(place.directory(), name)?)
    }

    /// `path_symlink`: makes `new_path` a symbolic link that says `old_path`. What that leads to
    /// is looked at only when the link is followed.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notdir`], [`Errno::Notcapable`], [`Errno::Fault`], [`Errno::Perm`] for an absolute `old_path`, [`Errno::Exist`],
    /// [`Errno::Notsup`] where there are no symbolic links, and those of paths.
    pub fn path_symlink(
        &mut self,
        memory: &mut GuestMemory<'_>,
        old_path: GuestPtr<u8>,
        old_path_len: u32,
        fd: u32,
        new_path: GuestPtr<u8>,
        new_path_len: u32,
    ) -> Result<(), Failure> {
        let start = self.table.get(fd)?.directory(Rights::PATH_SYMLINK)?;
        let place = Place::find_last(start, memory, (new_path, new_path_len))?;
        let target = memory.bytes(old_path, old_path_len)?;
        path::check(target)?;
        let target = core::str::from_utf8(target).map_err(|_| Errno::Ilseq)?;
        Ok(place
            .files()
            .symlink_at(target, place.directory(), new_link(&place)?)?)
    }

    /// `path_readlink`: stores what the symbolic link at `path` says, as much as the buffer
    /// holds, and how many bytes that is.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notdir`], [`Errno::Notcapable`], [`Errno::Fault`], [`Errno::Inval`] for what is no symbolic link,
    /// [`Errno::Perm`] for one that says an absolute path, which is not for the guest to know,
    /// and those of paths.
    #[allow(clippy::too_many_arguments, reason = "as the specification has it")]
    pub fn path_readlink(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        path: GuestPtr<u8>,
        path_len: u32,
        buf: GuestPtr<u8>,
        buf_len: u32,
        bufused: GuestPtr<u32>,
    ) -> Result<(), Failure> {
        memory.bytes(bufused.cast(), 4)?;
        let start = self.table.get(fd)?.directory(Rights::PATH_READLINK)?;
        let place = Place::find(start, memory, (path, path_len), false)?;
        let name = place.name().ok_or(Errno::Inval)?;
        let target = place.read_link(name)?.ok_or(Errno::Inval)?;
        if target.first() == Some(&b'/') {
            return Err(Errno::Perm.into());
        }
        let used = usize::try_from(buf_len)
            .unwrap_or(usize::MAX)
            .min(target.len());
        memory.bytes(buf, buf_len)?;
        memory.store(buf, target.get(..used).unwrap_or(&[]))?;
        let used = u32::try_from(used).map_err(|_| Errno::Overflow)?;
        Ok(memory.store_u32(bufused, used)?)
    }
}

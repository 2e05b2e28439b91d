//! Files and directories by their handles.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex};

use rustix::fs::{AtFlags, FileType, Stat, Timestamps, UTIME_NOW, UTIME_OMIT};
use rustix::io::Errno;
use rustix::time::Timespec;
use thimble_platform::{
    DirectoryEntry, ErrorKind, FileHandle, FileKind, Files, ListControl, Metadata, OpenOptions,
    Result, TimeChange,
};

use crate::clock::{from_parts, timespec};
use crate::error::from_errno;
use crate::file_list::list;
use crate::file_open::{check_name, open_at, open_root, reopen};
use crate::table::Table;

/// All open files and directories.
#[derive(Debug, Default)]
pub(crate) struct HostFiles(Table<OpenFile>);

/// One open file or directory.
#[derive(Debug)]
pub(crate) struct OpenFile {
    pub(crate) descriptor: OwnedFd,
    pub(crate) kind: FileKind,
    pub(crate) options: OpenOptions,
    /// Held while the descriptor's position in a directory is in use.
    pub(crate) listing: Mutex<()>,
}

impl AsFd for OpenFile {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.descriptor.as_fd()
    }
}

impl OpenFile {
    fn has_positions(&self) -> bool {
        matches!(self.kind, FileKind::Regular | FileKind::BlockDevice)
    }

    /// Refuses what is not a directory.
    pub(crate) fn directory(&self) -> Result<BorrowedFd<'_>> {
        match self.kind {
            FileKind::Directory => Ok(self.as_fd()),
            _ => Err(ErrorKind::NotDirectory.into()),
        }
    }
}

impl HostFiles {
    pub(crate) fn get(&self, file: FileHandle) -> Result<Arc<OpenFile>> {
        self.0.get(file.raw())
    }

    fn insert(&self, file: OpenFile) -> Result<FileHandle> {
        self.0.insert(file).map(FileHandle::from_raw)
    }

    /// Does something about `name` in `directory`.
    fn at<T>(
        &self,
        directory: FileHandle,
        name: &str,
        call: impl FnOnce(BorrowedFd<'_>, &str) -> rustix::io::Result<T>,
    ) -> Result<T> {
        check_name(name)?;
        let directory = self.get(directory)?;
        call(directory.directory()?, name).map_err(from_errno)
    }

    /// Does something about a name in each of two directories.
    fn between<T>(
        &self,
        from: (FileHandle, &str),
        to: (FileHandle, &str),
        call: impl FnOnce(BorrowedFd<'_>, BorrowedFd<'_>) -> rustix::io::Result<T>,
    ) -> Result<T> {
        check_name(from.1)?;
        check_name(to.1)?;
        let (from, to) = (self.get(from.0)?, self.get(to.0)?);
        call(from.directory()?, to.directory()?).map_err(from_errno)
    }
}

pub(crate) fn file_kind(kind: FileType) -> FileKind {
    match kind {
        FileType::RegularFile => FileKind::Regular,
        FileType::Directory => FileKind::Directory,
        FileType::Symlink => FileKind::SymbolicLink,
        FileType::CharacterDevice => FileKind::CharacterDevice,
        FileType::BlockDevice => FileKind::BlockDevice,
        FileType::Fifo => FileKind::Pipe,
        FileType::Socket => FileKind::StreamSocket,
        FileType::Unknown => FileKind::Unknown,
    }
}

#[allow(
    clippy::useless_conversion,
    reason = "the width of a count of links differs between architectures"
)]
fn metadata(stat: &Stat) -> Metadata {
    Metadata {
        kind: file_kind(FileType::from_raw_mode(stat.st_mode)),
        size: stat.st_size.try_into().unwrap_or(0),
        links: stat.st_nlink.into(),
        inode: stat.st_ino,
        device: stat.st_dev,
        accessed: from_parts(stat.st_atime, stat.st_atime_nsec),
        modified: from_parts(stat.st_mtime, stat.st_mtime_nsec),
        changed: from_parts(stat.st_ctime, stat.st_ctime_nsec),
    }
}

fn timestamps(accessed: TimeChange, modified: TimeChange) -> Timestamps {
    let time = |change| match change {
        TimeChange::Keep => Timespec {
            tv_sec: 0,
            tv_nsec: UTIME_OMIT,
        },
        TimeChange::Now => Timespec {
            tv_sec: 0,
            tv_nsec: UTIME_NOW,
        },
        TimeChange::At(time) => timespec(time),
    };
    Timestamps {
        last_access: time(accessed),
        last_modification: time(modified),
    }
}

/// Repeats `call` until no signal ends it.
fn retry<T>(mut call: impl FnMut() -> rustix::io::Result<T>) -> Result<T> {
    loop {
        match call() {
            Err(Errno::INTR) => {}
            other => return other.map_err(from_errno),
        }
    }
}

impl Files for HostFiles {
    fn open_root(&self, path: &str) -> Result<FileHandle> {
        self.insert(open_root(path)?)
    }

    fn open_at(
        &self,
        directory: FileHandle,
        name: &str,
        options: OpenOptions,
    ) -> Result<(FileHandle, FileKind)> {
        check_name(name)?;
        let directory = self.get(directory)?;
        let file = open_at(directory.directory()?, name, options)?;
        let kind = file.kind;
        Ok((self.insert(file)?, kind))
    }

    fn duplicate(&self, file: FileHandle) -> Result<FileHandle> {
        self.insert(reopen(&*self.get(file)?)?)
    }

    fn close(&self, file: FileHandle) -> Result<()> {
        self.0.remove(file.raw()).map(drop)
    }

    fn read_at(&self, file: FileHandle, offset: u64, buffer: &mut [u8]) -> Result<usize> {
        let file = self.get(file)?;
        retry(|| match file.has_positions() {
            true => rustix::io::pread(&file, &mut *buffer, offset),
            false => rustix::io::read(&file, &mut *buffer),
        })
    }

    fn write_at(&self, file: FileHandle, offset: u64, data: &[u8]) -> Result<usize> {
        let file = self.get(file)?;
        retry(|| match file.has_positions() {
            true => rustix::io::pwrite(&file, data, offset),
            false => rustix::io::write(&file, data),
        })
    }

    fn set_size(&self, file: FileHandle, size: u64) -> Result<()> {
        let file = self.get(file)?;
        if file.kind != FileKind::Regular {
            return Err(ErrorKind::InvalidArgument.into());
        }
        if !file.options.write {
            return Err(ErrorKind::BadDescriptor.into());
        }
        retry(|| rustix::fs::ftruncate(&file, size))
    }

    fn sync(&self, file: FileHandle, data_only: bool) -> Result<()> {
        let file = self.get(file)?;
        let result = retry(|| match data_only {
            true => rustix::fs::fdatasync(&file),
            false => rustix::fs::fsync(&file),
        });
        match result {
            // Pipes and devices have nothing to wait for.
            Err(error) if error.kind() == ErrorKind::InvalidArgument => Ok(()),
            other => other,
        }
    }

    fn metadata(&self, file: FileHandle) -> Result<Metadata> {
        let file = self.get(file)?;
        let stat = rustix::fs::fstat(&file).map_err(from_errno)?;
        Ok(metadata(&stat))
    }

    fn metadata_at(&self, directory: FileHandle, name: &str) -> Result<Metadata> {
        let stat = self.at(directory, name, |directory, name| {
            rustix::fs::statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)
        })?;
        Ok(metadata(&stat))
    }

    fn set_times(
        &self,
        file: FileHandle,
        accessed: TimeChange,
        modified: TimeChange,
    ) -> Result<()> {
        let file = self.get(file)?;
        rustix::fs::futimens(&file, &timestamps(accessed, modified)).map_err(from_errno)
    }

    fn set_times_at(
        &self,
        directory: FileHandle,
        name: &str,
        accessed: TimeChange,
        modified: TimeChange,
    ) -> Result<()> {
        let times = timestamps(accessed, modified);
        self.at(directory, name, |directory, name| {
            rustix::fs::utimensat(directory, name, &times, AtFlags::SYMLINK_NOFOLLOW)
        })
    }

    fn list(
        &self,
        directory: FileHandle,
        cookie: u64,
        visit: &mut dyn FnMut(DirectoryEntry<'_>) -> ListControl,
    ) -> Result<bool> {
        list(&*self.get(directory)?, cookie, visit)
    }

    fn create_directory_at(&self, directory: FileHandle, name: &str) -> Result<()> {
        self.at(directory, name, |directory, name| {
            rustix::fs::mkdirat(directory, name, 0o777.into())
        })
    }

    fn remove_file_at(&self, directory: FileHandle, name: &str) -> Result<()> {
        self.at(directory, name, |directory, name| {
            rustix::fs::unlinkat(directory, name, AtFlags::empty())
        })
    }

    fn remove_directory_at(&self, directory: FileHandle, name: &str) -> Result<()> {
        self.at(directory, name, |directory, name| {
            rustix::fs::unlinkat(directory, name, AtFlags::REMOVEDIR)
        })
    }

    fn rename_at(
        &self,
        directory: FileHandle,
        name: &str,
        to_directory: FileHandle,
        to_name: &str,
    ) -> Result<()> {
        self.between((directory, name), (to_directory, to_name), |from, to| {
            rustix::fs::renameat(from, name, to, to_name)
        })
    }

    fn link_at(
        &self,
        directory: FileHandle,
        name: &str,
        to_directory: FileHandle,
        to_name: &str,
    ) -> Result<()> {
        self.between((directory, name), (to_directory, to_name), |from, to| {
            rustix::fs::linkat(from, name, to, to_name, AtFlags::empty())
        })
    }

    fn symlink_at(&self, target: &str, directory: FileHandle, name: &str) -> Result<()> {
        if target.is_empty() || target.contains('\0') {
            return Err(ErrorKind::InvalidArgument.into());
        }
        self.at(directory, name, |directory, name| {
            rustix::fs::symlinkat(target, directory, name)
        })
    }

    fn read_link_at(&self, directory: FileHandle, name: &str, buffer: &mut [u8]) -> Result<usize> {
        self.at(directory, name, |directory, name| {
            // Linux holds no target longer than a path can be, 4096 bytes.
            let mut whole = [0; 4096];
            let length = rustix::fs::readlinkat_raw(directory, name, &mut whole)?;
            for (to, from) in buffer.iter_mut().zip(whole.iter().take(length)) {
                *to = *from;
            }
            Ok(length)
        })
    }
}

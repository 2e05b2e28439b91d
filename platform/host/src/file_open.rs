//! Opening, one component at a time.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Mutex;

use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;
use thimble_platform::{Error, ErrorKind, FileKind, OpenOptions, Result};

use crate::error::from_errno;
use crate::file::{OpenFile, file_kind};

/// Refuses what is not one component, so that no name leads out of its
/// directory.
pub(crate) fn check_name(name: &str) -> Result<()> {
    match name {
        "" | "." | ".." => Err(ErrorKind::InvalidArgument.into()),
        _ if name.contains(['/', '\0']) => Err(ErrorKind::InvalidArgument.into()),
        _ => Ok(()),
    }
}

/// Opens a directory by its path.
pub(crate) fn open_root(path: &str) -> Result<OpenFile> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let descriptor = rustix::fs::open(path, flags, Mode::empty()).map_err(from_errno)?;
    let options = OpenOptions {
        read: true,
        directory: true,
        ..OpenOptions::default()
    };
    opened(descriptor, options)
}

/// Opens `name` in `directory`, and never what it points to.
pub(crate) fn open_at(
    directory: BorrowedFd<'_>,
    name: &str,
    options: OpenOptions,
) -> Result<OpenFile> {
    let flags = flags(options)?;
    match rustix::fs::openat(directory, name, flags, Mode::from_raw_mode(0o666)) {
        Ok(descriptor) => opened(descriptor, options),
        // Asked for a directory, Linux says of a link that it is none.
        Err(Errno::NOTDIR) if is_link(directory, name) => Err(Error::with_code(
            ErrorKind::Loop,
            Errno::NOTDIR.raw_os_error(),
        )),
        Err(errno) => Err(from_errno(errno)),
    }
}

fn is_link(directory: BorrowedFd<'_>, name: &str) -> bool {
    rustix::fs::statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)
        .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Symlink)
}

/// The kernel's flags; refuses options that contradict each other.
fn flags(options: OpenOptions) -> Result<OFlags> {
    let changes = options.write || options.create || options.truncate;
    if (options.directory && changes)
        || (options.truncate && !options.write)
        || (options.exclusive && !options.create)
    {
        return Err(ErrorKind::InvalidArgument.into());
    }
    // NONBLOCK, because opening a pipe would wait for its other end; NOCTTY,
    // because a terminal must not take this process over.
    let mut flags = OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    flags |= match (options.read, options.write, options.directory) {
        (true, true, _) => OFlags::RDWR,
        (false, true, _) => OFlags::WRONLY,
        (true, false, _) => OFlags::RDONLY,
        // Only to walk through: needs no permission to list.
        (false, false, true) => OFlags::PATH,
        (false, false, false) => return Err(ErrorKind::InvalidArgument.into()),
    };
    flags.set(OFlags::DIRECTORY, options.directory);
    flags.set(OFlags::CREATE, options.create);
    flags.set(OFlags::EXCL, options.exclusive);
    flags.set(OFlags::TRUNC, options.truncate);
    Ok(flags)
}

fn opened(descriptor: OwnedFd, options: OpenOptions) -> Result<OpenFile> {
    let stat = rustix::fs::fstat(&descriptor).map_err(from_errno)?;
    Ok(OpenFile {
        kind: file_kind(FileType::from_raw_mode(stat.st_mode)),
        descriptor,
        options,
        listing: Mutex::new(()),
    })
}

/// A further handle of the same object. Directories get a position of their
/// own, so that two listings do not disturb each other.
pub(crate) fn reopen(file: &OpenFile) -> Result<OpenFile> {
    let descriptor = match file.kind {
        FileKind::Directory => {
            let flags = flags(file.options)? | OFlags::DIRECTORY;
            rustix::fs::openat(file.as_fd(), ".", flags, Mode::empty()).map_err(from_errno)?
        }
        _ => rustix::io::fcntl_dupfd_cloexec(file, 0).map_err(from_errno)?,
    };
    Ok(OpenFile {
        descriptor,
        kind: file.kind,
        options: file.options,
        listing: Mutex::new(()),
    })
}

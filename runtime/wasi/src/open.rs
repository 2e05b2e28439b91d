//! Opening files and directories by path.

use thimble_platform::{ErrorKind, FileHandle, FileKind, OpenOptions};

use crate::context::WasiContext;
use crate::descriptor::{Descriptor, Resource, filetype};
use crate::errno::{Errno, Failure};
use crate::guest::{GuestMemory, GuestPtr};
use crate::handle::OwnedFile;
use crate::resolve::Place;
use crate::rights::Rights;
use crate::types::{Fdflags, Filetype, Lookupflags, Oflags};

/// The rights that decide how a file is opened. One that the directory cannot give is
/// refused; others that it cannot give are left out, for libraries ask for all that could
/// make sense, whatever the program means to do.
const ACCESS: Rights = Rights::FD_READ.and(Rights::FD_WRITE);

/// What cannot be done with a file that the system has not opened to write.
const NEEDS_WRITING: Rights = Rights::FD_WRITE
    .and(Rights::FD_ALLOCATE)
    .and(Rights::FD_FILESTAT_SET_SIZE);

/// Which rights over the directory an opening takes.
fn needed(oflags: Oflags) -> Rights {
    let mut needed = Rights::PATH_OPEN;
    if oflags.contains(Oflags::CREAT) {
        needed = needed.and(Rights::PATH_CREATE_FILE);
    }
    if oflags.contains(Oflags::TRUNC) {
        needed = needed.and(Rights::PATH_FILESTAT_SET_SIZE);
    }
    needed
}

/// Which rights the directory must be able to give on, for these rights and flags.
fn needed_inheriting(rights: Rights, flags: Fdflags) -> Rights {
    let mut needed = rights.within(ACCESS);
    if flags.contains(Fdflags::DSYNC) {
        needed = needed.and(Rights::FD_DATASYNC);
    }
    if flags.contains(Fdflags::SYNC) || flags.contains(Fdflags::RSYNC) {
        needed = needed.and(Rights::FD_SYNC);
    }
    needed
}

/// Opens what is at `place`, following symbolic links if `follow` is set.
fn open(
    place: &mut Place<'_>,
    follow: bool,
    options: OpenOptions,
) -> Result<(FileHandle, FileKind), Errno> {
    loop {
        let mut options = options;
        if place.is_marked_directory() {
            if options.create {
                return Err(Errno::Isdir);
            }
            // Opening it to write fails below, but only if it is a directory.
            options.directory = true;
            options.write = false;
            options.truncate = false;
        }
        let Some(name) = place.name() else {
            return open_itself(place, options);
        };
        match place.files().open_at(place.directory(), name, options) {
            Err(error) if error.kind() == ErrorKind::Loop => {
                if !(follow || place.is_marked_directory()) || !place.follow()? {
                    return Err(Errno::Loop);
                }
            }
            other => return Ok(other?),
        }
    }
}

/// Opens the directory that a path has led to, which has no name to open it by.
fn open_itself(place: &Place<'_>, options: OpenOptions) -> Result<(FileHandle, FileKind), Errno> {
    if options.exclusive {
        return Err(Errno::Exist);
    }
    if options.create || options.write {
        return Err(Errno::Isdir);
    }
    Ok((
        place.files().duplicate(place.directory())?,
        FileKind::Directory,
    ))
}

impl WasiContext {
    /// `path_open`: opens or creates what `path` names below the directory `fd`, and stores
    /// the number of the new descriptor, the lowest free one.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notdir`], [`Errno::Notcapable`], [`Errno::Fault`], [`Errno::Inval`] for flags that
    /// are unknown or contradict each other, [`Errno::Perm`] if the path leads out of the directory,
    /// [`Errno::Noent`], [`Errno::Exist`], [`Errno::Isdir`], [`Errno::Loop`], [`Errno::Nametoolong`], [`Errno::Ilseq`],
    /// [`Errno::Acces`], [`Errno::Rofs`], [`Errno::Nospc`], [`Errno::Mfile`], [`Errno::Nfile`], [`Errno::Nomem`], [`Errno::Io`].
    #[allow(clippy::too_many_arguments, reason = "as the specification has it")]
    pub fn path_open(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        dirflags: u32,
        path: GuestPtr<u8>,
        path_len: u32,
        oflags: u32,
        rights_base: u64,
        rights_inheriting: u64,
        fdflags: u32,
        opened_fd: GuestPtr<u32>,
    ) -> Result<(), Failure> {
        let follow = Lookupflags::decode(dirflags)?.contains(Lookupflags::SYMLINK_FOLLOW);
        let oflags = Oflags::decode(oflags)?;
        let flags = Fdflags::decode(fdflags)?;
        let wanted = Rights::from_bits(rights_base);
        memory.bytes(opened_fd.cast(), 4)?;
        // The file is created or cut only when nothing of ours can fail any more.
        self.table.reserve()?;
        let base = self.table.get(fd)?;
        let start = base.directory(needed(oflags))?;
        let inheriting = base.inheriting;
        if !inheriting.contains(needed_inheriting(wanted, flags)) {
            return Err(Errno::Notcapable.into());
        }
        let options = OpenOptions {
            read: wanted.contains(Rights::FD_READ) || !wanted.contains(Rights::FD_WRITE),
            write: wanted.contains(Rights::FD_WRITE) || oflags.contains(Oflags::TRUNC),
            create: oflags.contains(Oflags::CREAT),
            exclusive: oflags.contains(Oflags::CREAT) && oflags.contains(Oflags::EXCL),
            truncate: oflags.contains(Oflags::TRUNC),
            directory: oflags.contains(Oflags::DIRECTORY),
        };
        let mut directory_options = options;
        if options.directory {
            if options.create || options.truncate || oflags.contains(Oflags::EXCL) {
                return Err(Errno::Inval.into());
            }
            directory_options.write = false;
        }
        let mut place = Place::find_last(start, memory, (path, path_len))?;
        let (handle, kind) = open(&mut place, follow, directory_options)?;
        let file = OwnedFile {
            files: place.files(),
            handle,
        };
        drop(place);

        let filetype = filetype(kind);
        let mut descriptor = if filetype == Filetype::Directory {
            if options.write {
                return Err(Errno::Isdir.into());
            }
            let resource = Resource::Directory {
                file,
                preopen: None,
            };
            let mut descriptor = Descriptor::new(resource, filetype, wanted);
            descriptor.inheriting = Rights::from_bits(rights_inheriting).within(inheriting);
            descriptor
        } else {
            let usable = if options.write {
                wanted
            } else {
                wanted.without(NEEDS_WRITING)
            };
            Descriptor::new(Resource::File(file), filetype, usable)
        };
        descriptor.rights = descriptor
            .rights
            .within(inheriting)
            .within(Rights::of_type(filetype));
        descriptor.flags = flags;
        let number = self.table.insert(descriptor)?;
        Ok(memory.store_u32(opened_fd, number)?)
    }
}

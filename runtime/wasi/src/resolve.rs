//! Finding what a guest's path names, without ever leaving the directory it starts from.
//!
//! The system below is only ever asked for one component of a directory that is open, and
//! never follows a symbolic link itself. So whatever links there are, and however they are
//! changed meanwhile, a path leads to something below the starting directory or nowhere.
//!
//! At most two directories are open at a time. For `..` the way from the start is walked
//! again without its last step, rather than keeping each directory on the way open: `..`
//! behind a directory is rare in programs, open handles are rare on small systems.

use alloc::vec::Vec;
use core::ops::Range;

use thimble_platform::{ErrorKind, FileHandle, Files};
use thimble_vm::fallible::TryVec;

use crate::errno::Errno;
use crate::guest::{GuestMemory, GuestPtr};
use crate::handle::OwnedFile;
use crate::limits::{MAXIMUM_PATH, MAXIMUM_STEPS};
use crate::path::{Path, Step};

/// Where a path has led: a directory and, usually, a name in it, which may not exist.
pub(crate) struct Place<'d> {
    start: &'d OwnedFile,
    /// The directory reached, if it is not the start.
    reached: Option<OwnedFile>,
    /// The names from the start to the directory reached, each with a slash behind it.
    trail: Vec<u8>,
    path: Path,
    last: Option<Range<usize>>,
    slash: bool,
    /// Directories that may still be opened.
    steps: u32,
}

impl<'d> Place<'d> {
    /// Walks the path at `address` from `start` to its last name, and if `follow` is set, or
    /// a slash ends the path, on through symbolic links.
    ///
    /// # Errors
    /// [`Errno::Fault`], those of [`Path::new`]; [`Errno::Perm`] if the path leads out of `start`,
    /// [`Errno::Loop`], [`Errno::Noent`], [`Errno::Notdir`], and others of opening directories.
    pub(crate) fn find(
        start: &'d OwnedFile,
        memory: &GuestMemory<'_>,
        (address, length): (GuestPtr<u8>, u32),
        follow: bool,
    ) -> Result<Self, Errno> {
        let mut place = Place::find_last(start, memory, (address, length))?;
        while (follow || place.slash) && place.follow()? {}
        Ok(place)
    }

    /// Walks the path to its last name, which may be a symbolic link.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub(crate) fn find_last(
        start: &'d OwnedFile,
        memory: &GuestMemory<'_>,
        (address, length): (GuestPtr<u8>, u32),
    ) -> Result<Self, Errno> {
        let path = Path::new(memory.bytes(address, length)?)?;
        let mut place = Place {
            start,
            reached: None,
            trail: Vec::new(),
            path,
            last: None,
            slash: false,
            steps: MAXIMUM_STEPS,
        };
        place.advance()?;
        Ok(place)
    }

    /// The file system.
    pub(crate) fn files(&self) -> &'static dyn Files {
        self.start.files
    }

    /// The directory reached.
    pub(crate) fn directory(&self) -> FileHandle {
        self.reached.as_ref().unwrap_or(self.start).handle
    }

    /// The last name of the path, or `None` if the path is the directory reached.
    pub(crate) fn name(&self) -> Option<&str> {
        self.last.as_ref().map(|range| self.path.name(range))
    }

    /// Whether the path says that the last name is a directory.
    pub(crate) fn is_marked_directory(&self) -> bool {
        self.slash
    }

    /// If the last name is a symbolic link, goes on to what it says; else returns `false`.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub(crate) fn follow(&mut self) -> Result<bool, Errno> {
        let Some(range) = self.last.take() else {
            return Ok(false);
        };
        let target = match self.read_link(self.path.name(&range)) {
            Ok(Some(target)) => target,
            // Nothing there: the caller may be about to create it.
            Ok(None) | Err(Errno::Noent) => {
                self.last = Some(range);
                return Ok(false);
            }
            Err(errno) => return Err(errno),
        };
        self.path.follow(&target)?;
        self.advance()?;
        Ok(true)
    }

    fn advance(&mut self) -> Result<(), Errno> {
        self.slash = false;
        loop {
            match self.path.next() {
                Step::Through(range) => self.enter(&range)?,
                Step::Parent => self.leave()?,
                Step::Last(range, slash) => {
                    self.last = Some(range);
                    self.slash = slash;
                    return Ok(());
                }
                Step::Here => return Ok(()),
            }
        }
    }

    /// Goes into the directory at `range` of the path, or to where a link there leads.
    fn enter(&mut self, range: &Range<usize>) -> Result<(), Errno> {
        let name = self.path.name(range);
        self.steps = self.steps.checked_sub(1).ok_or(Errno::Nametoolong)?;
        match OwnedFile::open_directory(self.files(), self.directory(), name) {
            Ok(directory) => {
                if self.trail.len() + name.len() >= MAXIMUM_PATH {
                    return Err(Errno::Nametoolong);
                }
                self.trail.try_extend(name.as_bytes())?;
                self.trail.try_push(b'/')?;
                self.reached = Some(directory);
                Ok(())
            }
            Err(Errno::Loop) => {
                let target = self.read_link(name)?.ok_or(Errno::Loop)?;
                self.path.follow(&target)
            }
            Err(errno) => Err(errno),
        }
    }

    /// Goes to the parent of the directory reached.
    fn leave(&mut self) -> Result<(), Errno> {
        if self.trail.pop().is_none() {
            return Err(Errno::Perm);
        }
        let kept = self
            .trail
            .iter()
            .rposition(|byte| *byte == b'/')
            .map_or(0, |slash| slash + 1);
        self.trail.truncate(kept);
        self.reached = None;
        for name in self
            .trail
            .split(|byte| *byte == b'/')
            .filter(|name| !name.is_empty())
        {
            let name = core::str::from_utf8(name).map_err(|_| Errno::Ilseq)?;
            self.steps = self.steps.checked_sub(1).ok_or(Errno::Nametoolong)?;
            let directory = OwnedFile::open_directory(self.files(), self.directory(), name)?;
            self.reached = Some(directory);
        }
        Ok(())
    }

    /// What the symbolic link `name` in the directory reached says; nothing if it is
    /// something else.
    ///
    /// # Errors
    /// [`Errno::Noent`], [`Errno::Nametoolong`], [`Errno::Nomem`], [`Errno::Io`].
    pub(crate) fn read_link(&self, name: &str) -> Result<Option<Vec<u8>>, Errno> {
        let mut target = Vec::new();
        let mut room = 64;
        loop {
            target.try_resize(room, 0)?;
            match self
                .files()
                .read_link_at(self.directory(), name, &mut target)
            {
                Ok(length) if length <= room => {
                    target.truncate(length);
                    return Ok(Some(target));
                }
                Ok(length) if length > MAXIMUM_PATH => return Err(Errno::Nametoolong),
                Ok(length) => room = length,
                Err(error) => {
                    return match error.kind() {
                        ErrorKind::InvalidArgument | ErrorKind::NotSupported => Ok(None),
                        _ => Err(error.into()),
                    };
                }
            }
        }
    }
}

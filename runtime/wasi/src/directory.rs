//! Directories: listing, making and removing them, and the preopened ones.

use thimble_platform::{DirectoryEntry, ListControl};

use crate::context::WasiContext;
use crate::descriptor::{Resource, filetype};
use crate::errno::{Errno, Failure};
use crate::guest::{GuestMemory, GuestPtr};
use crate::records::{Dirent, place};
use crate::resolve::Place;
use crate::rights::Rights;
use crate::types::Filetype;

/// The cookies of `.` and `..`, which the system below does not list. Its own cookies,
/// which start at 0, are shown to guests with this added.
const SYSTEM_COOKIES: u64 = 2;

/// The guest's buffer as it fills with entries.
struct Listing<'m> {
    buffer: &'m mut [u8],
    used: usize,
}

impl Listing<'_> {
    fn put(&mut self, bytes: &[u8]) {
        if let Some(rest) = self.buffer.get_mut(self.used..) {
            let length = rest.len().min(bytes.len());
            place(rest, 0, bytes);
            self.used += length;
        }
    }

    /// Appends an entry, as much of it as fits. Returns whether there is room for more.
    fn entry(&mut self, name: &[u8], next: u64, inode: u64, filetype: Filetype) -> bool {
        // Names have at most some hundred bytes on every system.
        let name_length = u32::try_from(name.len()).unwrap_or(u32::MAX);
        self.put(
            &Dirent {
                next,
                inode,
                name_length,
                filetype,
            }
            .to_bytes(),
        );
        self.put(name);
        self.used < self.buffer.len()
    }
}

impl WasiContext {
    /// `fd_readdir`: fills the buffer with the entries of the directory `fd` from `cookie` on,
    /// the last one possibly cut, and stores how many bytes that took: less than the buffer
    /// holds only at the end of the directory.
    ///
    /// `.` and `..` are the first entries. A name that is not UTF-8 is left out, for no path
    /// could name it.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notdir`], [`Errno::Notcapable`], [`Errno::Fault`], [`Errno::Inval`] for a cookie that was never
    /// given out, where the system can tell, [`Errno::Io`].
    pub fn fd_readdir(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        buf: GuestPtr<u8>,
        buf_len: u32,
        cookie: u64,
        bufused: GuestPtr<u32>,
    ) -> Result<(), Failure> {
        memory.bytes(bufused.cast(), 4)?;
        let directory = self.table.get(fd)?.directory(Rights::FD_READDIR)?;
        let mut listing = Listing {
            buffer: memory.bytes_mut(buf, buf_len)?,
            used: 0,
        };
        let mut room = buf_len > 0;
        if room && cookie == 0 {
            let inode = directory.metadata()?.inode;
            room = listing.entry(b".", 1, inode, Filetype::Directory);
        }
        if room && cookie <= 1 {
            // What lies above is not for the guest to know.
            room = listing.entry(b"..", SYSTEM_COOKIES, 0, Filetype::Directory);
        }
        if room {
            let from = cookie.saturating_sub(SYSTEM_COOKIES);
            let visit = &mut |entry: DirectoryEntry<'_>| {
                if core::str::from_utf8(entry.name).is_err() {
                    return ListControl::Continue;
                }
                let next = entry.next.saturating_add(SYSTEM_COOKIES);
                if listing.entry(entry.name, next, entry.inode, filetype(entry.kind)) {
                    ListControl::Continue
                } else {
                    ListControl::Stop
                }
            };
            directory.files.list(directory.handle, from, visit)?;
        }
        let used = u32::try_from(listing.used).map_err(|_| Errno::Overflow)?;
        Ok(memory.store_u32(bufused, used)?)
    }

    /// `path_create_directory`: makes a directory.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Notdir`], [`Errno::Notcapable`], [`Errno::Fault`], [`Errno::Exist`], [`Errno::Nospc`], [`Errno::Rofs`] and those
    /// of paths: [`Errno::Noent`], [`Errno::Perm`], [`Errno::Loop`], [`Errno::Nametoolong`], [`Errno::Ilseq`], [`Errno::Inval`].
    pub fn path_create_directory(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        path: GuestPtr<u8>,
        path_len: u32,
    ) -> Result<(), Failure> {
        let start = self
            .table
            .get(fd)?
            .directory(Rights::PATH_CREATE_DIRECTORY)?;
        let place = Place::find_last(start, memory, (path, path_len))?;
        let name = place.name().ok_or(Errno::Exist)?;
        Ok(place.files().create_directory_at(place.directory(), name)?)
    }

    /// `path_remove_directory`: removes an empty directory.
    ///
    /// # Errors
    /// As [`path_create_directory`](Self::path_create_directory), and [`Errno::Notempty`], [`Errno::Busy`];
    /// [`Errno::Inval`] for the directory that the path starts from.
    pub fn path_remove_directory(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        path: GuestPtr<u8>,
        path_len: u32,
    ) -> Result<(), Failure> {
        let start = self
            .table
            .get(fd)?
            .directory(Rights::PATH_REMOVE_DIRECTORY)?;
        let place = Place::find_last(start, memory, (path, path_len))?;
        let name = place.name().ok_or(Errno::Inval)?;
        Ok(place.files().remove_directory_at(place.directory(), name)?)
    }

    fn preopen(&self, fd: u32) -> Result<&[u8], Errno> {
        match &self.table.get(fd)?.resource {
            Resource::Directory {
                preopen: Some(name),
                ..
            } => Ok(name),
            _ => Err(Errno::Badf),
        }
    }

    /// `fd_prestat_get`: stores that `fd` is a preopened directory, and the length of its name.
    ///
    /// # Errors
    /// [`Errno::Badf`] if it is not, [`Errno::Fault`].
    pub fn fd_prestat_get(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        stat: GuestPtr<u8>,
    ) -> Result<(), Failure> {
        let length = u32::try_from(self.preopen(fd)?.len()).map_err(|_| Errno::Overflow)?;
        // The tag 0 says that it is a directory.
        Ok(memory.store(stat, &(u64::from(length) << 32).to_le_bytes())?)
    }

    /// `fd_prestat_dir_name`: stores the name of the preopened directory `fd`, without a NUL.
    ///
    /// # Errors
    /// [`Errno::Badf`], [`Errno::Nametoolong`] if the buffer is too small for it, [`Errno::Fault`].
    pub fn fd_prestat_dir_name(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        path: GuestPtr<u8>,
        path_len: u32,
    ) -> Result<(), Failure> {
        let name = self.preopen(fd)?;
        if name.len() > usize::try_from(path_len).unwrap_or(usize::MAX) {
            return Err(Errno::Nametoolong.into());
        }
        Ok(memory.store(path, name)?)
    }
}

//! Files and directories, one path component at a time.
//!
//! Directories are handles. A name is one component: the caller walks a path
//! itself, and no call here ever follows a symbolic link, so a back end
//! cannot be led out of a directory. Positions, append, rights and `.`/`..`
//! are the caller's. A back end over whole-path functions keeps the path
//! behind each directory handle.

use crate::{FileHandle, Result};

/// What an object of the file system is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum FileKind {
    /// Not known, or none of the others.
    Unknown = 0,
    /// A file with bytes at offsets.
    Regular = 1,
    /// A directory.
    Directory = 2,
    /// A symbolic link.
    SymbolicLink = 3,
    /// A device of bytes, such as a terminal.
    CharacterDevice = 4,
    /// A device of blocks.
    BlockDevice = 5,
    /// A pipe.
    Pipe = 6,
    /// A stream socket.
    StreamSocket = 7,
    /// A datagram socket.
    DatagramSocket = 8,
}

/// How to open. All off opens nothing: at least one of `read`, `write` and
/// `directory` is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenOptions {
    /// To read bytes, or to list. A directory opened without serves only to
    /// reach what is in it.
    pub read: bool,
    /// To write bytes. A directory is [`IsDirectory`](crate::ErrorKind::IsDirectory).
    pub write: bool,
    /// Make an empty regular file if there is nothing of that name.
    pub create: bool,
    /// With `create`: whatever has that name, also a symbolic link, is
    /// [`AlreadyExists`](crate::ErrorKind::AlreadyExists).
    pub exclusive: bool,
    /// With `write`: cut a regular file to length 0.
    pub truncate: bool,
    /// Only a directory will do; anything else is
    /// [`NotDirectory`](crate::ErrorKind::NotDirectory). Not with `write`,
    /// `create` or `truncate`.
    pub directory: bool,
}

/// What is known about an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// What it is.
    pub kind: FileKind,
    /// Its length in bytes; of a symbolic link the length of its target. 0
    /// for directories is allowed.
    pub size: u64,
    /// How many names it has; 1 where the medium has no hard links.
    pub links: u64,
    /// Its number within `device`; the same for every name and handle of the
    /// object, different from every other object's. 0 where the medium has
    /// none.
    pub inode: u64,
    /// The file system it is on.
    pub device: u64,
    /// Last read, nanoseconds since 1970-01-01 UTC; 0 if not known.
    pub accessed: u64,
    /// Last written, likewise.
    pub modified: u64,
    /// Last change of this record, likewise.
    pub changed: u64,
}

/// What to make of a time of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeChange {
    /// Leave it.
    Keep,
    /// The time of the call.
    Now,
    /// Nanoseconds since 1970-01-01 UTC; rounded down to what the medium
    /// holds.
    At(u64),
}

/// One name in a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectoryEntry<'a> {
    /// The name as stored, usually but not surely UTF-8.
    pub name: &'a [u8],
    /// What it names; [`FileKind::Unknown`] if finding out would cost more.
    pub kind: FileKind,
    /// As [`Metadata::inode`]; 0 if finding out would cost more.
    pub inode: u64,
    /// Where a later [`Files::list`] goes on after this entry: above 0 and
    /// below 2⁶³.
    pub next: u64,
}

/// Whether a listing goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListControl {
    /// The next entry, please.
    Continue,
    /// No more entries.
    Stop,
}

/// Files. Optional.
///
/// Every `name` is one component: neither empty nor `.` nor `..`, without
/// `/` or NUL; anything else is
/// [`InvalidArgument`](crate::ErrorKind::InvalidArgument). Errors of every
/// call: [`BadDescriptor`](crate::ErrorKind::BadDescriptor) for an unknown
/// handle, or one not open for this access;
/// [`NotDirectory`](crate::ErrorKind::NotDirectory) where the handle must be
/// of a directory and is not; [`Io`](crate::ErrorKind::Io),
/// [`ReadOnly`](crate::ErrorKind::ReadOnly),
/// [`NoSpace`](crate::ErrorKind::NoSpace),
/// [`PermissionDenied`](crate::ErrorKind::PermissionDenied),
/// [`NameTooLong`](crate::ErrorKind::NameTooLong) and
/// [`OutOfMemory`](crate::ErrorKind::OutOfMemory) where they apply; and
/// [`NotSupported`](crate::ErrorKind::NotSupported) where the medium lacks
/// what is asked.
pub trait Files: Sync {
    /// Opens a directory by a path of the system below, for the embedder:
    /// this is the only call that follows links and takes a whole path.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound),
    /// [`NotDirectory`](crate::ErrorKind::NotDirectory),
    /// [`TooManyOpen`](crate::ErrorKind::TooManyOpen).
    fn open_root(&self, path: &str) -> Result<FileHandle>;

    /// Opens `name` in `directory`, and says what it is.
    ///
    /// Directories can be opened with `read` too. Opening waits for nothing,
    /// also not for the other end of a pipe.
    ///
    /// # Errors
    ///
    /// [`Loop`](crate::ErrorKind::Loop) when `name` is a symbolic link,
    /// whatever the options (but see [`OpenOptions::exclusive`]);
    /// [`NotFound`](crate::ErrorKind::NotFound),
    /// [`AlreadyExists`](crate::ErrorKind::AlreadyExists),
    /// [`NotDirectory`](crate::ErrorKind::NotDirectory),
    /// [`IsDirectory`](crate::ErrorKind::IsDirectory),
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for options
    /// that contradict each other,
    /// [`TooManyOpen`](crate::ErrorKind::TooManyOpen).
    fn open_at(
        &self,
        directory: FileHandle,
        name: &str,
        options: OpenOptions,
    ) -> Result<(FileHandle, FileKind)>;

    /// A further handle to the same object with the same access.
    ///
    /// # Errors
    ///
    /// [`TooManyOpen`](crate::ErrorKind::TooManyOpen).
    fn duplicate(&self, file: FileHandle) -> Result<FileHandle>;

    /// Ends the handle, which is gone after an error, too.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::ErrorKind::Io) when what was written did not reach the
    /// medium.
    fn close(&self, file: FileHandle) -> Result<()>;

    /// Reads into `buffer` from `offset` bytes on, and returns how many
    /// bytes; 0 at or after the end, or for an empty `buffer`. Objects
    /// without positions ignore `offset`.
    ///
    /// # Errors
    ///
    /// [`IsDirectory`](crate::ErrorKind::IsDirectory);
    /// [`WouldBlock`](crate::ErrorKind::WouldBlock) for a pipe or device
    /// with nothing to read;
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for an offset
    /// of 2⁶³ or more.
    fn read_at(&self, file: FileHandle, offset: u64, buffer: &mut [u8]) -> Result<usize>;

    /// Writes some of `data` from `offset` bytes on, at least one byte
    /// unless it is empty, and returns how many. What lies between the old
    /// end and `offset` reads as zeroes. Objects without positions ignore
    /// `offset`.
    ///
    /// # Errors
    ///
    /// [`FileTooLarge`](crate::ErrorKind::FileTooLarge),
    /// [`NoSpace`](crate::ErrorKind::NoSpace),
    /// [`BrokenPipe`](crate::ErrorKind::BrokenPipe),
    /// [`WouldBlock`](crate::ErrorKind::WouldBlock),
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for an offset
    /// of 2⁶³ or more.
    fn write_at(&self, file: FileHandle, offset: u64, data: &[u8]) -> Result<usize>;

    /// Cuts or extends a regular file, open to write, to `size` bytes; what
    /// is added reads as zeroes.
    ///
    /// # Errors
    ///
    /// [`FileTooLarge`](crate::ErrorKind::FileTooLarge),
    /// [`NoSpace`](crate::ErrorKind::NoSpace),
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for something
    /// other than a regular file or a size of 2⁶³ or more.
    fn set_size(&self, file: FileHandle, size: u64) -> Result<()>;

    /// Waits until what was written is on the medium: the data and what is
    /// needed to read it back, and unless `data_only` the times too.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::ErrorKind::Io).
    fn sync(&self, file: FileHandle, data_only: bool) -> Result<()>;

    /// What is known about an open object.
    ///
    /// # Errors
    ///
    /// Only those of every call.
    fn metadata(&self, file: FileHandle) -> Result<Metadata>;

    /// What is known about `name`; of a symbolic link, about the link.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound).
    fn metadata_at(&self, directory: FileHandle, name: &str) -> Result<Metadata>;

    /// Sets the times of an open object.
    ///
    /// # Errors
    ///
    /// [`NotSupported`](crate::ErrorKind::NotSupported) where the medium has
    /// no times.
    fn set_times(&self, file: FileHandle, accessed: TimeChange, modified: TimeChange)
    -> Result<()>;

    /// Sets the times of `name`; of a symbolic link, those of the link.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound), and as
    /// [`set_times`](Files::set_times).
    fn set_times_at(
        &self,
        directory: FileHandle,
        name: &str,
        accessed: TimeChange,
        modified: TimeChange,
    ) -> Result<()>;

    /// Shows `visit` the entries from `cookie` on, until it stops or there
    /// are no more; returns whether the end was reached.
    ///
    /// Cookie 0 is the start; others are a [`DirectoryEntry::next`] of the
    /// same handle, and can be used in any order and any number of times.
    /// `.` and `..` are not shown. An entry that is there throughout is shown
    /// once, as long as nothing else is added or removed; most media keep
    /// the promise then too. `visit` calls nothing of the platform.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for a cookie
    /// that makes no sense.
    fn list(
        &self,
        directory: FileHandle,
        cookie: u64,
        visit: &mut dyn FnMut(DirectoryEntry<'_>) -> ListControl,
    ) -> Result<bool>;

    /// Makes an empty directory.
    ///
    /// # Errors
    ///
    /// [`AlreadyExists`](crate::ErrorKind::AlreadyExists).
    fn create_directory_at(&self, directory: FileHandle, name: &str) -> Result<()>;

    /// Removes `name`, which is not a directory; of a symbolic link, the
    /// link. Whoever has the object open may go on using it where the medium
    /// can do that; otherwise the call is [`Busy`](crate::ErrorKind::Busy).
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound),
    /// [`IsDirectory`](crate::ErrorKind::IsDirectory).
    fn remove_file_at(&self, directory: FileHandle, name: &str) -> Result<()>;

    /// Removes `name`, an empty directory.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound),
    /// [`NotDirectory`](crate::ErrorKind::NotDirectory),
    /// [`NotEmpty`](crate::ErrorKind::NotEmpty),
    /// [`Busy`](crate::ErrorKind::Busy).
    fn remove_directory_at(&self, directory: FileHandle, name: &str) -> Result<()>;

    /// Gives `name` in `directory` the name `to_name` in `to_directory`. A
    /// file there is replaced, as is an empty directory by a directory.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound),
    /// [`IsDirectory`](crate::ErrorKind::IsDirectory) when a file would
    /// replace a directory, [`NotDirectory`](crate::ErrorKind::NotDirectory)
    /// the other way round, [`NotEmpty`](crate::ErrorKind::NotEmpty),
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) when a
    /// directory would move into itself,
    /// [`CrossesDevices`](crate::ErrorKind::CrossesDevices),
    /// [`Busy`](crate::ErrorKind::Busy).
    fn rename_at(
        &self,
        directory: FileHandle,
        name: &str,
        to_directory: FileHandle,
        to_name: &str,
    ) -> Result<()>;

    /// Makes `to_name` in `to_directory` a further name of the object that
    /// `name` in `directory` names; of a symbolic link, of the link.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound),
    /// [`AlreadyExists`](crate::ErrorKind::AlreadyExists),
    /// [`NotPermitted`](crate::ErrorKind::NotPermitted) for a directory,
    /// [`TooManyLinks`](crate::ErrorKind::TooManyLinks),
    /// [`CrossesDevices`](crate::ErrorKind::CrossesDevices),
    /// [`NotSupported`](crate::ErrorKind::NotSupported) without hard links.
    fn link_at(
        &self,
        directory: FileHandle,
        name: &str,
        to_directory: FileHandle,
        to_name: &str,
    ) -> Result<()>;

    /// Makes `name` a symbolic link that says `target`, any text that is
    /// not empty and has no NUL; it need not lead anywhere.
    ///
    /// # Errors
    ///
    /// [`AlreadyExists`](crate::ErrorKind::AlreadyExists),
    /// [`NotSupported`](crate::ErrorKind::NotSupported) without symbolic
    /// links.
    fn symlink_at(&self, target: &str, directory: FileHandle, name: &str) -> Result<()>;

    /// Reads what the symbolic link `name` says into `buffer`, and returns
    /// its whole length; when that is more than `buffer` holds, the first
    /// bytes are there.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound),
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) when `name` is
    /// something else.
    fn read_link_at(&self, directory: FileHandle, name: &str, buffer: &mut [u8]) -> Result<usize>;
}

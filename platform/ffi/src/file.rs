//! Files and directories.

use core::ffi::c_void;

use thimble_platform::{
    DirectoryEntry, ErrorKind, FileHandle, FileKind, Files, ListControl, Metadata, OpenOptions,
    Result, TimeChange,
};

use crate::abi;
use crate::file_symbols::*;
use crate::platform::CPlatform;
use crate::status::{MOST, count, done, flag, handle, value};
use crate::text::Text;

fn kind(number: u32) -> FileKind {
    const KINDS: [FileKind; 8] = [
        FileKind::Regular,
        FileKind::Directory,
        FileKind::SymbolicLink,
        FileKind::CharacterDevice,
        FileKind::BlockDevice,
        FileKind::Pipe,
        FileKind::StreamSocket,
        FileKind::DatagramSocket,
    ];
    KINDS
        .into_iter()
        .find(|kind| *kind as u32 == number)
        .unwrap_or(FileKind::Unknown)
}

/// The C form of the options; refuses those that contradict each other.
fn options(options: OpenOptions) -> Result<u32> {
    let changes = options.write || options.create || options.truncate;
    if !(options.read || options.write || options.directory)
        || (options.directory && changes)
        || (options.truncate && !options.write)
        || (options.exclusive && !options.create)
    {
        return Err(ErrorKind::InvalidArgument.into());
    }
    let bit = |on: bool, bit: u32| if on { bit } else { 0 };
    Ok(bit(options.read, abi::OPEN_READ)
        | bit(options.write, abi::OPEN_WRITE)
        | bit(options.create, abi::OPEN_CREATE)
        | bit(options.exclusive, abi::OPEN_EXCLUSIVE)
        | bit(options.truncate, abi::OPEN_TRUNCATE)
        | bit(options.directory, abi::OPEN_DIRECTORY))
}

/// Refuses what a signed offset cannot hold.
fn check_offset(offset: u64) -> Result<()> {
    match i64::try_from(offset) {
        Ok(_) => Ok(()),
        Err(_) => Err(ErrorKind::InvalidArgument.into()),
    }
}

/// The metadata that a call fills in.
fn filled(call: impl FnOnce(*mut abi::Metadata) -> i32) -> Result<Metadata> {
    let mut metadata = abi::Metadata::default();
    done(call(&raw mut metadata))?;
    Ok(Metadata {
        kind: kind(metadata.kind.into()),
        size: metadata.size,
        links: metadata.links,
        inode: metadata.inode,
        device: metadata.device,
        accessed: metadata.accessed,
        modified: metadata.modified,
        changed: metadata.changed,
    })
}

fn change(change: TimeChange) -> abi::TimeChange {
    let (how, time) = match change {
        TimeChange::Keep => (abi::TIME_KEEP, 0),
        TimeChange::Now => (abi::TIME_NOW, 0),
        TimeChange::At(time) => (abi::TIME_AT, time),
    };
    abi::TimeChange { time, how }
}

/// The visitor of one listing.
struct Visitor<'a> {
    visit: &'a mut dyn FnMut(DirectoryEntry<'_>) -> ListControl,
}

/// What the shim calls for each entry.
///
/// # Safety
///
/// `context` points to a [`Visitor`] that nobody else uses, and `entry` to an
/// entry whose name can be read for its length, both during the call.
unsafe extern "C" fn show(context: *mut c_void, entry: *const abi::DirectoryEntry) -> i32 {
    // SAFETY: by this function's own condition, which the header asks of
    // shims: `context` is passed on as it came to the listing, where it points
    // to a visitor that the listing borrows alone.
    let visitor = unsafe { &mut *context.cast::<Visitor<'_>>() };
    // SAFETY: by this function's own condition.
    let entry = unsafe { &*entry };
    // SAFETY: by this function's own condition; the slice is used only here.
    let name = unsafe { core::slice::from_raw_parts(entry.name, entry.name_length) };
    let control = (visitor.visit)(DirectoryEntry {
        name,
        kind: kind(entry.kind.into()),
        inode: entry.inode,
        next: entry.next,
    });
    match control {
        ListControl::Continue => 1,
        ListControl::Stop => 0,
    }
}

// In all that follows, names and other text come from `Text`, which ends them
// with NUL and lives to the end of the statement or function; structures that
// are filled in can be written, others can be read; and the header forbids a
// shim to keep any pointer beyond the call. The SAFETY comments name what
// differs.
impl Files for CPlatform {
    fn open_root(&self, path: &str) -> Result<FileHandle> {
        let path = Text::new(path)?;
        // SAFETY: text and handle, both for the call only.
        handle(|file| unsafe { thimble_platform_file_open_root(path.as_ptr(), file) })
            .map(FileHandle::from_raw)
    }

    fn open_at(
        &self,
        directory: FileHandle,
        name: &str,
        how: OpenOptions,
    ) -> Result<(FileHandle, FileKind)> {
        let (name, how) = (Text::name(name)?, options(how)?);
        let mut file = 0;
        // SAFETY: text and handle, both for the call only.
        let status = unsafe {
            thimble_platform_file_open_at(directory.raw(), name.as_ptr(), how, &raw mut file)
        };
        let kind = kind(value(status)?);
        Ok((FileHandle::from_raw(file), kind))
    }

    fn duplicate(&self, file: FileHandle) -> Result<FileHandle> {
        // SAFETY: a handle, for the call only.
        handle(|duplicate| unsafe { thimble_platform_file_duplicate(file.raw(), duplicate) })
            .map(FileHandle::from_raw)
    }

    fn close(&self, file: FileHandle) -> Result<()> {
        done(thimble_platform_file_close(file.raw()))
    }

    fn read_at(&self, file: FileHandle, offset: u64, buffer: &mut [u8]) -> Result<usize> {
        check_offset(offset)?;
        let length = buffer.len().min(MOST);
        let start = buffer.as_mut_ptr().cast();
        // SAFETY: `buffer` can be written for `length` bytes.
        let status = unsafe { thimble_platform_file_read_at(file.raw(), offset, start, length) };
        count(status, length)
    }

    fn write_at(&self, file: FileHandle, offset: u64, data: &[u8]) -> Result<usize> {
        check_offset(offset)?;
        let length = data.len().min(MOST);
        let start = data.as_ptr().cast();
        // SAFETY: `data` can be read for `length` bytes, and the shim does
        // not write to it.
        let status = unsafe { thimble_platform_file_write_at(file.raw(), offset, start, length) };
        count(status, length)
    }

    fn set_size(&self, file: FileHandle, size: u64) -> Result<()> {
        check_offset(size)?;
        done(thimble_platform_file_set_size(file.raw(), size))
    }

    fn sync(&self, file: FileHandle, data_only: bool) -> Result<()> {
        done(thimble_platform_file_sync(file.raw(), data_only.into()))
    }

    fn metadata(&self, file: FileHandle) -> Result<Metadata> {
        // SAFETY: a structure to fill in, for the call only.
        filled(|metadata| unsafe { thimble_platform_file_metadata(file.raw(), metadata) })
    }

    fn metadata_at(&self, directory: FileHandle, name: &str) -> Result<Metadata> {
        let name = Text::name(name)?;
        // SAFETY: text and a structure to fill in, both for the call only.
        filled(|metadata| unsafe {
            thimble_platform_file_metadata_at(directory.raw(), name.as_ptr(), metadata)
        })
    }

    fn set_times(
        &self,
        file: FileHandle,
        accessed: TimeChange,
        modified: TimeChange,
    ) -> Result<()> {
        let (accessed, modified) = (change(accessed), change(modified));
        // SAFETY: two structures to read, for the call only.
        done(unsafe {
            thimble_platform_file_set_times(file.raw(), &raw const accessed, &raw const modified)
        })
    }

    fn set_times_at(
        &self,
        directory: FileHandle,
        name: &str,
        accessed: TimeChange,
        modified: TimeChange,
    ) -> Result<()> {
        let name = Text::name(name)?;
        let (accessed, modified) = (change(accessed), change(modified));
        // SAFETY: text and two structures to read, for the call only.
        done(unsafe {
            thimble_platform_file_set_times_at(
                directory.raw(),
                name.as_ptr(),
                &raw const accessed,
                &raw const modified,
            )
        })
    }

    fn list(
        &self,
        directory: FileHandle,
        cookie: u64,
        visit: &mut dyn FnMut(DirectoryEntry<'_>) -> ListControl,
    ) -> Result<bool> {
        check_offset(cookie)?;
        let mut visitor = Visitor { visit };
        let context = (&raw mut visitor).cast();
        // SAFETY: `context` is what `show` asks for, and is passed to nothing
        // else; the shim calls `show` only during this call, and gives it
        // entries that can be read.
        flag(unsafe { thimble_platform_file_list(directory.raw(), cookie, show, context) })
    }

    fn create_directory_at(&self, directory: FileHandle, name: &str) -> Result<()> {
        let name = Text::name(name)?;
        // SAFETY: text, for the call only.
        done(unsafe { thimble_platform_file_create_directory_at(directory.raw(), name.as_ptr()) })
    }

    fn remove_file_at(&self, directory: FileHandle, name: &str) -> Result<()> {
        let name = Text::name(name)?;
        // SAFETY: text, for the call only.
        done(unsafe { thimble_platform_file_remove_file_at(directory.raw(), name.as_ptr()) })
    }

    fn remove_directory_at(&self, directory: FileHandle, name: &str) -> Result<()> {
        let name = Text::name(name)?;
        // SAFETY: text, for the call only.
        done(unsafe { thimble_platform_file_remove_directory_at(directory.raw(), name.as_ptr()) })
    }

    fn rename_at(
        &self,
        directory: FileHandle,
        name: &str,
        to_directory: FileHandle,
        to_name: &str,
    ) -> Result<()> {
        let (name, to_name) = (Text::name(name)?, Text::name(to_name)?);
        let (from, to) = (directory.raw(), to_directory.raw());
        // SAFETY: two texts, for the call only.
        done(unsafe { thimble_platform_file_rename_at(from, name.as_ptr(), to, to_name.as_ptr()) })
    }

    fn link_at(
        &self,
        directory: FileHandle,
        name: &str,
        to_directory: FileHandle,
        to_name: &str,
    ) -> Result<()> {
        let (name, to_name) = (Text::name(name)?, Text::name(to_name)?);
        let (from, to) = (directory.raw(), to_directory.raw());
        // SAFETY: two texts, for the call only.
        done(unsafe { thimble_platform_file_link_at(from, name.as_ptr(), to, to_name.as_ptr()) })
    }

    fn symlink_at(&self, target: &str, directory: FileHandle, name: &str) -> Result<()> {
        if target.is_empty() {
            return Err(ErrorKind::InvalidArgument.into());
        }
        let (target, name) = (Text::new(target)?, Text::name(name)?);
        // SAFETY: two texts, for the call only.
        done(unsafe {
            thimble_platform_file_symlink_at(target.as_ptr(), directory.raw(), name.as_ptr())
        })
    }

    fn read_link_at(&self, directory: FileHandle, name: &str, buffer: &mut [u8]) -> Result<usize> {
        let name = Text::name(name)?;
        let length = buffer.len().min(MOST);
        let start = buffer.as_mut_ptr().cast();
        // SAFETY: text, and `buffer`, which can be written for `length` bytes.
        let status = unsafe {
            thimble_platform_file_read_link_at(directory.raw(), name.as_ptr(), start, length)
        };
        // The whole length, which may well be more than the buffer's.
        count(status, MOST)
    }
}

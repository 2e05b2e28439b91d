//! Listing a directory from any cookie.

use std::mem::MaybeUninit;

use rustix::fs::{RawDir, SeekFrom};
use thimble_platform::{DirectoryEntry, ErrorKind, ListControl, Result};

use crate::error::from_errno;
use crate::file::{OpenFile, file_kind};
use crate::table::locked;

/// Room for some dozens of entries at a time, and for the longest name.
const BUFFER: usize = 2048;

/// Shows `visit` the entries from `cookie` on; returns whether the end was
/// reached. Cookies are the kernel's own.
pub(crate) fn list(
    directory: &OpenFile,
    cookie: u64,
    visit: &mut dyn FnMut(DirectoryEntry<'_>) -> ListControl,
) -> Result<bool> {
    let descriptor = directory.directory()?;
    if !directory.options.read {
        return Err(ErrorKind::BadDescriptor.into());
    }
    if i64::try_from(cookie).is_err() {
        return Err(ErrorKind::InvalidArgument.into());
    }
    let _listing = locked(&directory.listing);
    rustix::fs::seek(descriptor, SeekFrom::Start(cookie)).map_err(from_errno)?;
    let mut buffer = [MaybeUninit::uninit(); BUFFER];
    let mut entries = RawDir::new(descriptor, &mut buffer);
    while let Some(entry) = entries.next() {
        let entry = entry.map_err(from_errno)?;
        let name = entry.file_name().to_bytes();
        if matches!(name, b"." | b"..") {
            continue;
        }
        let shown = DirectoryEntry {
            name,
            kind: file_kind(entry.file_type()),
            inode: entry.ino(),
            next: entry.next_entry_cookie(),
        };
        if visit(shown) == ListControl::Stop {
            return Ok(false);
        }
    }
    Ok(true)
}

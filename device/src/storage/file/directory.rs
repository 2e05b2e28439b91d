//! The directory of programs, and open files in it.

use thimble_platform::{Error, ErrorKind, FileHandle, Files, ListControl, Metadata, OpenOptions};

use super::super::StorageError;
use super::super::name::Name;
use super::file_name::FileName;

/// An open file or directory, until it is dropped.
pub(super) struct Open<'a> {
    files: &'a dyn Files,
    handle: FileHandle,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        // Whoever cares whether what was written is there calls `close`.
        let _ = self.files.close(self.handle);
    }
}

impl Open<'_> {
    /// Ends it, and says whether that went well.
    pub fn close(self) -> Result<(), StorageError> {
        let closed = self.files.close(self.handle);
        core::mem::forget(self);
        Ok(closed?)
    }

    pub fn size(&self) -> Result<u64, StorageError> {
        Ok(self.files.metadata(self.handle)?.size)
    }

    /// Fills the buffer from `offset` on, with zeros behind the file's end.
    pub fn read(&self, mut offset: u64, mut buffer: &mut [u8]) -> Result<(), StorageError> {
        while !buffer.is_empty() {
            let count = self.files.read_at(self.handle, offset, buffer)?;
            let rest = buffer.get_mut(count..).unwrap_or_default();
            if count == 0 {
                rest.fill(0);
                break;
            }
            buffer = rest;
            offset += count as u64;
        }
        Ok(())
    }

    /// Writes all of `data` from `offset` on.
    pub fn write(&self, mut offset: u64, mut data: &[u8]) -> Result<(), StorageError> {
        while !data.is_empty() {
            let count = self.files.write_at(self.handle, offset, data)?;
            data = match data.get(count..) {
                Some(rest) if count > 0 => rest,
                _ => return Err(ErrorKind::Io.into()),
            };
            offset += count as u64;
        }
        Ok(())
    }

    /// Waits until all is on the medium, if the medium can.
    pub fn sync(&self) -> Result<(), StorageError> {
        match self.files.sync(self.handle, true) {
            Err(error) if error.kind() != ErrorKind::NotSupported => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// The directory that the programs are in.
pub(super) struct Directory<'a>(Open<'a>);

impl<'a> Directory<'a> {
    /// Opens the directory; none if it is not there, but its parent is.
    pub fn open(files: &'a dyn Files, path: &str) -> Result<Option<Self>, StorageError> {
        match root(files, path) {
            Ok(open) => Ok(Some(Self(open))),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                // Tells a medium that is missing from one without programs.
                root(files, split(path).0)?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the directory, and makes it if it is not there.
    pub fn make(files: &'a dyn Files, path: &str) -> Result<Self, StorageError> {
        if let Some(directory) = Self::open(files, path)? {
            return Ok(directory);
        }
        let (parent, name) = split(path);
        let parent = root(files, parent)?;
        files.create_directory_at(parent.handle, name)?;
        Ok(Self(root(files, path)?))
    }

    /// Opens a file to be read.
    pub fn file(&self, name: &FileName) -> Result<Open<'a>, StorageError> {
        let read = OpenOptions {
            read: true,
            ..OpenOptions::default()
        };
        self.open_file(name, read)
    }

    /// Opens an empty file to be written.
    pub fn create(&self, name: &FileName) -> Result<Open<'a>, StorageError> {
        let write = OpenOptions {
            write: true,
            create: true,
            truncate: true,
            ..OpenOptions::default()
        };
        self.open_file(name, write)
    }

    fn open_file(&self, name: &FileName, options: OpenOptions) -> Result<Open<'a>, StorageError> {
        let files = self.0.files;
        let (handle, _) = files.open_at(self.0.handle, name.as_str(), options)?;
        Ok(Open { files, handle })
    }

    /// What is known of a file, if it is there.
    pub fn metadata(&self, name: &FileName) -> Result<Option<Metadata>, StorageError> {
        match self.0.files.metadata_at(self.0.handle, name.as_str()) {
            Ok(metadata) => Ok(Some(metadata)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub fn remove(&self, name: &FileName) -> Result<(), StorageError> {
        let Open { files, handle } = self.0;
        Ok(files.remove_file_at(handle, name.as_str())?)
    }

    pub fn rename(&self, from: &FileName, to: &FileName) -> Result<(), StorageError> {
        let Open { files, handle } = self.0;
        Ok(files.rename_at(handle, from.as_str(), handle, to.as_str())?)
    }

    /// The next program from `cookie` on that has a file with this ending.
    pub fn next(&self, ending: &str, cookie: &mut u64) -> Result<Option<Name>, StorageError> {
        let mut found = None;
        let from = *cookie;
        self.0.files.list(self.0.handle, from, &mut |entry| {
            *cookie = entry.next;
            let name = core::str::from_utf8(entry.name).ok();
            let name = name.and_then(|name| name.strip_suffix(ending));
            found = name.and_then(|name| Name::new(name).ok());
            match found {
                Some(_) => ListControl::Stop,
                None => ListControl::Continue,
            }
        })?;
        Ok(found)
    }
}

fn root<'a>(files: &'a dyn Files, path: &str) -> Result<Open<'a>, Error> {
    let handle = files.open_root(path)?;
    Ok(Open { files, handle })
}

/// The parent of a path, and its last name.
fn split(path: &str) -> (&str, &str) {
    match path.trim_end_matches('/').rsplit_once('/') {
        Some(("", name)) => ("/", name),
        Some(parts) => parts,
        None => (".", path),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn paths_are_split() {
        assert_eq!(split("/lfs/wasm"), ("/lfs", "wasm"));
        assert_eq!(split("/SD:/a/wasm/"), ("/SD:/a", "wasm"));
        assert_eq!(split("/wasm"), ("/", "wasm"));
        assert_eq!(split("wasm"), (".", "wasm"));
    }
}

//! A directory that images are written to, and open files in it.

#[cfg(feature = "store-files")]
use thimble_platform::{DirectoryEntry, ListControl};
use thimble_platform::{Error, ErrorKind, FileHandle, Files, Metadata, OpenOptions};

use super::StorageError;

/// An open file or directory, until it is dropped.
pub(crate) struct Open<'a> {
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

    #[cfg(feature = "store-files")]
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

/// An open directory.
pub(crate) struct Directory<'a>(Open<'a>);

impl<'a> Directory<'a> {
    /// Opens the directory at a path.
    pub fn at(files: &'a dyn Files, path: &str) -> Result<Self, Error> {
        let handle = files.open_root(path)?;
        Ok(Self(Open { files, handle }))
    }

    /// Opens a file to be read.
    pub fn file(&self, name: &str) -> Result<Open<'a>, StorageError> {
        let read = OpenOptions {
            read: true,
            ..OpenOptions::default()
        };
        self.open_file(name, read)
    }

    /// Opens an empty file to be written; with `exclusive`, one that was not there.
    pub fn create(&self, name: &str, exclusive: bool) -> Result<Open<'a>, StorageError> {
        let write = OpenOptions {
            write: true,
            create: true,
            truncate: true,
            exclusive,
            ..OpenOptions::default()
        };
        self.open_file(name, write)
    }

    fn open_file(&self, name: &str, options: OpenOptions) -> Result<Open<'a>, StorageError> {
        let files = self.0.files;
        let (handle, _) = files.open_at(self.0.handle, name, options)?;
        Ok(Open { files, handle })
    }

    /// What is known of a file, if it is there.
    pub fn metadata(&self, name: &str) -> Result<Option<Metadata>, StorageError> {
        match self.0.files.metadata_at(self.0.handle, name) {
            Ok(metadata) => Ok(Some(metadata)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a directory in this one.
    #[cfg(feature = "store-files")]
    pub fn make_directory(&self, name: &str) -> Result<(), StorageError> {
        let Open { files, handle } = self.0;
        Ok(files.create_directory_at(handle, name)?)
    }

    /// Lists what is in it.
    #[cfg(feature = "store-files")]
    pub fn list(
        &self,
        from: u64,
        visit: &mut dyn FnMut(DirectoryEntry<'_>) -> ListControl,
    ) -> Result<(), StorageError> {
        let Open { files, handle } = self.0;
        files.list(handle, from, visit)?;
        Ok(())
    }

    pub fn remove(&self, name: &str) -> Result<(), StorageError> {
        let Open { files, handle } = self.0;
        Ok(files.remove_file_at(handle, name)?)
    }

    pub fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        let Open { files, handle } = self.0;
        Ok(files.rename_at(handle, from, handle, to)?)
    }

    /// Gives the file `new` the name `file` if it was written, and removes it if not.
    pub fn settle<T>(
        &self,
        new: &str,
        file: &str,
        written: Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let mut was_there = false;
        let renamed = written.and_then(|written| {
            was_there = self.metadata(file)?.is_some();
            self.rename(new, file)?;
            Ok(written)
        });
        // Where replacing takes two steps, the second may have failed: what was written
        // is all that is left then.
        let is_gone = || matches!(self.metadata(file), Ok(None));
        if renamed.is_err() && !(was_there && is_gone()) {
            let _ = self.remove(new);
        }
        renamed
    }
}

/// The parent of a path, and its last name.
pub(crate) fn split(path: &str) -> (&str, &str) {
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

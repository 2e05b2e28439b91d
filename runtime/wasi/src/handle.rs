//! Handles of the system below that close themselves.

use thimble_platform::{FileHandle, Files, Metadata, OpenOptions, SocketHandle, Sockets};

use crate::errno::Errno;

/// An open file or directory, closed when dropped.
pub(crate) struct OwnedFile {
    pub(crate) files: &'static dyn Files,
    pub(crate) handle: FileHandle,
}

impl OwnedFile {
    /// Opens the subdirectory `name` of `directory`.
    pub(crate) fn open_directory(
        files: &'static dyn Files,
        directory: FileHandle,
        name: &str,
    ) -> Result<Self, Errno> {
        let options = OpenOptions {
            directory: true,
            ..OpenOptions::default()
        };
        let (handle, _) = files.open_at(directory, name, options)?;
        Ok(OwnedFile { files, handle })
    }

    /// What is known about it.
    pub(crate) fn metadata(&self) -> Result<Metadata, Errno> {
        Ok(self.files.metadata(self.handle)?)
    }

    /// Closes it, and says what became of the data written.
    pub(crate) fn close(self) -> Result<(), Errno> {
        let (files, handle) = (self.files, self.handle);
        core::mem::forget(self);
        Ok(files.close(handle)?)
    }
}

impl Drop for OwnedFile {
    fn drop(&mut self) {
        // Nobody is left to be told of an error.
        let _ = self.files.close(self.handle);
    }
}

/// An open socket, closed when dropped.
pub(crate) struct OwnedSocket {
    pub(crate) sockets: &'static dyn Sockets,
    pub(crate) handle: SocketHandle,
}

impl Drop for OwnedSocket {
    fn drop(&mut self) {
        let _ = self.sockets.close(self.handle);
    }
}

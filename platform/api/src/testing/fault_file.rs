//! Faults of files.

use super::fault::{Call, FaultInjector};
use crate::{
    DirectoryEntry, Error, ErrorKind, FileHandle, FileKind, Files, ListControl, Metadata,
    OpenOptions, Result, TimeChange,
};

impl FaultInjector<'_> {
    /// The files below, which are there if anybody can ask for them.
    fn files_below(&self) -> Result<&dyn Files> {
        let files = self.below.files();
        files.ok_or(Error::new(ErrorKind::NotSupported))
    }
}

impl Files for FaultInjector<'_> {
    fn open_root(&self, path: &str) -> Result<FileHandle> {
        self.pass(Call::FileOpen)?;
        self.files_below()?.open_root(path)
    }

    fn open_at(
        &self,
        directory: FileHandle,
        name: &str,
        options: OpenOptions,
    ) -> Result<(FileHandle, FileKind)> {
        self.pass(Call::FileOpen)?;
        self.files_below()?.open_at(directory, name, options)
    }

    fn duplicate(&self, file: FileHandle) -> Result<FileHandle> {
        self.pass(Call::FileOpen)?;
        self.files_below()?.duplicate(file)
    }

    fn close(&self, file: FileHandle) -> Result<()> {
        self.files_below()?.close(file)
    }

    fn read_at(&self, file: FileHandle, offset: u64, buffer: &mut [u8]) -> Result<usize> {
        self.pass(Call::FileRead)?;
        self.files_below()?.read_at(file, offset, buffer)
    }

    fn write_at(&self, file: FileHandle, offset: u64, data: &[u8]) -> Result<usize> {
        self.pass(Call::FileWrite)?;
        self.files_below()?.write_at(file, offset, data)
    }

    fn set_size(&self, file: FileHandle, size: u64) -> Result<()> {
        self.pass(Call::FileWrite)?;
        self.files_below()?.set_size(file, size)
    }

    fn sync(&self, file: FileHandle, data_only: bool) -> Result<()> {
        self.pass(Call::FileWrite)?;
        self.files_below()?.sync(file, data_only)
    }

    fn metadata(&self, file: FileHandle) -> Result<Metadata> {
        self.pass(Call::FileMetadata)?;
        self.files_below()?.metadata(file)
    }

    fn metadata_at(&self, directory: FileHandle, name: &str) -> Result<Metadata> {
        self.pass(Call::FileMetadata)?;
        self.files_below()?.metadata_at(directory, name)
    }

    fn set_times(
        &self,
        file: FileHandle,
        accessed: TimeChange,
        modified: TimeChange,
    ) -> Result<()> {
        self.pass(Call::FileMetadata)?;
        self.files_below()?.set_times(file, accessed, modified)
    }

    fn set_times_at(
        &self,
        directory: FileHandle,
        name: &str,
        accessed: TimeChange,
        modified: TimeChange,
    ) -> Result<()> {
        self.pass(Call::FileMetadata)?;
        self.files_below()?
            .set_times_at(directory, name, accessed, modified)
    }

    fn list(
        &self,
        directory: FileHandle,
        cookie: u64,
        visit: &mut dyn FnMut(DirectoryEntry<'_>) -> ListControl,
    ) -> Result<bool> {
        self.pass(Call::FileList)?;
        self.files_below()?.list(directory, cookie, visit)
    }

    fn create_directory_at(&self, directory: FileHandle, name: &str) -> Result<()> {
        self.pass(Call::FileName)?;
        self.files_below()?.create_directory_at(directory, name)
    }

    fn remove_file_at(&self, directory: FileHandle, name: &str) -> Result<()> {
        self.pass(Call::FileName)?;
        self.files_below()?.remove_file_at(directory, name)
    }

    fn remove_directory_at(&self, directory: FileHandle, name: &str) -> Result<()> {
        self.pass(Call::FileName)?;
        self.files_below()?.remove_directory_at(directory, name)
    }

    fn rename_at(
        &self,
        directory: FileHandle,
        name: &str,
        to_directory: FileHandle,
        to_name: &str,
    ) -> Result<()> {
        self.pass(Call::FileName)?;
        self.files_below()?
            .rename_at(directory, name, to_directory, to_name)
    }

    fn link_at(
        &self,
        directory: FileHandle,
        name: &str,
        to_directory: FileHandle,
        to_name: &str,
    ) -> Result<()> {
        self.pass(Call::FileName)?;
        self.files_below()?
            .link_at(directory, name, to_directory, to_name)
    }

    fn symlink_at(&self, target: &str, directory: FileHandle, name: &str) -> Result<()> {
        self.pass(Call::FileName)?;
        self.files_below()?.symlink_at(target, directory, name)
    }

    fn read_link_at(&self, directory: FileHandle, name: &str, buffer: &mut [u8]) -> Result<usize> {
        self.pass(Call::FileList)?;
        self.files_below()?.read_link_at(directory, name, buffer)
    }
}

//! A fresh directory for each case about files.

use thimble_platform::{
    DirectoryEntry, FileHandle, FileKind, Files, ListControl, OpenOptions, TimeChange,
};

use crate::outcome::{Result, check};
use crate::run::Config;

/// To read a file.
pub(crate) const READ: OpenOptions = OpenOptions {
    read: true,
    write: false,
    create: false,
    exclusive: false,
    truncate: false,
    directory: false,
};
/// To write a file.
pub(crate) const WRITE: OpenOptions = OpenOptions {
    read: false,
    write: true,
    ..READ
};
/// To read and write a new file.
pub(crate) const NEW: OpenOptions = OpenOptions {
    write: true,
    create: true,
    exclusive: true,
    ..READ
};
/// To list a directory.
pub(crate) const DIRECTORY: OpenOptions = OpenOptions {
    directory: true,
    ..READ
};
/// To leave times alone.
pub(crate) const KEEP: TimeChange = TimeChange::Keep;

/// The directory of a case within the scratch directory.
const NAME: &str = "case";

/// Where a case works.
#[derive(Clone, Copy)]
pub(crate) struct Scratch {
    pub(crate) files: &'static dyn Files,
    /// An empty directory.
    pub(crate) directory: FileHandle,
}

impl Scratch {
    /// Makes a file with this content.
    pub(crate) fn make(&self, name: &str, content: &[u8]) -> Result {
        let (file, kind) = self.files.open_at(self.directory, name, NEW)?;
        check(kind == FileKind::Regular, "a regular file")?;
        self.write_all(file, 0, content)?;
        Ok(self.files.close(file)?)
    }

    /// Writes all of `data` at `offset`.
    pub(crate) fn write_all(&self, file: FileHandle, offset: u64, data: &[u8]) -> Result {
        let mut done = 0;
        while let Some(rest @ [_, ..]) = data.get(done..) {
            let count = self.files.write_at(file, offset + done as u64, rest)?;
            check((1..=rest.len()).contains(&count), "progress")?;
            done += count;
        }
        Ok(())
    }

    /// Fails unless the open file holds just `content` from `offset` on.
    #[track_caller]
    pub(crate) fn holds(&self, file: FileHandle, offset: u64, content: &[u8]) -> Result {
        let mut done = 0;
        loop {
            let mut buffer = [0; 32];
            let place = offset + done as u64;
            let count = self.files.read_at(file, place, &mut buffer)?;
            let read = buffer.get(..count).unwrap_or_default();
            let rest = content.get(done..).unwrap_or_default();
            check(rest.starts_with(read), "the content of the file")?;
            if count == 0 {
                return check(rest.is_empty(), "the whole file");
            }
            done += count;
        }
    }

    /// Fails unless the file of this name holds just `content`.
    #[track_caller]
    pub(crate) fn names(&self, name: &str, content: &[u8]) -> Result {
        let (file, _) = self.files.open_at(self.directory, name, READ)?;
        self.holds(file, 0, content)?;
        Ok(self.files.close(file)?)
    }

    /// How many names the directory has.
    pub(crate) fn count(&self) -> Result<usize> {
        let mut count = 0;
        self.files.list(self.directory, 0, &mut |_| {
            count += 1;
            ListControl::Continue
        })?;
        Ok(count)
    }
}

/// Runs a case in an empty directory, and removes it with all it has.
pub(crate) fn in_scratch(config: &Config, case: impl FnOnce(&Scratch) -> Result) -> Result {
    let (files, path) = config.files()?;
    let root = files.open_root(path)?;
    let result = in_directory(files, root, case);
    files.close(root)?;
    result
}

fn in_directory(
    files: &'static dyn Files,
    root: FileHandle,
    case: impl FnOnce(&Scratch) -> Result,
) -> Result {
    files.create_directory_at(root, NAME)?;
    let (directory, kind) = files.open_at(root, NAME, DIRECTORY)?;
    check(kind == FileKind::Directory, "a directory")?;
    let result = case(&Scratch { files, directory });
    // A case that failed may have left anything; its own failure counts.
    let cleared = clear(files, directory, 0);
    let closed = files.close(directory);
    let removed = files.remove_directory_at(root, NAME);
    result?;
    cleared?;
    closed?;
    Ok(removed?)
}

/// Removes all that is in `directory`, down to a few levels.
fn clear(files: &dyn Files, directory: FileHandle, level: usize) -> Result {
    check(level < 4, "a directory of few levels")?;
    let mut name = [0; 64];
    loop {
        let mut length = 0;
        let ended = files.list(directory, 0, &mut |entry: DirectoryEntry<'_>| {
            length = entry.name.len();
            for (to, from) in name.iter_mut().zip(entry.name) {
                *to = *from;
            }
            ListControl::Stop
        })?;
        let Some(Ok(first)) = name.get(..length).map(core::str::from_utf8) else {
            return check(false, "a name that the suite gave");
        };
        if ended && first.is_empty() {
            return Ok(());
        }
        if files.metadata_at(directory, first)?.kind == FileKind::Directory {
            let (below, _) = files.open_at(directory, first, DIRECTORY)?;
            let cleared = clear(files, below, level + 1);
            files.close(below)?;
            cleared?;
            files.remove_directory_at(directory, first)?;
        } else {
            files.remove_file_at(directory, first)?;
        }
    }
}

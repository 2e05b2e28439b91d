//! What the directory of programs is beside a directory.

use thimble_platform::{ErrorKind, Files, ListControl};

use super::super::StorageError;
use super::super::directory::{Directory, split};
use super::super::name::Name;

impl<'a> Directory<'a> {
    /// Opens the directory; none if it is not there, but its parent is.
    pub(super) fn find(files: &'a dyn Files, path: &str) -> Result<Option<Self>, StorageError> {
        match Self::at(files, path) {
            Ok(open) => Ok(Some(open)),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                // Tells a medium that is missing from one without programs.
                Self::at(files, split(path).0)?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the directory, and makes it if it is not there.
    pub(super) fn make(files: &'a dyn Files, path: &str) -> Result<Self, StorageError> {
        if let Some(directory) = Self::find(files, path)? {
            return Ok(directory);
        }
        let (parent, name) = split(path);
        let parent = Self::at(files, parent)?;
        parent.make_directory(name)?;
        Ok(Self::at(files, path)?)
    }

    /// The next program from `cookie` on that has a file with this ending.
    pub(super) fn next(
        &self,
        ending: &str,
        cookie: &mut u64,
    ) -> Result<Option<Name>, StorageError> {
        let mut found = None;
        let from = *cookie;
        self.list(from, &mut |entry| {
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

//! Programs as files in one directory: `NAME.thm`.
//!
//! A program is written to `NAME.new`, its header last, and then renamed. Where that
//! takes two steps, removing and renaming, a cut between them leaves only the new file,
//! which is complete: it counts as the program while there is no `NAME.thm`. A program
//! for which there is none either was never there.
//!
//! Whoever can write to the directory can put images there, so they are verified
//! whenever they are loaded.

mod file_name;
mod programs;

use thimble::Engine;
use thimble::code::image::{Buffer, HEADER_LENGTH, Header, ImageError};
use thimble::wasm::Source;
use thimble_platform::{ErrorKind, FileKind, Platform};

use self::file_name::{ENDING, FileName, NEW_ENDING};
use super::directory::{Directory, Open};
use super::install::{Received, receive};
use super::name::Name;
use super::writer::Writer;
use super::{Installed, Loaded, Storage, StorageError};
use crate::guarded::Guarded;
use crate::message::message;
use crate::module::verified;

/// Installed programs as files in one directory.
pub struct FileStorage {
    platform: &'static dyn Platform,
    path: &'static str,
    transfer: usize,
    state: Guarded<State>,
}

/// What is known beside the files. Locked while files get other names, or are looked
/// for; not while one is written.
struct State {
    /// The program that is being installed: nothing else touches its new file.
    installing: Option<Name>,
}

impl FileStorage {
    /// Programs in the directory at `path`, which is made at the first installation;
    /// its parent must be there then. `transfer` bytes, at least 128, are gathered
    /// before they are written.
    ///
    /// # Errors
    /// [`StorageError::Platform`] when there is no mutex.
    pub fn new(
        platform: &'static dyn Platform,
        path: &'static str,
        transfer: usize,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            platform,
            path,
            transfer: transfer.max(128),
            state: Guarded::new(platform, State { installing: None })?,
        })
    }

    /// The directory, if it is there.
    fn open(&self) -> Result<Option<Directory<'_>>, StorageError> {
        let files = self.platform.files().ok_or(ErrorKind::NotSupported)?;
        Directory::find(files, self.path)
    }

    /// Makes sure of the directory, and that no old new file is in the way. Only one
    /// installation goes on at a time.
    fn begin(&self, name: Name) -> Result<Directory<'_>, StorageError> {
        let mut state = self.state.lock()?;
        if state.installing.is_some() {
            return Err(StorageError::Busy);
        }
        let files = self.platform.files().ok_or(ErrorKind::NotSupported)?;
        let directory = Directory::make(files, self.path)?;
        tidy(&directory)?;
        state.installing = Some(name);
        Ok(directory)
    }

    fn replace(
        &self,
        engine: &Engine,
        directory: &Directory<'_>,
        name: Name,
        source: &mut dyn Source,
    ) -> Result<u32, StorageError> {
        let (new, file) = (name.file(NEW_ENDING)?, name.file(ENDING)?);
        let written = self.write(engine, directory, &new, source);
        let _state = self.state.lock()?;
        directory.settle(new.as_str(), file.as_str(), written)
    }

    /// Writes an image to a file, and verifies it if it came as one.
    fn write(
        &self,
        engine: &Engine,
        directory: &Directory<'_>,
        new: &FileName,
        source: &mut dyn Source,
    ) -> Result<u32, StorageError> {
        let file = directory.create(new.as_str(), false)?;
        let mut writer = Writer::new(&file, self.transfer)?;
        let Received {
            length,
            from_outside,
        } = receive(engine, source, &mut writer)?;
        drop(writer);
        file.close()?;
        if from_outside {
            verified(engine, read(directory, new)?)?;
        }
        Ok(length)
    }
}

impl Storage for FileStorage {
    fn list(&self, visit: &mut dyn FnMut(&Installed<'_>)) -> Result<(), StorageError> {
        let state = self.state.lock()?;
        let Some(directory) = self.open()? else {
            return Ok(());
        };
        for ending in [ENDING, NEW_ENDING] {
            let mut cookie = 0;
            while let Some(name) = directory.next(ending, &mut cookie)? {
                let Some(file) = find(&directory, &state, &name)? else {
                    continue;
                };
                // A program with both files is listed once, for the older.
                if file != name.file(ending)? {
                    continue;
                }
                let size = directory
                    .metadata(file.as_str())?
                    .map_or(0, |found| found.size);
                visit(&Installed {
                    name: name.as_str(),
                    length: u32::try_from(size).unwrap_or(u32::MAX),
                    in_place: false,
                });
            }
        }
        Ok(())
    }

    fn load(&self, engine: &Engine, name: &str) -> Result<Loaded<'_>, StorageError> {
        let name = Name::new(name).map_err(|_| StorageError::NotFound)?;
        let image = {
            // Held while the file is read, so that nobody removes it meanwhile.
            let state = self.state.lock()?;
            let directory = self.open()?.ok_or(StorageError::NotFound)?;
            let file = find(&directory, &state, &name)?.ok_or(StorageError::NotFound)?;
            read(&directory, &file)?
        };
        Ok(Loaded {
            module: verified(engine, image)?,
            lease: None,
        })
    }

    fn install(
        &self,
        engine: &Engine,
        name: &str,
        source: &mut dyn Source,
    ) -> Result<u32, StorageError> {
        let name = Name::new(name)?;
        let directory = self.begin(name)?;
        let installed = self.replace(engine, &directory, name, source);
        self.state.lock()?.installing = None;
        installed
    }

    fn remove(&self, name: &str) -> Result<(), StorageError> {
        let name = Name::new(name).map_err(|_| StorageError::NotFound)?;
        let state = self.state.lock()?;
        if state.installing == Some(name) {
            return Err(StorageError::Busy);
        }
        let directory = self.open()?.ok_or(StorageError::NotFound)?;
        let file = find(&directory, &state, &name)?.ok_or(StorageError::NotFound)?;
        // A new file that was not renamed would become the program.
        let new = name.file(NEW_ENDING)?;
        if file != new && directory.metadata(new.as_str())?.is_some() {
            directory.remove(new.as_str())?;
        }
        directory.remove(file.as_str())
    }
}

/// The file that keeps a program.
fn find(
    directory: &Directory<'_>,
    state: &State,
    name: &Name,
) -> Result<Option<FileName>, StorageError> {
    let (new, file) = (name.file(NEW_ENDING)?, name.file(ENDING)?);
    if is_file(directory, &file)? {
        return Ok(Some(file));
    }
    let is_complete = state.installing != Some(*name) && is_complete(directory, &new)?;
    Ok(is_complete.then_some(new))
}

/// Gives each new file that counts as a program the name of one, and removes the
/// others.
fn tidy(directory: &Directory<'_>) -> Result<(), StorageError> {
    let mut cookie = 0;
    while let Some(name) = directory.next(NEW_ENDING, &mut cookie)? {
        let (new, file) = (name.file(NEW_ENDING)?, name.file(ENDING)?);
        if directory.metadata(file.as_str())?.is_none() && is_complete(directory, &new)? {
            message!(
                Warn,
                "store: {} was installed, and gets its name",
                name.as_str()
            );
            directory.rename(new.as_str(), file.as_str())?;
        } else if directory.remove(new.as_str()).is_err() {
            // It will be in the way of its own program only.
            continue;
        } else {
            message!(
                Warn,
                "store: {} was not installed to its end, removed",
                name.as_str()
            );
        }
        // The directory has changed.
        cookie = 0;
    }
    Ok(())
}

fn is_file(directory: &Directory<'_>, file: &FileName) -> Result<bool, StorageError> {
    let metadata = directory.metadata(file.as_str())?;
    Ok(metadata.is_some_and(|found| found.kind == FileKind::Regular))
}

/// Whether a file has been written to its end: it has a header then.
fn is_complete(directory: &Directory<'_>, file: &FileName) -> Result<bool, StorageError> {
    if !is_file(directory, file)? {
        return Ok(false);
    }
    let file = directory.file(file.as_str())?;
    Ok(header(&file).is_ok())
}

/// The header of a file that is as long as it says, and that length.
fn header(file: &Open<'_>) -> Result<([u8; HEADER_LENGTH], u32), StorageError> {
    let mut bytes = [0; HEADER_LENGTH];
    file.read(0, &mut bytes)?;
    let expected = Header::decode(&bytes)?.length;
    if (expected as usize) < HEADER_LENGTH || file.size()? < u64::from(expected) {
        return Err(ImageError::Truncated { expected }.into());
    }
    Ok((bytes, expected))
}

/// Reads an image.
fn read(directory: &Directory<'_>, file: &FileName) -> Result<Buffer, StorageError> {
    let file = directory.file(file.as_str())?;
    let (header, length) = header(&file)?;
    let mut image = Buffer::zeroed(length as usize)?;
    if let Some((front, content)) = image.as_bytes_mut().split_first_chunk_mut() {
        *front = header;
        file.read(HEADER_LENGTH as u64, content)?;
    }
    Ok(image)
}

//! From what a program is called to what can be executed.

use thimble::code::image::{Buffer, HEADER_LENGTH, Header, ImageError, MAGIC};
use thimble::wasm::{Source, SourceError};
use thimble::{Engine, Module};
use thimble_platform::{ErrorKind, FileHandle, Files, OpenOptions, Result as Answer};

use crate::device::{Content, Device};
use crate::message::message;
use crate::module::{translated, verified};
use crate::process::StartError;
use crate::storage::{Loaded, Storage, StorageError};

/// Where a program is.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations, reason = "a place, not a value")]
pub enum Found {
    /// In the firmware.
    BuiltIn(Content),
    /// Among the installed ones, if there is one of that name.
    Installed(&'static dyn Storage),
    /// In a file.
    File(&'static dyn Files),
}

/// Finds out where a program is, without looking at it: with a `/` in its name it is a
/// file, else it is part of the firmware, or perhaps installed.
///
/// # Errors
/// [`StartError::NotFound`]; [`StartError::Platform`] where there are no files.
pub fn find(device: &'static dyn Device, program: &str) -> Result<Found, StartError> {
    if program.contains('/') {
        let files = device.platform().files();
        let unsupported = thimble_platform::Error::new(ErrorKind::NotSupported);
        return files
            .map(Found::File)
            .ok_or(StartError::Platform(unsupported));
    }
    let mut index = 0;
    while let Some(built_in) = device.built_in(index) {
        if built_in.name == program {
            return Ok(Found::BuiltIn(built_in.content));
        }
        index += 1;
    }
    let storage = device.storage().filter(|_| !program.is_empty());
    storage.map(Found::Installed).ok_or(StartError::NotFound)
}

/// Why a program cannot be loaded.
#[derive(Debug)]
pub enum LoadError {
    /// The file cannot be read.
    File(thimble_platform::Error),
    /// The program was refused.
    Program(thimble::Error),
    /// The storage refused.
    Storage(StorageError),
}

impl From<thimble_platform::Error> for LoadError {
    fn from(error: thimble_platform::Error) -> Self {
        Self::File(error)
    }
}

impl From<thimble::Error> for LoadError {
    fn from(error: thimble::Error) -> Self {
        Self::Program(error)
    }
}

/// Loads a program; a module is translated. It ends early, with any error, when
/// `stopped` says so.
///
/// # Errors
/// Those of reading it, and of translating or verifying it.
pub fn load(
    found: Found,
    engine: &Engine,
    program: &str,
    stopped: &dyn Fn() -> bool,
) -> Result<Loaded<'static>, LoadError> {
    let mut lease = None;
    let (module, how) = match found {
        Found::BuiltIn(Content::Module(bytes)) => {
            let mut source = Stoppable(bytes, stopped);
            (translated(engine, &mut source)?, TRANSLATED)
        }
        Found::BuiltIn(Content::Image(image)) => (Module::from_trusted(engine, image)?, IN_PLACE),
        Found::Installed(storage) => {
            let loaded = storage.load(engine, program);
            let loaded = loaded.map_err(LoadError::Storage)?;
            let how = loaded.lease.as_ref().map_or(COPIED, |_| IN_PLACE);
            lease = loaded.lease;
            (loaded.module, how)
        }
        Found::File(files) => from_file(FileSource::open(files, program, stopped)?, engine)?,
    };
    let length = module.image_bytes().len();
    message!(Debug, "{program}: {how}, {length} bytes");
    Ok(Loaded { module, lease })
}

// What was done to get an image, for the log.
const IN_PLACE: &str = "image in place";
const COPIED: &str = "image copied";
const TRANSLATED: &str = "image translated";

fn from_file(
    mut file: FileSource<'_>,
    engine: &Engine,
) -> Result<(Module, &'static str), LoadError> {
    let mut magic = [0; MAGIC.len()];
    let length = file.fill(&mut magic)?;
    file.offset = 0;
    if length == MAGIC.len() && magic == MAGIC {
        return Ok((verified(engine, image(&mut file)?)?, COPIED));
    }
    match (translated(engine, &mut file), file.error) {
        (Ok(module), _) => Ok((module, TRANSLATED)),
        (Err(_), Some(error)) => Err(LoadError::File(error)),
        (Err(error), None) => Err(error.into()),
    }
}

/// Reads an image, without a signature that may follow.
fn image(file: &mut FileSource<'_>) -> Result<Buffer, LoadError> {
    let mut header = [0; HEADER_LENGTH];
    let count = file.fill(&mut header)?;
    let short = |expected| thimble::Error::from(ImageError::Truncated { expected });
    if count < header.len() {
        return Err(short(HEADER_LENGTH as u32).into());
    }
    let expected = Header::decode(&header)
        .map_err(thimble::Error::from)?
        .length;
    // Before a buffer is made that nothing may be there to fill.
    if file.files.metadata(file.file)?.size < u64::from(expected) {
        return Err(short(expected).into());
    }
    let mut buffer = Buffer::zeroed(expected as usize).map_err(thimble::Error::from)?;
    file.offset = 0;
    if file.fill(buffer.as_bytes_mut())? < expected as usize {
        return Err(short(expected).into());
    }
    Ok(buffer)
}

/// A source that fails as soon as it is told to stop.
pub(crate) struct Stoppable<'a, S>(pub(crate) S, pub(crate) &'a dyn Fn() -> bool);

impl<S: Source> Source for Stoppable<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SourceError> {
        if (self.1)() {
            return Err(SourceError);
        }
        self.0.read(buffer)
    }
}

/// Bytes that are read from a file between two looks at whether to stop.
const STEP: usize = 4096;

/// A file, read from front to back. Closed with this.
pub(crate) struct FileSource<'a> {
    files: &'static dyn Files,
    file: FileHandle,
    offset: u64,
    stopped: &'a dyn Fn() -> bool,
    /// Why reading failed.
    pub(crate) error: Option<thimble_platform::Error>,
}

impl<'a> FileSource<'a> {
    /// Opens a file by its path, the last component of which is not a symbolic link.
    pub(crate) fn open(
        files: &'static dyn Files,
        path: &str,
        stopped: &'a dyn Fn() -> bool,
    ) -> Answer<Self> {
        let (directory, name) = path.rsplit_once('/').unwrap_or((".", path));
        let directory = if directory.is_empty() { "/" } else { directory };
        let directory = files.open_root(directory)?;
        let options = OpenOptions {
            read: true,
            ..OpenOptions::default()
        };
        let opened = files.open_at(directory, name, options);
        // It was opened above.
        let _ = files.close(directory);
        let (file, _) = opened?;
        Ok(Self {
            files,
            file,
            offset: 0,
            stopped,
            error: None,
        })
    }

    /// Reads some bytes, at least one before the end.
    fn step(&mut self, buffer: &mut [u8]) -> Answer<usize> {
        if (self.stopped)() {
            return Err(ErrorKind::Interrupted.into());
        }
        let length = buffer.len().min(STEP);
        let buffer = buffer.get_mut(..length).unwrap_or_default();
        let count = self.files.read_at(self.file, self.offset, buffer)?;
        self.offset = self.offset.saturating_add(count as u64);
        Ok(count)
    }

    /// Fills a buffer as far as there are bytes; returns how far.
    fn fill(&mut self, buffer: &mut [u8]) -> Answer<usize> {
        let mut filled = 0;
        while let Some(rest @ [_, ..]) = buffer.get_mut(filled..) {
            match self.step(rest)? {
                0 => break,
                count => filled += count,
            }
        }
        Ok(filled)
    }
}

impl Source for FileSource<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SourceError> {
        self.step(buffer).map_err(|error| {
            self.error = Some(error);
            SourceError
        })
    }
}

impl Drop for FileSource<'_> {
    fn drop(&mut self) {
        // Nothing was written that could be lost.
        let _ = self.files.close(self.file);
    }
}

//! Reading the file that a command is about, and telling modules from images.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use thimble::code::image::{Buffer, Header, MAGIC};
use thimble::wasm::{Source, SourceError};

use crate::report::Failure;

/// What a file holds, as its first four bytes tell.
pub enum Input {
    /// A WebAssembly module.
    Module(Module),
    /// An image, whole.
    Image(Buffer),
}

/// A module that is read as its bytes are asked for.
pub struct Module {
    file: PathBuf,
    reader: Box<dyn Read>,
    error: Option<io::Error>,
}

/// What a module begins with.
const MODULE_MAGIC: &[u8] = b"\0asm";

/// What follows in a component, which wraps modules in another format.
const COMPONENT_VERSION: &[u8] = &[0x0d, 0, 1, 0];

/// Opens a file (`-` is standard input) and looks at its first bytes.
pub fn open(file: &Path) -> Result<Input, Failure> {
    let failed = |error: io::Error| Failure::of_file(file, error);
    let mut reader: Box<dyn Read> = if file == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(BufReader::new(File::open(file).map_err(failed)?))
    };
    let mut start = Vec::new();
    reader
        .by_ref()
        .take(8)
        .read_to_end(&mut start)
        .map_err(failed)?;
    if start.starts_with(&MAGIC) {
        return Ok(Input::Image(image(file, start, reader)?));
    }
    // What is shorter is a truncated module, and the decoder says so.
    if !start.starts_with(MODULE_MAGIC) && !MODULE_MAGIC.starts_with(&start) {
        return Err(Failure::of_file(
            file,
            "at offset 0x0: expected a WebAssembly module (\\0asm) or an image (\\0thm)",
        ));
    }
    if start.ends_with(COMPONENT_VERSION) {
        return Err(Failure::of_file(
            file,
            "at offset 0x4: expected a module, this is a component (build for wasm32-wasip1)",
        ));
    }
    let reader = Box::new(Cursor::new(start).chain(reader));
    Ok(Input::Module(Module {
        file: file.into(),
        reader,
        error: None,
    }))
}

/// Reads an image that begins with `bytes`, no further than its header says.
fn image(file: &Path, mut bytes: Vec<u8>, mut reader: impl Read) -> Result<Buffer, Failure> {
    let failed = |error: io::Error| Failure::of_file(file, error);
    let rest_of_header = thimble::code::image::HEADER_LENGTH.saturating_sub(bytes.len());
    reader
        .by_ref()
        .take(rest_of_header as u64)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    let header = Header::decode(&bytes).map_err(|error| Failure::of_file(file, error))?;
    let (signature, signature_length) = header.signature;
    let signature_end = u64::from(signature) + u64::from(signature_length);
    let rest = signature_end
        .max(header.length.into())
        .saturating_sub(bytes.len() as u64);
    reader.take(rest).read_to_end(&mut bytes).map_err(failed)?;
    Buffer::copy_of(&bytes).map_err(|error| Failure::of_file(file, error))
}

impl Module {
    /// All bytes of the module.
    pub fn read_all(mut self) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        self.reader
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::of_file(&self.file, error))?;
        Ok(bytes)
    }

    /// The failure that an error of the decoder means: when the bytes could not be
    /// had, the reason is known here.
    pub fn failure(&self, error: impl std::fmt::Display) -> Failure {
        match &self.error {
            Some(cause) => Failure::of_file(&self.file, cause),
            None => Failure::of_file(&self.file, error),
        }
    }
}

impl Source for Module {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SourceError> {
        loop {
            match self.reader.read(buffer) {
                Ok(length) => return Ok(length),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.error = Some(error);
                    return Err(SourceError);
                }
            }
        }
    }
}

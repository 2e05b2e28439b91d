//! Taking a program in: a module is translated, an image copied.

use thimble::Engine;
use thimble::code::image::{HEADER_LENGTH, Header, ImageError, MAGIC, Sink};
use thimble::wasm::{ErrorKind, Failure, Source, SourceError};

use super::StorageError;
use crate::module::translate;

/// What takes an image in pieces. After an error it is not used any more.
pub(crate) trait Target {
    /// Takes the next bytes of the content.
    fn append(&mut self, bytes: &[u8]) -> Result<(), StorageError>;

    /// Takes the header, behind all of the content.
    fn finish(&mut self, header: &[u8; HEADER_LENGTH]) -> Result<(), StorageError>;
}

/// A target for the translator, which can pass on only that there was an error.
struct Keeping<'a> {
    target: &'a mut dyn Target,
    /// The error of the call that failed.
    error: Option<StorageError>,
}

impl Keeping<'_> {
    fn keep(&mut self, done: Result<(), StorageError>) -> Result<(), Failure> {
        done.map_err(|error| {
            self.error = Some(error);
            Failure::new(&(ErrorKind::Limit, "the image could not be written"))
        })
    }
}

impl Sink for Keeping<'_> {
    fn append(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let done = self.target.append(bytes);
        self.keep(done)
    }

    fn finish(&mut self, header: &[u8; HEADER_LENGTH]) -> Result<(), Failure> {
        let done = self.target.finish(header);
        self.keep(done)
    }
}

/// An image that was written.
pub(super) struct Received {
    /// Its length in bytes.
    pub length: u32,
    /// Whether it came as an image, and has to be verified.
    pub from_outside: bool,
}

/// Writes the program that a source has, a module or an image.
pub(super) fn receive(
    engine: &Engine,
    source: &mut dyn Source,
    target: &mut dyn Target,
) -> Result<Received, StorageError> {
    let mut source = Peeked::new(source)?;
    let from_outside = source.front == MAGIC;
    let length = if from_outside {
        copy(&mut source, target)?
    } else {
        translate_to(engine, &mut source, target)?
    };
    Ok(Received {
        length,
        from_outside,
    })
}

/// Writes the image of a module; returns its length in bytes.
pub(crate) fn translate_to(
    engine: &Engine,
    source: &mut dyn Source,
    target: &mut dyn Target,
) -> Result<u32, StorageError> {
    let mut sink = Keeping {
        target,
        error: None,
    };
    let header = translate(engine, source, &mut sink);
    let header = header.map_err(|error| sink.error.unwrap_or(error.into()))?;
    Ok(header.length)
}

/// Copies an image, its header last. Only the header is looked at.
fn copy(source: &mut dyn Source, target: &mut dyn Target) -> Result<u32, StorageError> {
    let mut header = [0; HEADER_LENGTH];
    fill(source, &mut header, HEADER_LENGTH as u32)?;
    let length = Header::decode(&header)?.length;
    let mut left = (length as usize).saturating_sub(HEADER_LENGTH);
    let mut window = [0; 128];
    while left > 0 {
        let count = left.min(window.len());
        let piece = window.get_mut(..count).unwrap_or_default();
        fill(source, piece, length)?;
        target.append(piece)?;
        left -= count;
    }
    target.finish(&header)?;
    Ok(length)
}

/// Reads as many bytes as the buffer holds, of an image with `expected` bytes.
fn fill(source: &mut dyn Source, mut buffer: &mut [u8], expected: u32) -> Result<(), StorageError> {
    while !buffer.is_empty() {
        let count = source.read(buffer).map_err(|_| StorageError::Source)?;
        if count == 0 {
            return Err(ImageError::Truncated { expected }.into());
        }
        buffer = buffer.get_mut(count..).ok_or(StorageError::Source)?;
    }
    Ok(())
}

/// A source whose first bytes were looked at; they come again.
struct Peeked<'a> {
    rest: &'a mut dyn Source,
    front: [u8; 4],
    /// Where in `front` reading goes on.
    next: usize,
    /// Bytes in `front`.
    end: usize,
}

impl<'a> Peeked<'a> {
    fn new(rest: &'a mut dyn Source) -> Result<Self, StorageError> {
        let (mut front, mut end) = ([0; 4], 0);
        while let Some(place @ [_, ..]) = front.get_mut(end..) {
            match rest.read(place) {
                Ok(0) => break,
                Ok(count) => end += count,
                Err(SourceError) => return Err(StorageError::Source),
            }
        }
        Ok(Self {
            rest,
            front,
            next: 0,
            end,
        })
    }
}

impl Source for Peeked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SourceError> {
        match self.front.get(self.next..self.end) {
            Some(mut front @ [_, ..]) => {
                let count = front.read(buffer)?;
                self.next += count;
                Ok(count)
            }
            _ => self.rest.read(buffer),
        }
    }
}

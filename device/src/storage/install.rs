//! Taking a program in: a module is translated, an image copied.

use thimble::Engine;
use thimble::code::image::{HEADER_LENGTH, Header, ImageError, MAGIC, Sink};
use thimble::wasm::{ErrorKind, Failure, Source, SourceError};

use super::StorageError;
use crate::module::translate;

/// A sink that keeps its errors, of which the translator can pass on only that there
/// was one.
pub(super) trait Target: Sink {
    /// The error of the call that failed.
    fn take_error(&mut self) -> Option<StorageError>;
}

/// What to tell the translator of an error that a [`Target`] keeps.
pub(super) const UNWRITTEN: Failure =
    Failure::new(&(ErrorKind::Limit, "the image could not be written"));

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
    let received = if from_outside {
        copy(&mut source, target)
    } else {
        let header = translate(engine, &mut source, target);
        header.map(|header| header.length).map_err(Into::into)
    };
    match received {
        Ok(length) => Ok(Received {
            length,
            from_outside,
        }),
        Err(error) => Err(target.take_error().unwrap_or(error)),
    }
}

/// Copies an image, its header last. Only the header is looked at.
fn copy(source: &mut dyn Source, sink: &mut dyn Sink) -> Result<u32, StorageError> {
    // The sink keeps its own error, which comes instead of this one.
    let unwritten = |_| StorageError::Full;
    let mut header = [0; HEADER_LENGTH];
    fill(source, &mut header, HEADER_LENGTH as u32)?;
    let length = Header::decode(&header)?.length;
    let mut left = (length as usize).saturating_sub(HEADER_LENGTH);
    let mut window = [0; 128];
    while left > 0 {
        let count = left.min(window.len());
        let piece = window.get_mut(..count).unwrap_or_default();
        fill(source, piece, length)?;
        sink.append(piece).map_err(unwritten)?;
        left -= count;
    }
    sink.finish(&header).map_err(unwritten)?;
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

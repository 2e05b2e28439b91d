//! An image on its way to a file.

use alloc::vec::Vec;

use thimble::code::image::HEADER_LENGTH;
use thimble::fallible::TryVec;

use super::StorageError;
use super::directory::Open;
use super::install::Target;

/// Gathers the pieces of an image and writes them to a file.
pub(crate) struct Writer<'a> {
    file: &'a Open<'a>,
    buffer: Vec<u8>,
    /// Bytes of the buffer in use.
    used: usize,
    /// Where in the file the buffer belongs.
    offset: u64,
}

impl<'a> Writer<'a> {
    /// Writes to an empty file, through a buffer of `transfer` bytes, which is longer
    /// than a header.
    pub fn new(file: &'a Open<'a>, transfer: usize) -> Result<Self, StorageError> {
        let mut buffer = Vec::new();
        buffer.try_resize(transfer, 0)?;
        Ok(Self {
            file,
            buffer,
            // The header comes last; its place is written with zeros before.
            used: HEADER_LENGTH,
            offset: 0,
        })
    }

    fn flush(&mut self) -> Result<(), StorageError> {
        let gathered = self.buffer.get(..self.used).unwrap_or_default();
        self.file.write(self.offset, gathered)?;
        self.offset += gathered.len() as u64;
        self.used = 0;
        Ok(())
    }
}

impl Target for Writer<'_> {
    fn append(&mut self, mut bytes: &[u8]) -> Result<(), StorageError> {
        while !bytes.is_empty() {
            if self.used == self.buffer.len() {
                self.flush()?;
            }
            let room = self.buffer.get_mut(self.used..).unwrap_or_default();
            let (piece, rest) = bytes.split_at(bytes.len().min(room.len()));
            for (place, byte) in room.iter_mut().zip(piece) {
                *place = *byte;
            }
            self.used += piece.len();
            bytes = rest;
        }
        Ok(())
    }

    fn finish(&mut self, header: &[u8; HEADER_LENGTH]) -> Result<(), StorageError> {
        self.flush()?;
        // A header says that all of the image is there.
        self.file.sync()?;
        self.file.write(0, header)?;
        self.file.sync()
    }
}

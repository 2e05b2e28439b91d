//! An image on its way to free pages.

use alloc::vec::Vec;

use thimble::code::image::{HEADER_LENGTH, ImageError};
use thimble::fallible::TryVec;
use thimble_platform::ErrorKind;

use super::medium::Medium;
use super::record::{Fields, MAGIC};
use super::scan::Run;
use crate::storage::StorageError;
use crate::storage::install::Target;
use crate::storage::name::Name;

/// Gathers the pieces of an image, and programs whole granules to pages that it erases
/// as it comes to them.
pub(super) struct Writer<'a> {
    medium: &'a Medium,
    run: Run,
    /// Its length is a multiple of the granule, and that of the area for a header at
    /// least.
    buffer: Vec<u8>,
    /// Bytes of the buffer in use.
    used: usize,
    /// Where the buffer belongs.
    offset: u32,
    /// The pages before this one are erased, or hold some of the image.
    erased: u32,
    image_header: Option<[u8; HEADER_LENGTH]>,
}

impl<'a> Writer<'a> {
    /// Writes to a run of free pages, through a buffer of about `transfer` bytes.
    pub fn new(medium: &'a Medium, run: Run, transfer: usize) -> Result<Self, StorageError> {
        let layout = &medium.layout;
        let longest = transfer.min(layout.page_size as usize);
        let length = longest.max(layout.header_area as usize);
        let mut buffer = Vec::new();
        buffer.try_resize(length - length % layout.granule as usize, 0)?;
        let mut writer = Self {
            medium,
            run,
            buffer,
            used: 0,
            offset: layout.content(run.start),
            erased: run.start,
            image_header: None,
        };
        // Also if the content begins with the next page.
        writer.erase_to(layout.offset(run.start))?;
        Ok(writer)
    }

    /// Programs the headers of the record, with which it counts.
    pub fn commit(&mut self, sequence: u64, name: &Name, length: u32) -> Result<(), StorageError> {
        let image_header = self.image_header.ok_or(ErrorKind::InvalidArgument)?;
        let fields = Fields {
            sequence,
            name: *name,
            length,
        };
        let header = fields.encode(&image_header);
        self.program_header(self.medium.layout.offset(self.run.start), 0, &header)
    }

    /// Programs the area for a header, in which it lies `at` bytes from the start.
    fn program_header(
        &mut self,
        offset: u32,
        at: usize,
        header: &[u8; HEADER_LENGTH],
    ) -> Result<(), StorageError> {
        let area = self.medium.layout.header_area as usize;
        let area = self.buffer.get_mut(..area).unwrap_or_default();
        area.fill(self.medium.erased_value());
        if let Some(place) = area.get_mut(at..).and_then(|rest| rest.first_chunk_mut()) {
            *place = *header;
        }
        self.medium.program(offset, area)
    }

    /// Erases the pages up to the one at `offset`, which must be of the run.
    fn erase_to(&mut self, offset: u32) -> Result<(), StorageError> {
        while offset >= self.medium.layout.offset(self.erased) {
            if self.erased >= self.run.end {
                return Err(StorageError::Full);
            }
            self.medium.erase(self.erased)?;
            self.erased += 1;
        }
        Ok(())
    }

    /// The bytes for which there is room: what is gathered lies in one page.
    fn room(&self) -> usize {
        let page_size = self.medium.layout.page_size;
        let in_page = page_size - self.offset % page_size;
        self.buffer.len().min(in_page as usize) - self.used
    }

    /// Programs what was gathered, padded to whole granules.
    fn flush(&mut self) -> Result<(), StorageError> {
        let layout = &self.medium.layout;
        let length = self.used.next_multiple_of(layout.granule as usize);
        if let Some(padding) = self.buffer.get_mut(self.used..length) {
            padding.fill(self.medium.erased_value());
        }
        self.erase_to(self.offset)?;
        let gathered = self.buffer.get(..length).unwrap_or_default();
        if self.offset.is_multiple_of(layout.page_size) && gathered.starts_with(&MAGIC) {
            // It would count as a record as soon as that of the image does not.
            return Err(StorageError::from(ImageError::Malformed {
                offset: self.offset - layout.image(self.run.start),
                message: "looks like the header of a record in flash",
            }));
        }
        self.medium.program(self.offset, gathered)?;
        self.offset += length as u32;
        self.used = 0;
        Ok(())
    }
}

impl Target for Writer<'_> {
    fn append(&mut self, mut bytes: &[u8]) -> Result<(), StorageError> {
        while !bytes.is_empty() {
            let room = self.room();
            if room == 0 {
                self.flush()?;
                continue;
            }
            let (piece, rest) = bytes.split_at(bytes.len().min(room));
            let places = self.buffer.get_mut(self.used..).unwrap_or_default();
            for (place, byte) in places.iter_mut().zip(piece) {
                *place = *byte;
            }
            self.used += piece.len();
            bytes = rest;
        }
        Ok(())
    }

    fn finish(&mut self, header: &[u8; HEADER_LENGTH]) -> Result<(), StorageError> {
        if self.used > 0 {
            self.flush()?;
        }
        let layout = &self.medium.layout;
        let area = layout.content(self.run.start) - layout.header_area;
        let at = layout.header_area as usize - HEADER_LENGTH;
        self.program_header(area, at, header)?;
        self.image_header = Some(*header);
        Ok(())
    }
}

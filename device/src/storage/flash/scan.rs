//! Looking for records.

use thimble::code::image::HEADER_LENGTH;
use thimble_platform::Error;

use super::medium::Medium;
use super::record::{Fields, MAGIC, RECORD_HEADER_LENGTH, Record};
use crate::message::message;
use crate::storage::StorageError;

/// Free pages one behind another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    /// The first page.
    pub start: u32,
    /// The page behind the last one.
    pub end: u32,
}

/// What begins at a page.
pub(super) enum Found {
    /// A record, which goes on over its pages.
    Record(Record),
    /// Nothing: the page is free.
    Free(u32),
}

/// Goes through a partition from front to back.
///
/// A page whose start cannot be read is free: where flash has error correction, a page
/// may be unreadable after a cut until it is erased. Only if no page can be read, it is
/// an error.
pub(super) struct Scan<'a> {
    medium: &'a Medium,
    page: u32,
    was_read: bool,
    error: Option<Error>,
}

impl<'a> Scan<'a> {
    pub const fn new(medium: &'a Medium) -> Self {
        Self {
            medium,
            page: 0,
            was_read: false,
            error: None,
        }
    }

    pub fn next(&mut self) -> Result<Option<Found>, StorageError> {
        let page = self.page;
        if page >= self.medium.layout.pages {
            return match self.error {
                Some(error) if !self.was_read => Err(error.into()),
                _ => Ok(None),
            };
        }
        match self.record(page) {
            Ok(found) => {
                self.was_read = true;
                if let Some(record) = found {
                    self.page += record.pages;
                    return Ok(Some(Found::Record(record)));
                }
            }
            Err(error) => {
                message!(Debug, "store: page {page} cannot be read: {error}");
                self.error = Some(error);
            }
        }
        self.page += 1;
        Ok(Some(Found::Free(page)))
    }

    pub fn next_record(&mut self) -> Result<Option<Record>, StorageError> {
        while let Some(found) = self.next()? {
            if let Found::Record(record) = found {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    /// The record that begins at a page.
    fn record(&self, page: u32) -> Result<Option<Record>, Error> {
        let layout = &self.medium.layout;
        let mut header = [0; RECORD_HEADER_LENGTH];
        self.medium.read(layout.offset(page), &mut header)?;
        if !header.starts_with(&MAGIC) {
            return Ok(None);
        }
        let mut image_header = [0; HEADER_LENGTH];
        self.medium.read(layout.image(page), &mut image_header)?;
        Ok(Fields::decode(&header, &image_header).and_then(|fields| {
            let pages = layout.pages_of(fields.length)?;
            let fits = layout.pages - page >= pages && fields.length as usize >= HEADER_LENGTH;
            fits.then_some(Record {
                page,
                pages,
                sequence: fields.sequence,
                name: fields.name,
                length: fields.length,
            })
        }))
    }
}

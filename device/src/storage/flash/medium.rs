//! The partition with its layout.

use thimble::TrustedImage;
use thimble_platform::{Error, ErrorKind};

use super::Flash;
use super::layout::Layout;
use super::lease::Uses;
use super::record::Record;
use super::scan::{Found, Run, Scan};
use crate::storage::StorageError;
use crate::storage::name::Name;

/// A flash partition with its layout.
pub(super) struct Medium {
    flash: &'static dyn Flash,
    pub layout: Layout,
}

impl Medium {
    pub fn new(flash: &'static dyn Flash) -> Result<Self, StorageError> {
        let layout = Layout::new(flash)?;
        Ok(Self { flash, layout })
    }

    pub const fn scan(&self) -> Scan<'_> {
        Scan::new(self)
    }

    pub fn erased_value(&self) -> u8 {
        self.flash.erased_value()
    }

    pub fn read(&self, offset: u32, buffer: &mut [u8]) -> Result<(), Error> {
        self.flash.read(offset, buffer)
    }

    /// Programs whole granules, and looks whether they hold it: flash wears out.
    pub fn program(&self, mut offset: u32, data: &[u8]) -> Result<(), StorageError> {
        self.flash.write(offset, data)?;
        let mut window = [0; 64];
        for piece in data.chunks(window.len()) {
            let read = window.get_mut(..piece.len()).unwrap_or_default();
            self.flash.read(offset, read)?;
            if read != piece {
                return Err(ErrorKind::Io.into());
            }
            offset += piece.len() as u32;
        }
        Ok(())
    }

    /// Erases a page. A record that began there is none any more.
    pub fn erase(&self, page: u32) -> Result<(), StorageError> {
        let Layout { page_size, .. } = self.layout;
        Ok(self.flash.erase(self.layout.offset(page), page_size)?)
    }

    /// The image of the record that begins at a page, as memory.
    pub fn image(&self, page: u32, length: u32) -> Option<TrustedImage> {
        self.flash.image(self.layout.image(page), length)
    }

    /// Reads the image of the record that begins at a page.
    pub fn read_image(&self, page: u32, buffer: &mut [u8]) -> Result<(), StorageError> {
        let mut offset = self.layout.image(page);
        for piece in buffer.chunks_mut(self.layout.page_size as usize) {
            self.flash.read(offset, piece)?;
            offset += piece.len() as u32;
        }
        Ok(())
    }

    /// The newest record of a name.
    pub fn newest(&self, name: &Name) -> Result<Option<Record>, StorageError> {
        let mut newest: Option<Record> = None;
        let mut scan = self.scan();
        while let Some(record) = scan.next_record()? {
            if record.name == *name && newest.is_none_or(|other| other.sequence < record.sequence) {
                newest = Some(record);
            }
        }
        Ok(newest)
    }

    /// Whether a record is the newest of its name.
    pub fn is_newest(&self, record: &Record) -> Result<bool, StorageError> {
        let newest = self.newest(&record.name)?;
        Ok(newest.is_some_and(|newest| newest.page == record.page))
    }

    /// The sequence number of the next record.
    pub fn next_sequence(&self) -> Result<u64, StorageError> {
        let mut next = 0;
        let mut scan = self.scan();
        while let Some(record) = scan.next_record()? {
            next = next.max(record.sequence.saturating_add(1));
        }
        Ok(next)
    }

    /// The largest run of free pages. What is used is not free, whatever its header
    /// reads as now.
    pub fn largest_run(&self, uses: &Uses) -> Result<Run, StorageError> {
        let (mut largest, mut run) = (Run::default(), Run::default());
        let mut scan = self.scan();
        while let Some(found) = scan.next()? {
            let Found::Free(page) = found else { continue };
            if uses.contains(page) {
                continue;
            }
            if run.end != page {
                run.start = page;
            }
            run.end = page + 1;
            if run.end - run.start > largest.end - largest.start {
                largest = run;
            }
        }
        if largest == Run::default() {
            return Err(StorageError::Full);
        }
        Ok(largest)
    }
}

//! Where the parts of a record lie.
//!
//! ```text
//! page: record header, padding │ padding, image header, content …, padding │ free page
//!       └──── header_area ────┘└── header_area ──┘
//! ```
//!
//! Each of the headers has its own granules, because they are programmed one after the
//! other; the content follows its header at once, because an image is one block.

use thimble::code::image::{ALIGNMENT, HEADER_LENGTH};
use thimble_platform::ErrorKind;

use super::Flash;
use crate::storage::StorageError;

/// The sizes of a flash partition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// Bytes of a page.
    pub page_size: u32,
    /// Whole pages in the partition.
    pub pages: u32,
    /// Bytes of a granule.
    pub granule: u32,
    /// Bytes of the granules for one header.
    pub header_area: u32,
}

impl Layout {
    /// The layout of a partition; its sizes are checked, so that what lies in it has an
    /// offset of 32 bits.
    pub fn new(flash: &dyn Flash) -> Result<Self, StorageError> {
        let (page_size, granule) = (flash.erase_size(), flash.write_size());
        let header_area = granule.max(HEADER_LENGTH as u32);
        let headers_fit = header_area
            .checked_mul(2)
            .is_some_and(|both| both <= page_size);
        // A granule of more than a header is a multiple of the alignment, being a power
        // of two.
        let is_sound = granule.is_power_of_two()
            && headers_fit
            && page_size.is_multiple_of(granule)
            && page_size.is_multiple_of(ALIGNMENT as u32)
            && flash.size() >= page_size;
        if !is_sound {
            return Err(ErrorKind::InvalidArgument.into());
        }
        Ok(Self {
            page_size,
            pages: flash.size() / page_size,
            granule,
            header_area,
        })
    }

    /// The start of a page that exists, or of the end of the last one.
    pub const fn offset(&self, page: u32) -> u32 {
        page.saturating_mul(self.page_size)
    }

    /// The start of the content of an image whose record begins with a page.
    pub const fn content(&self, page: u32) -> u32 {
        self.offset(page).saturating_add(2 * self.header_area)
    }

    /// The start of an image whose record begins with a page.
    pub const fn image(&self, page: u32) -> u32 {
        self.content(page).saturating_sub(HEADER_LENGTH as u32)
    }

    /// The pages that the record of an image takes.
    pub fn pages_of(&self, length: u32) -> Option<u32> {
        let length = self.image(0).checked_add(length)?;
        Some(length.div_ceil(self.page_size))
    }
}

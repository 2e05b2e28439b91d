//! The flash partition behind the C symbols.

use thimble::TrustedImage;
use thimble_device::storage::Flash;
use thimble_platform::Result;

use crate::abi;

/// The partition, as the shim described it.
pub(crate) struct CFlash(abi::Flash);

// SAFETY: the fields are not changed, and the address is used for reading only.
unsafe impl Send for CFlash {}
// SAFETY: as above.
unsafe impl Sync for CFlash {}

impl CFlash {
    /// Asks the shim.
    pub(crate) fn new() -> Result<Self> {
        let mut flash = abi::Flash {
            size: 0,
            erase_size: 0,
            write_size: 0,
            erased: 0,
            mapping: core::ptr::null(),
        };
        // SAFETY: the description can be written.
        thimble_platform_ffi::check(unsafe { abi::thimble_device_flash(&raw mut flash) })?;
        Ok(Self(flash))
    }
}

impl Flash for CFlash {
    fn size(&self) -> u32 {
        self.0.size
    }

    fn erase_size(&self) -> u32 {
        self.0.erase_size
    }

    fn write_size(&self) -> u32 {
        self.0.write_size
    }

    fn erased_value(&self) -> u8 {
        self.0.erased
    }

    fn read(&self, offset: u32, buffer: &mut [u8]) -> Result<()> {
        // SAFETY: the buffer can be written, and has this length.
        thimble_platform_ffi::check(unsafe {
            abi::thimble_device_flash_read(offset, buffer.as_mut_ptr().cast(), buffer.len())
        })
    }

    fn write(&self, offset: u32, data: &[u8]) -> Result<()> {
        // SAFETY: the data can be read, and has this length.
        thimble_platform_ffi::check(unsafe {
            abi::thimble_device_flash_write(offset, data.as_ptr().cast(), data.len())
        })
    }

    fn erase(&self, offset: u32, length: u32) -> Result<()> {
        thimble_platform_ffi::check(abi::thimble_device_flash_erase(offset, length as usize))
    }

    fn image(&self, offset: u32, length: u32) -> Option<TrustedImage> {
        let end = offset.checked_add(length)?;
        if self.0.mapping.is_null() || end > self.0.size {
            return None;
        }
        // SAFETY: the range is in the partition, which the header lets be read like
        // memory for ever. The storage does not change what it has leased, and by the
        // header nobody else writes to the partition.
        let bytes = unsafe {
            core::slice::from_raw_parts(self.0.mapping.add(offset as usize), length as usize)
        };
        // SAFETY: as the trait says, the storage answers for what the image holds.
        Some(unsafe { TrustedImage::new(bytes) })
    }
}

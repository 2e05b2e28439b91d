//! Memory mapping.

use core::ffi::c_void;

use thimble_platform::{ErrorKind, Memory, Region, Result};

use crate::platform::CPlatform;
use crate::status::done;

unsafe extern "C" {
    safe fn thimble_platform_memory_granule() -> usize;
    fn thimble_platform_memory_reserve(length: usize, address: *mut *mut c_void) -> i32;
    safe fn thimble_platform_memory_commit(region: usize, offset: usize, length: usize) -> i32;
    safe fn thimble_platform_memory_seal(region: usize, offset: usize, length: usize) -> i32;
    safe fn thimble_platform_memory_sync_code(region: usize, offset: usize, length: usize) -> i32;
    safe fn thimble_platform_memory_release(region: usize) -> i32;
}

impl CPlatform {
    /// Refuses what is not whole granules of the region.
    fn check(&self, region: &Region, offset: usize, length: usize) -> Result<()> {
        let granule = self.granule();
        let end = offset.checked_add(length);
        if end.is_none_or(|end| end > region.length())
            || !offset.is_multiple_of(granule)
            || !length.is_multiple_of(granule)
        {
            return Err(ErrorKind::InvalidArgument.into());
        }
        Ok(())
    }
}

impl Memory for CPlatform {
    fn granule(&self) -> usize {
        thimble_platform_memory_granule().max(1)
    }

    fn reserve(&self, length: usize) -> Result<Region> {
        if length == 0 || !length.is_multiple_of(self.granule()) {
            return Err(ErrorKind::InvalidArgument.into());
        }
        let mut address = core::ptr::null_mut();
        // SAFETY: `address` can be written during the call, and the shim does
        // not keep the pointer.
        done(unsafe { thimble_platform_memory_reserve(length, &raw mut address) })?;
        if address.is_null() {
            return Err(ErrorKind::OutOfMemory.into());
        }
        Ok(Region::from_reserved(address.expose_provenance(), length))
    }

    fn commit(&self, region: &Region, offset: usize, length: usize) -> Result<()> {
        self.check(region, offset, length)?;
        done(thimble_platform_memory_commit(
            region.address(),
            offset,
            length,
        ))
    }

    fn seal(&self, region: &Region, offset: usize, length: usize) -> Result<()> {
        self.check(region, offset, length)?;
        done(thimble_platform_memory_seal(
            region.address(),
            offset,
            length,
        ))
    }

    fn sync_code(&self, region: &Region, offset: usize, length: usize) -> Result<()> {
        self.check(region, offset, length)?;
        done(thimble_platform_memory_sync_code(
            region.address(),
            offset,
            length,
        ))
    }

    fn release(&self, region: Region) -> Result<()> {
        done(thimble_platform_memory_release(region.address()))
    }
}

//! Memory mapping by `mmap`.
#![allow(unsafe_code, reason = "mapping memory is unsafe by nature")]

use std::sync::Mutex;

use rustix::mm::{MapFlags, MprotectFlags, ProtFlags, mmap_anonymous, mprotect, munmap};
use thimble_platform::{ErrorKind, Memory, Region, Result};

use crate::error::from_errno;
use crate::table::locked;

/// The regions that are reserved, as address and length.
#[derive(Debug, Default)]
pub(crate) struct HostMemory(Mutex<Vec<(usize, usize)>>);

impl HostMemory {
    /// Sets the protection of a part of a region of this object.
    fn protect(
        &self,
        region: &Region,
        offset: usize,
        length: usize,
        flags: MprotectFlags,
    ) -> Result<()> {
        let regions = locked(&self.0);
        check(&regions, region, offset, length, self.granule())?;
        let start = region.as_ptr().wrapping_add(offset);
        // SAFETY: `check` showed that the range lies within one mapping made
        // by `reserve` and not yet released, and `regions` stays locked, so
        // nothing else is protected. Protection does not move or change
        // memory; the owner of the region answers for references into it.
        unsafe { mprotect(start.cast(), length, flags) }.map_err(from_errno)
    }
}

/// Whether the range is whole granules of a region that is reserved.
fn check(
    regions: &[(usize, usize)],
    region: &Region,
    offset: usize,
    length: usize,
    granule: usize,
) -> Result<()> {
    if !regions.contains(&(region.address(), region.length())) {
        return Err(ErrorKind::BadDescriptor.into());
    }
    let end = offset.checked_add(length);
    if end.is_none_or(|end| end > region.length())
        || !offset.is_multiple_of(granule)
        || !length.is_multiple_of(granule)
    {
        return Err(ErrorKind::InvalidArgument.into());
    }
    Ok(())
}

impl Memory for HostMemory {
    fn granule(&self) -> usize {
        rustix::param::page_size()
    }

    fn reserve(&self, length: usize) -> Result<Region> {
        if length == 0 || !length.is_multiple_of(self.granule()) {
            return Err(ErrorKind::InvalidArgument.into());
        }
        let mut regions = locked(&self.0);
        regions.try_reserve(1)?;
        // SAFETY: without an address and without MAP_FIXED the kernel takes
        // addresses that nothing uses.
        let start = unsafe {
            mmap_anonymous(
                std::ptr::null_mut(),
                length,
                ProtFlags::empty(),
                MapFlags::PRIVATE | MapFlags::NORESERVE,
            )
        }
        .map_err(from_errno)?;
        let address = start.expose_provenance();
        regions.push((address, length));
        Ok(Region::from_reserved(address, length))
    }

    fn commit(&self, region: &Region, offset: usize, length: usize) -> Result<()> {
        self.protect(
            region,
            offset,
            length,
            MprotectFlags::READ | MprotectFlags::WRITE,
        )
    }

    fn seal(&self, region: &Region, offset: usize, length: usize) -> Result<()> {
        self.sync_code(region, offset, length)?;
        self.protect(
            region,
            offset,
            length,
            MprotectFlags::READ | MprotectFlags::EXEC,
        )
    }

    fn sync_code(&self, region: &Region, offset: usize, length: usize) -> Result<()> {
        check(&locked(&self.0), region, offset, length, self.granule())?;
        if cfg!(any(target_arch = "x86", target_arch = "x86_64")) {
            // The processor keeps instruction fetches coherent.
            Ok(())
        } else {
            Err(ErrorKind::NotSupported.into())
        }
    }

    fn release(&self, region: Region) -> Result<()> {
        let mut regions = locked(&self.0);
        let position = regions
            .iter()
            .position(|known| *known == (region.address(), region.length()))
            .ok_or(ErrorKind::BadDescriptor)?;
        regions.swap_remove(position);
        // SAFETY: the range is exactly one mapping made by `reserve`, and was
        // just taken off the list, so it is unmapped once. The caller gives
        // the region away, and with it the right to point into it.
        unsafe { munmap(region.as_ptr().cast(), region.length()) }.map_err(from_errno)
    }
}

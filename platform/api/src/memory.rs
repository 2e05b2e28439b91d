//! Memory mapping: address space, memory behind it, and executable code.

use crate::Result;

/// A range of addresses, from [`Memory::reserve`] until [`Memory::release`].
///
/// It can neither be copied nor cloned: whoever has it decides about the
/// range, and releasing it takes it away. The bytes are reached through
/// [`as_ptr`](Region::as_ptr), by code that can show that they are committed.
#[derive(Debug, PartialEq, Eq)]
pub struct Region {
    address: usize,
    length: usize,
}

impl Region {
    /// The region that a back end has just reserved; for back ends. The
    /// provenance of `address` has been exposed.
    pub const fn from_reserved(address: usize, length: usize) -> Region {
        Region { address, length }
    }

    /// The first address.
    pub const fn address(&self) -> usize {
        self.address
    }

    /// The length in bytes.
    pub const fn length(&self) -> usize {
        self.length
    }

    /// A pointer to the first byte.
    pub fn as_ptr(&self) -> *mut u8 {
        core::ptr::with_exposed_provenance_mut(self.address)
    }
}

/// Memory mapping. Mandatory.
///
/// On a system without memory management, reserving allocates and committing
/// fills with zeroes. Offsets and lengths are bytes; a range that leaves the
/// region is [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument),
/// and a region of another platform is
/// [`ErrorKind::BadDescriptor`](crate::ErrorKind::BadDescriptor).
pub trait Memory: Sync {
    /// The granule in bytes, a power of two: offsets and lengths given to
    /// the other calls are multiples of it. 1 where there are no pages.
    fn granule(&self) -> usize;

    /// Reserves `length` bytes of addresses, aligned to the granule and to at
    /// least 16. Nothing may touch them before they are committed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for
    /// 0 or a length that is not a multiple of the granule,
    /// [`ErrorKind::OutOfMemory`](crate::ErrorKind::OutOfMemory).
    fn reserve(&self, length: usize) -> Result<Region>;

    /// Makes a part readable and writable, filled with zeroes. Committing a
    /// part twice is an error of the caller: what it holds then is
    /// unspecified.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`](crate::ErrorKind::OutOfMemory); the part is
    /// as it was.
    fn commit(&self, region: &Region, offset: usize, length: usize) -> Result<()>;

    /// Makes a committed part readable and executable and no longer
    /// writable, with caches synchronised as by [`sync_code`](Memory::sync_code).
    ///
    /// Where the system cannot forbid writing, the part becomes executable
    /// and the caller refrains from writing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotSupported`](crate::ErrorKind::NotSupported) where data
    /// memory cannot be executed.
    fn seal(&self, region: &Region, offset: usize, length: usize) -> Result<()>;

    /// Makes what was written to a committed part visible to instruction
    /// fetches of every processor, where the hardware does not do so itself.
    ///
    /// # Errors
    ///
    /// Only those of every call.
    fn sync_code(&self, region: &Region, offset: usize, length: usize) -> Result<()>;

    /// Gives the whole region back. No pointer into it is used afterwards.
    ///
    /// # Errors
    ///
    /// Only those of every call; the region is lost all the same.
    fn release(&self, region: Region) -> Result<()>;
}

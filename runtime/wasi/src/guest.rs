//! The guest's memory as seen by a WASI function: addresses stay numbers until checked.

use core::fmt;
use core::marker::PhantomData;
use core::ops::Range;

use crate::errno::Errno;

/// An address in a guest's memory where a `T` lies or shall lie.
///
/// It is a number that the guest gave: holding one proves nothing about it. Only
/// [`GuestMemory`] turns it into bytes, checking it each time.
pub struct GuestPtr<T: ?Sized> {
    address: u32,
    target: PhantomData<fn() -> *const T>,
}

impl<T: ?Sized> Clone for GuestPtr<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for GuestPtr<T> {}

impl<T: ?Sized> fmt::Debug for GuestPtr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.address)
    }
}

impl<T: ?Sized> GuestPtr<T> {
    /// The address `address`, unchecked.
    #[must_use]
    pub const fn new(address: u32) -> Self {
        GuestPtr {
            address,
            target: PhantomData,
        }
    }

    /// The number itself.
    #[must_use]
    pub const fn address(self) -> u32 {
        self.address
    }

    /// The address as that of something else.
    #[must_use]
    pub const fn cast<U: ?Sized>(self) -> GuestPtr<U> {
        GuestPtr::new(self.address)
    }
}

impl<T: GuestValue> GuestPtr<T> {
    /// The address of element `index` of an array that starts here.
    ///
    /// # Errors
    /// [`Errno::Fault`] if it lies beyond every 32-bit address.
    pub fn element(self, index: u32) -> Result<Self, Errno> {
        index
            .checked_mul(T::SIZE)
            .and_then(|distance| self.address.checked_add(distance))
            .map(GuestPtr::new)
            .ok_or(Errno::Fault)
    }
}

/// A value with a fixed layout in guest memory (little-endian, as the WASI
/// specification lays it out).
pub trait GuestValue: Sized {
    /// Bytes that it takes.
    const SIZE: u32;

    /// Takes it from exactly `SIZE` bytes.
    ///
    /// # Errors
    /// [`Errno::Inval`] if the bytes are no value of the type.
    fn load(bytes: &[u8]) -> Result<Self, Errno>;
}

/// The integer whose little-endian bytes start at `offset`; what lies outside reads as 0.
pub(crate) fn integer(bytes: &[u8], offset: usize, size: usize) -> u64 {
    let mut value = 0;
    for (position, byte) in bytes.iter().skip(offset).take(size).enumerate() {
        value |= u64::from(*byte) << (position * 8);
    }
    value
}

#[allow(clippy::cast_possible_truncation, reason = "4 bytes were read")]
impl GuestValue for u32 {
    const SIZE: u32 = 4;

    fn load(bytes: &[u8]) -> Result<Self, Errno> {
        Ok(integer(bytes, 0, 4) as u32)
    }
}

impl<T> GuestValue for GuestPtr<T> {
    const SIZE: u32 = 4;

    fn load(bytes: &[u8]) -> Result<Self, Errno> {
        u32::load(bytes).map(GuestPtr::new)
    }
}

/// A guest's linear memory, for the length of one call.
#[derive(Debug)]
pub struct GuestMemory<'m> {
    bytes: &'m mut [u8],
}

impl<'m> GuestMemory<'m> {
    /// Wraps the linear memory `bytes`.
    #[must_use]
    pub fn new(bytes: &'m mut [u8]) -> Self {
        GuestMemory { bytes }
    }

    fn range(address: u32, length: u32) -> Result<Range<usize>, Errno> {
        let start = usize::try_from(address).map_err(|_| Errno::Fault)?;
        let length = usize::try_from(length).map_err(|_| Errno::Fault)?;
        let end = start.checked_add(length).ok_or(Errno::Fault)?;
        Ok(start..end)
    }

    /// The `length` bytes at `address`. None of them may lie outside, also when there are none.
    ///
    /// # Errors
    /// [`Errno::Fault`] if they do not all lie in the memory.
    pub fn bytes(&self, address: GuestPtr<u8>, length: u32) -> Result<&[u8], Errno> {
        self.bytes
            .get(Self::range(address.address, length)?)
            .ok_or(Errno::Fault)
    }

    /// As [`bytes`](Self::bytes), to be written to.
    ///
    /// # Errors
    /// [`Errno::Fault`] if they do not all lie in the memory.
    pub fn bytes_mut(&mut self, address: GuestPtr<u8>, length: u32) -> Result<&mut [u8], Errno> {
        self.bytes
            .get_mut(Self::range(address.address, length)?)
            .ok_or(Errno::Fault)
    }

    /// Loads the value at `address`.
    ///
    /// # Errors
    /// [`Errno::Fault`] outside the memory, [`Errno::Inval`] for bytes that are no such value.
    pub fn load<T: GuestValue>(&self, address: GuestPtr<T>) -> Result<T, Errno> {
        T::load(self.bytes(address.cast(), T::SIZE)?)
    }

    /// Stores `bytes` at `address`.
    ///
    /// # Errors
    /// [`Errno::Fault`] if they do not all fit in the memory; then none is written.
    pub fn store(&mut self, address: GuestPtr<u8>, bytes: &[u8]) -> Result<(), Errno> {
        let length = u32::try_from(bytes.len()).map_err(|_| Errno::Fault)?;
        self.bytes_mut(address, length)?.copy_from_slice(bytes);
        Ok(())
    }

    /// Stores a 32-bit integer.
    ///
    /// # Errors
    /// As [`store`](Self::store).
    pub fn store_u32(&mut self, address: GuestPtr<u32>, value: u32) -> Result<(), Errno> {
        self.store(address.cast(), &value.to_le_bytes())
    }

    /// Stores a 64-bit integer.
    ///
    /// # Errors
    /// As [`store`](Self::store).
    pub fn store_u64(&mut self, address: GuestPtr<u64>, value: u64) -> Result<(), Errno> {
        self.store(address.cast(), &value.to_le_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_may_end_at_the_end_and_not_beyond() {
        let mut bytes = [0_u8; 16];
        let mut memory = GuestMemory::new(&mut bytes);
        assert_eq!(memory.bytes(GuestPtr::new(12), 4).unwrap().len(), 4);
        assert_eq!(memory.bytes(GuestPtr::new(16), 0).unwrap().len(), 0);
        assert_eq!(memory.bytes(GuestPtr::new(17), 0), Err(Errno::Fault));
        assert_eq!(memory.bytes(GuestPtr::new(13), 4), Err(Errno::Fault));
        assert_eq!(
            memory.bytes(GuestPtr::new(u32::MAX), u32::MAX),
            Err(Errno::Fault)
        );
        assert_eq!(memory.store_u64(GuestPtr::new(9), 1), Err(Errno::Fault));
        assert_eq!(memory.store_u64(GuestPtr::new(8), 0x0102), Ok(()));
        assert_eq!(memory.load(GuestPtr::<u32>::new(8)), Ok(0x0102));
    }

    #[test]
    fn an_element_beyond_all_addresses_faults() {
        assert_eq!(GuestPtr::<u32>::new(8).element(3).unwrap().address(), 20);
        assert_eq!(
            GuestPtr::<u32>::new(8).element(0x4000_0000).unwrap_err(),
            Errno::Fault
        );
        assert_eq!(
            GuestPtr::<u32>::new(u32::MAX - 3).element(1).unwrap_err(),
            Errno::Fault
        );
    }
}

//! An image in memory, aligned as the executor needs it.
#![allow(unsafe_code, reason = "a word-aligned buffer is viewed as bytes")]

use alloc::vec::Vec;

use thimble_wasm::Failure;
use thimble_wasm::fallible::{OutOfMemory, TryVec};

use super::header::HEADER_LENGTH;
use super::writer::Sink;

/// Bytes at an address divisible by [`ALIGNMENT`](super::ALIGNMENT) that can grow.
#[derive(Debug, Default)]
pub struct Buffer {
    /// As many as there is room for: what is appended finds its place initialised.
    words: Vec<u32>,
    /// Bytes in use.
    length: usize,
}

impl Buffer {
    /// An empty buffer, with room for nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            words: Vec::new(),
            length: 0,
        }
    }

    /// That many bytes of value 0, to be filled in, and no room for more.
    ///
    /// # Errors
    /// [`OutOfMemory`] when there is no room for them.
    pub fn zeroed(length: usize) -> Result<Self, OutOfMemory> {
        let mut words = Vec::new();
        words.try_resize_default(length.div_ceil(4))?;
        Ok(Self { words, length })
    }

    /// A copy of `bytes`.
    ///
    /// # Errors
    /// [`OutOfMemory`] when there is no room for the copy.
    pub fn copy_of(bytes: &[u8]) -> Result<Self, OutOfMemory> {
        let mut buffer = Self::zeroed(bytes.len())?;
        buffer.as_bytes_mut().copy_from_slice(bytes);
        Ok(buffer)
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        // SAFETY: `words` owns at least `length` initialised bytes (`extend` and `shrink`
        // keep `length <= words.len() * 4`), and any bytes are valid u8s.
        unsafe { core::slice::from_raw_parts(self.words.as_ptr().cast(), self.length) }
    }

    /// The bytes, to be changed.
    #[must_use]
    pub fn as_bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as for `as_bytes`; any bytes are valid u32s too, and `self` is
        // borrowed mutably for the life of the slice.
        unsafe { core::slice::from_raw_parts_mut(self.words.as_mut_ptr().cast(), self.length) }
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// [`OutOfMemory`] when the buffer cannot grow.
    pub fn extend(&mut self, bytes: &[u8]) -> Result<(), OutOfMemory> {
        let start = self.length;
        let length = start.checked_add(bytes.len()).ok_or(OutOfMemory)?;
        if length > size_of_val(self.words.as_slice()) {
            self.grow(length)?;
        }
        self.length = length;
        if let Some(place) = self.as_bytes_mut().get_mut(start..) {
            place.copy_from_slice(bytes);
        }
        Ok(())
    }

    /// Makes room for that many bytes, and more, so that it happens seldom.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, length: usize) -> Result<(), OutOfMemory> {
        let more = length.div_ceil(4).saturating_sub(self.words.len());
        self.words.try_reserve(more).map_err(|_| OutOfMemory)?;
        self.words.try_resize_default(self.words.capacity())
    }

    /// Gives back what was reserved for growth, if there is room for a copy:
    /// shrinking in place may abort.
    pub fn shrink(&mut self) {
        if let Ok(copy) = Self::copy_of(self.as_bytes()) {
            *self = copy;
        }
    }
}

/// Bytes of an image without anything in it: header, stubs and directory.
const LEAST: usize = HEADER_LENGTH + 8 + 8 * super::SECTIONS as usize;

impl Sink for Buffer {
    fn append(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if self.length == 0 {
            self.grow(LEAST)?;
            // The header comes last; its place is kept.
            self.extend(&[0; HEADER_LENGTH])?;
        }
        Ok(self.extend(bytes)?)
    }

    fn finish(&mut self, header: &[u8; HEADER_LENGTH]) -> Result<(), Failure> {
        if let Some(place) = self.as_bytes_mut().first_chunk_mut() {
            *place = *header;
        }
        Ok(())
    }
}

/// Units as the bytes they are in an image, where the processor keeps them so.
pub(super) fn little_endian_bytes(units: &[u16]) -> Option<&[u8]> {
    if cfg!(target_endian = "big") {
        return None;
    }
    // SAFETY: as many bytes as the units take, which stay borrowed; any bytes are
    // valid u8s.
    Some(unsafe { core::slice::from_raw_parts(units.as_ptr().cast(), size_of_val(units)) })
}

/// Where the bytes of an image are kept.
#[derive(Debug)]
pub enum Bytes {
    /// In a buffer of the image's own.
    Owned(Buffer),
    /// In the firmware, in memory-mapped flash, or in a mapping that is never undone.
    Static(&'static [u8]),
}

impl Bytes {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Owned(buffer) => buffer.as_bytes(),
            Self::Static(bytes) => bytes,
        }
    }
}

impl From<Buffer> for Bytes {
    fn from(buffer: Buffer) -> Self {
        Self::Owned(buffer)
    }
}

impl From<&'static [u8]> for Bytes {
    fn from(bytes: &'static [u8]) -> Self {
        Self::Static(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_of_zeros_takes_the_room_that_it_needs() {
        let mut buffer = Buffer::zeroed(6).unwrap();
        assert_eq!(buffer.as_bytes(), [0; 6]);
        assert_eq!(buffer.words.capacity(), 2);
        buffer.as_bytes_mut()[5] = 1;
        assert_eq!(buffer.as_bytes(), [0, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn bytes_come_back_in_order_at_an_aligned_address() {
        let mut buffer = Buffer::new();
        let all: [u8; 256] = core::array::from_fn(|index| index as u8);
        for piece in all.chunks(7) {
            buffer.extend(piece).unwrap();
        }
        assert_eq!(buffer.as_bytes(), all);
        assert_eq!(
            buffer.as_bytes().as_ptr() as usize % super::super::ALIGNMENT,
            0
        );
    }
}

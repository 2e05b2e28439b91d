//! Bytes, integers and vectors of bytes from a [`Source`], with a window of a
//! few bytes between (section 5.2).

use alloc::vec::Vec;

use crate::fallible::TryVec;
use crate::fault::{self, Fault};
use crate::source::Source;

/// Bytes asked of the source at once. More would mean fewer calls of the
/// source, for more memory while a module loads.
const WINDOW: usize = 256;

/// Reads forward, never past the innermost section or body.
///
/// A byte is had by one comparison, with `end`; what else there is to check is
/// checked when `end` is reached.
pub(crate) struct Reader<'a> {
    source: &'a mut dyn Source,
    window: Vec<u8>,
    /// Where in the window the next byte lies.
    next: usize,
    /// Where in the window reading ends: with the bytes from the source, or with
    /// the section or body, whichever comes first.
    end: usize,
    /// Where in the window the bytes from the source end.
    filled: usize,
    /// Where in the module the window begins.
    base: u64,
    /// Where in the module the section or body being read ends.
    limit: u64,
    /// Where the item lies that an error now would be about: as a distance from
    /// the window's start, which wraps if the item began before it.
    mark: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(source: &'a mut dyn Source) -> Self {
        Self {
            source,
            window: Vec::new(),
            next: 0,
            end: 0,
            filled: 0,
            base: 0,
            limit: u64::MAX,
            mark: 0,
        }
    }

    /// Bytes from the start of the module to the next byte.
    #[inline(always)]
    pub(crate) fn offset(&self) -> u64 {
        self.base + self.next as u64
    }

    /// Where in the module the item lies that an error now would be about.
    pub(crate) fn marked(&self) -> u64 {
        self.base
            .wrapping_add_signed(self.mark.cast_signed() as i64)
    }

    /// Says that an error from now on would be about the item at this offset.
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation, reason = "the mark wraps")]
    pub(crate) fn mark(&mut self, offset: u64) {
        self.mark = (offset as usize).wrapping_sub(self.base as usize);
    }

    /// Says that an error from now on would be about the next item.
    pub(crate) fn mark_here(&mut self) {
        self.mark = self.next;
    }

    /// Bytes to the end of the section or body.
    pub(crate) fn remaining(&self) -> u64 {
        self.limit.saturating_sub(self.offset())
    }

    /// Whether the section or body has been read.
    #[inline(always)]
    pub(crate) fn at_limit(&self) -> bool {
        self.next == self.end && self.remaining() == 0
    }

    /// Confines reading to the next `size` bytes and returns what
    /// [`leave`](Self::leave) needs to go back.
    pub(crate) fn enter(&mut self, size: u32) -> Result<u64, Fault> {
        if u64::from(size) > self.remaining() {
            return Err(fault::LENGTH);
        }
        let outer = self.limit;
        self.set_limit(self.offset().saturating_add(size.into()));
        Ok(outer)
    }

    /// Ends what [`enter`](Self::enter) began: all of it must have been read.
    pub(crate) fn leave(&mut self, outer: u64, unread: Fault) -> Result<(), Fault> {
        if self.remaining() != 0 {
            self.mark_here();
            return Err(unread);
        }
        self.set_limit(outer);
        Ok(())
    }

    fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
        let end = usize::try_from(limit.saturating_sub(self.base));
        self.end = end.map_or(self.filled, |end| end.min(self.filled));
    }

    /// Fills the window, all of whose bytes have been read; false at the end of
    /// the source.
    fn fill(&mut self) -> Result<bool, Fault> {
        if self.window.is_empty() {
            self.window.try_resize(WINDOW, 0)?;
        }
        let read = self.source.read(&mut self.window);
        self.base += self.filled as u64;
        self.mark = self.mark.wrapping_sub(self.filled);
        self.next = 0;
        let read = read.map_err(|_| {
            self.mark_here();
            fault::SOURCE
        });
        self.filled = *read.as_ref().unwrap_or(&0).min(&WINDOW);
        self.set_limit(self.limit);
        if self.filled == 0 {
            // Nothing follows but the end of the work, which has need of memory.
            self.window = Vec::new();
        }
        read.map(|_| self.filled != 0)
    }

    /// Whether the source has ended.
    pub(crate) fn at_end(&mut self) -> Result<bool, Fault> {
        Ok(self.next == self.filled && !self.fill()?)
    }

    /// Sees to it that the next byte of the section or body is in the window, or
    /// fails.
    fn need(&mut self) -> Result<(), Fault> {
        if self.next < self.end {
            return Ok(());
        }
        let fault = if self.remaining() == 0 {
            fault::END_OF_SECTION
        } else if !self.fill()? {
            fault::UNEXPECTED_END
        } else {
            return Ok(());
        };
        self.mark_here();
        Err(fault)
    }

    /// The next byte, which stays next.
    pub(crate) fn peek(&mut self) -> Result<u8, Fault> {
        self.need()?;
        self.mark_here();
        self.window
            .get(self.next)
            .copied()
            .ok_or(fault::UNEXPECTED_END)
    }

    #[inline(always)]
    pub(crate) fn byte(&mut self) -> Result<u8, Fault> {
        match self.byte_in_window() {
            Some(byte) => Ok(byte),
            None => self.byte_behind_window(),
        }
    }

    /// The next byte, if it is in the window.
    #[inline(always)]
    pub(crate) fn byte_in_window(&mut self) -> Option<u8> {
        let next = self.next;
        if next < self.end
            && let Some(&byte) = self.window.get(next)
        {
            self.mark = next;
            self.next = next + 1;
            return Some(byte);
        }
        None
    }

    /// The next byte when it is not in the window.
    #[cold]
    #[inline(never)]
    pub(crate) fn byte_behind_window(&mut self) -> Result<u8, Fault> {
        let byte = self.peek()?;
        self.next += 1;
        Ok(byte)
    }

    /// Between 1 and `most` (not 0) of the next bytes.
    pub(crate) fn piece(&mut self, most: u32) -> Result<&[u8], Fault> {
        self.need()?;
        let available = self.end - self.next;
        let length = usize::try_from(most).map_or(available, |most| most.min(available));
        let end = self.next + length;
        let piece = self.window.get(self.next..end);
        self.next = end;
        piece.ok_or(fault::UNEXPECTED_END)
    }

    /// Passes over the next `length` bytes.
    pub(crate) fn skip(&mut self, mut length: u32) -> Result<(), Fault> {
        while length != 0 {
            length -= piece_length(self.piece(length)?);
        }
        Ok(())
    }

    /// Passes over the rest of the section or body.
    pub(crate) fn skip_rest(&mut self) -> Result<(), Fault> {
        while self.remaining() != 0 {
            self.piece(u32::MAX)?;
        }
        Ok(())
    }

    /// Appends the next `length` bytes to `bytes`, which grows only as they
    /// arrive.
    pub(crate) fn append(&mut self, mut length: u32, bytes: &mut Vec<u8>) -> Result<(), Fault> {
        while length != 0 {
            let piece = self.piece(length)?;
            bytes.try_extend(piece)?;
            length -= piece_length(piece);
        }
        Ok(())
    }

    /// A little-endian number of `N` bytes.
    pub(crate) fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let start = self.offset();
        let mut bytes = [0; N];
        for target in &mut bytes {
            *target = self.byte()?;
        }
        self.mark(start);
        Ok(bytes)
    }

    /// An unsigned 32-bit integer in LEB128.
    #[inline(never)]
    pub(crate) fn u32(&mut self) -> Result<u32, Fault> {
        match self.byte()? {
            byte @ 0..0x80 => Ok(byte.into()),
            first => self.leb32(first, false),
        }
    }

    /// As [`u32`](Self::u32), for immediates that are frequent and short. Leaves the
    /// mark at the instruction, whose offset this is.
    #[inline(always)]
    pub(crate) fn u32_of_instruction(&mut self, offset: u64) -> Result<u32, Fault> {
        if self.next < self.end
            && let Some(&byte @ 0..0x80) = self.window.get(self.next)
        {
            self.next += 1;
            return Ok(byte.into());
        }
        self.long_u32_of_instruction(offset)
    }

    /// A signed 32-bit integer in LEB128, if it is a single byte in the window; does not move
    /// the mark.
    #[inline(always)]
    pub(crate) fn short_i32(&mut self) -> Option<i32> {
        if self.next < self.end
            && let Some(&byte @ 0..0x80) = self.window.get(self.next)
        {
            self.next += 1;
            return Some(single(byte).into());
        }
        None
    }

    #[inline(never)]
    fn long_u32_of_instruction(&mut self, offset: u64) -> Result<u32, Fault> {
        let number = self.u32()?;
        self.mark(offset);
        Ok(number)
    }

    /// A signed 32-bit integer in LEB128.
    pub(crate) fn i32(&mut self) -> Result<i32, Fault> {
        match self.byte()? {
            byte @ 0..0x80 => Ok(single(byte).into()),
            first => Ok(self.leb32(first, true)?.cast_signed()),
        }
    }

    /// A signed 33-bit integer in LEB128.
    pub(crate) fn i33(&mut self) -> Result<i64, Fault> {
        self.leb64(33)
    }

    /// A signed 64-bit integer in LEB128.
    pub(crate) fn i64(&mut self) -> Result<i64, Fault> {
        self.leb64(64)
    }

    /// What follows the `first` of several bytes of an integer of 32 bits in
    /// LEB128 (section 5.2.2).
    #[inline(never)]
    fn leb32(&mut self, first: u8, signed: bool) -> Result<u32, Fault> {
        // What has no second byte in the window is an error, or rare.
        let start = self.offset().wrapping_sub(1);
        let mut value = u32::from(first & 0x7f);
        let mut shift = 7;
        loop {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7f) << shift;
            if shift == 28 {
                self.mark(start);
                check_last(byte, 4, signed)?;
            }
            shift += 7;
            if byte & 0x80 == 0 {
                if signed && byte & 0x40 != 0 && shift < 32 {
                    value |= u32::MAX << shift;
                }
                self.mark(start);
                return Ok(value);
            }
        }
    }

    /// A signed integer of `bits` bits in LEB128, sign-extended to 64 bits.
    /// `bits` is no multiple of 7.
    #[inline(never)]
    fn leb64(&mut self, bits: u32) -> Result<i64, Fault> {
        let start = self.offset();
        let mut value = 0;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            let left = bits - shift;
            if left < 7 {
                self.mark(start);
                check_last(byte, left, true)?;
            }
            shift += 7;
            if byte & 0x80 == 0 {
                if byte & 0x40 != 0 && shift < 64 {
                    value |= u64::MAX << shift;
                }
                self.mark(start);
                return Ok(value.cast_signed());
            }
        }
    }
}

/// The number that a single byte of signed LEB128 stands for.
const fn single(byte: u8) -> i8 {
    (byte << 1).cast_signed() >> 1
}

/// Checks the last byte that an integer may have, which has `left` bits of it.
fn check_last(byte: u8, left: u32, signed: bool) -> Result<(), Fault> {
    if byte & 0x80 != 0 {
        return Err(fault::TOO_LONG);
    }
    // What the byte holds beyond the integer must extend it.
    let beyond = if signed {
        let sign = (byte << 1).cast_signed() >> left;
        sign != 0 && sign != -1
    } else {
        byte >> left != 0
    };
    if beyond {
        return Err(fault::TOO_LARGE);
    }
    Ok(())
}

/// A piece is never longer than the window.
#[allow(clippy::cast_possible_truncation, reason = "said above")]
pub(crate) fn piece_length(piece: &[u8]) -> u32 {
    piece.len() as u32
}

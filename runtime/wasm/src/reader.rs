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
pub(crate) struct Reader<'a> {
    source: &'a mut dyn Source,
    window: Vec<u8>,
    /// Where in the window the next byte lies.
    start: usize,
    /// Where in the window the bytes from the source end.
    filled: usize,
    /// Where in the module the next byte lies.
    offset: u64,
    /// Where in the module the section or body being read ends.
    limit: u64,
    /// Where in the module the item lies that an error now would be about.
    pub(crate) mark: u64,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(source: &'a mut dyn Source) -> Self {
        Self {
            source,
            window: Vec::new(),
            start: 0,
            filled: 0,
            offset: 0,
            limit: u64::MAX,
            mark: 0,
        }
    }

    /// Bytes from the start of the module to the next byte.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Bytes to the end of the section or body.
    pub(crate) fn remaining(&self) -> u64 {
        self.limit.saturating_sub(self.offset)
    }

    /// Confines reading to the next `size` bytes and returns what
    /// [`leave`](Self::leave) needs to go back.
    pub(crate) fn enter(&mut self, size: u32) -> Result<u64, Fault> {
        if u64::from(size) > self.remaining() {
            return Err(fault::LENGTH);
        }
        let outer = self.limit;
        self.limit = self.offset.saturating_add(size.into());
        Ok(outer)
    }

    /// Ends what [`enter`](Self::enter) began: all of it must have been read.
    pub(crate) fn leave(&mut self, outer: u64, unread: Fault) -> Result<(), Fault> {
        if self.remaining() != 0 {
            self.mark = self.offset;
            return Err(unread);
        }
        self.limit = outer;
        Ok(())
    }

    /// Makes the window hold at least one byte; false at the end of the source.
    fn fill(&mut self) -> Result<bool, Fault> {
        if self.start < self.filled {
            return Ok(true);
        }
        if self.window.is_empty() {
            self.window.try_resize(WINDOW, 0)?;
        }
        let read = self.source.read(&mut self.window);
        self.start = 0;
        self.filled = read
            .map_err(|_| {
                self.mark = self.offset;
                fault::SOURCE
            })?
            .min(WINDOW);
        Ok(self.filled != 0)
    }

    /// Whether the source has ended.
    pub(crate) fn at_end(&mut self) -> Result<bool, Fault> {
        Ok(!self.fill()?)
    }

    /// Fails unless there is a next byte in the section or body.
    fn need(&mut self) -> Result<(), Fault> {
        let fault = if self.remaining() == 0 {
            fault::END_OF_SECTION
        } else if !self.fill()? {
            fault::UNEXPECTED_END
        } else {
            return Ok(());
        };
        self.mark = self.offset;
        Err(fault)
    }

    /// The next byte, which stays next.
    pub(crate) fn peek(&mut self) -> Result<u8, Fault> {
        self.need()?;
        self.mark = self.offset;
        self.window
            .get(self.start)
            .copied()
            .ok_or(fault::UNEXPECTED_END)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Fault> {
        let byte = self.peek()?;
        self.start += 1;
        self.offset += 1;
        Ok(byte)
    }

    /// Between 1 and `most` (not 0) of the next bytes.
    pub(crate) fn piece(&mut self, most: u32) -> Result<&[u8], Fault> {
        self.need()?;
        let most = u64::from(most).min(self.remaining());
        let available = self.filled - self.start;
        let length = usize::try_from(most).map_or(available, |most| most.min(available));
        let end = self.start + length;
        let piece = self.window.get(self.start..end);
        self.start = end;
        self.offset += length as u64;
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
        let start = self.offset;
        let mut bytes = [0; N];
        for target in &mut bytes {
            *target = self.byte()?;
        }
        self.mark = start;
        Ok(bytes)
    }

    /// An unsigned 32-bit integer in LEB128.
    #[allow(clippy::cast_possible_truncation, reason = "read with 32 bits")]
    pub(crate) fn u32(&mut self) -> Result<u32, Fault> {
        Ok(self.leb128(32, false)? as u32)
    }

    /// A signed 32-bit integer in LEB128.
    #[allow(clippy::cast_possible_truncation, reason = "read with 32 bits")]
    pub(crate) fn i32(&mut self) -> Result<i32, Fault> {
        Ok(self.leb128(32, true)? as i32)
    }

    /// A signed 33-bit integer in LEB128.
    pub(crate) fn i33(&mut self) -> Result<i64, Fault> {
        Ok(self.leb128(33, true)?.cast_signed())
    }

    /// A signed 64-bit integer in LEB128.
    pub(crate) fn i64(&mut self) -> Result<i64, Fault> {
        Ok(self.leb128(64, true)?.cast_signed())
    }

    /// An integer of `bits` bits in LEB128 (section 5.2.2), sign-extended to 64
    /// bits if signed. `bits` is no multiple of 7.
    fn leb128(&mut self, bits: u32, signed: bool) -> Result<u64, Fault> {
        let start = self.offset;
        let mut value = 0;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            let left = bits - shift;
            if left < 7 {
                self.mark = start;
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
            }
            shift += 7;
            if byte & 0x80 == 0 {
                if signed && byte & 0x40 != 0 && shift < 64 {
                    value |= u64::MAX << shift;
                }
                self.mark = start;
                return Ok(value);
            }
        }
    }
}

/// A piece is never longer than the window.
#[allow(clippy::cast_possible_truncation, reason = "said above")]
pub(crate) fn piece_length(piece: &[u8]) -> u32 {
    piece.len() as u32
}

//! Reading the fields of records one after another.

use thimble_wasm::{GlobalType, MemoryType, TableType, ValueType};

pub(super) fn word_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(*bytes.first_chunk()?))
}

pub(super) fn half_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(*bytes.first_chunk()?))
}

pub(super) fn maximum(flags: u8, maximum: u64) -> Option<u64> {
    (flags & 1 != 0).then_some(maximum)
}

/// Reads fields one after another.
pub(super) struct Fields<'a> {
    pub bytes: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn word(&mut self) -> Option<u32> {
        word_at(self.take(4)?, 0)
    }

    pub(super) fn long(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(*self.take(8)?.first_chunk()?))
    }

    pub(super) fn name(&mut self) -> Option<&'a str> {
        let length = self.word()?;
        core::str::from_utf8(self.take(length as usize)?).ok()
    }

    pub(super) fn table(&mut self) -> Option<TableType> {
        let element = ValueType::from_byte(self.byte()?)?;
        let flags = self.byte()?;
        self.take(6)?;
        let minimum = u32::try_from(self.long()?).ok()?;
        let maximum = maximum(flags, self.long()?);
        let maximum = maximum.map(u32::try_from).transpose().ok()?;
        Some(TableType {
            element,
            minimum,
            maximum,
        })
    }

    pub(super) fn memory(&mut self) -> Option<MemoryType> {
        let page_size_log2 = self.byte()?;
        let flags = self.byte()?;
        self.take(6)?;
        let minimum = self.long()?;
        let maximum = maximum(flags, self.long()?);
        Some(MemoryType {
            minimum,
            maximum,
            page_size_log2,
        })
    }

    pub(super) fn global(&mut self) -> Option<GlobalType> {
        let value_type = ValueType::from_byte(self.byte()?)?;
        Some(GlobalType {
            value_type,
            mutable: self.byte()? != 0,
        })
    }
}

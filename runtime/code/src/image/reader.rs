//! Reading an image where it lies.
//!
//! Nothing is copied: every accessor reads the bytes again. A field that is out
//! of range reads as `None` or ends an iteration; [`verify`](super::verify) says
//! whether an image has any.

use thimble_wasm::{GlobalType, MemoryType, SegmentMode, TableType, ValueType};

use super::checksum::Checksum;
use super::fields::{Fields, half_at, word_at};
use super::header::{HEADER_LENGTH, Header};
use super::records::{
    DataSegment, ElementSegment, Exports, FUNCTION_RECORD_BYTES, FunctionRecord, Imports, Items,
};
use super::sites::SiteMap;
use super::{ALIGNMENT, EXPRESSION_TYPE, ImageError, NONE, Section};
use crate::operation::Operation;

/// The units behind the header: two calls' bases of 0, each before the
/// operation to which the "call" returns.
pub(super) const fn stubs() -> [u16; 4] {
    [
        0,
        Operation::Exit.single(),
        0,
        Operation::CrossReturn.single(),
    ]
}

/// An image, read in place.
#[derive(Clone, Copy, Debug)]
pub struct Image<'a> {
    bytes: &'a [u8],
}

impl<'a> Image<'a> {
    /// Looks at the frame of an image: header, length, both checksums, alignment.
    ///
    /// Does not look at the code: an image from outside must pass
    /// [`verify`](super::verify) before it is executed.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ImageError> {
        let header = Header::decode(bytes)?;
        let truncated = ImageError::Truncated {
            expected: header.length,
        };
        let content = bytes
            .get(HEADER_LENGTH..header.length as usize)
            .ok_or(truncated)?;
        if Checksum::of(content) != header.content_checksum {
            return Err(ImageError::ContentChecksum);
        }
        Self::open_trusted(bytes)
    }

    /// As [`open`](Self::open), without reading the content for its checksum:
    /// for an image that this device made or that is part of the firmware.
    ///
    /// # Errors
    /// Says what of the header does not fit.
    pub fn open_trusted(bytes: &'a [u8]) -> Result<Self, ImageError> {
        let header = Header::decode(bytes)?;
        let bytes = bytes
            .get(..header.length as usize)
            .ok_or(ImageError::Truncated {
                expected: header.length,
            })?;
        if bytes.as_ptr().align_offset(ALIGNMENT) != 0 {
            return Err(ImageError::Alignment);
        }
        Ok(Self { bytes })
    }

    /// An image that was opened before, without another look.
    #[must_use]
    pub const fn assume_open(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// All bytes, without a signature.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    fn header_word(&self, at: usize) -> u32 {
        word_at(self.bytes, at).unwrap_or_default()
    }

    /// What the image needs.
    #[must_use]
    pub fn features(&self) -> super::Features {
        super::Features(self.header_word(8))
    }

    /// Functions, imported ones included.
    #[must_use]
    pub fn function_count(&self) -> u32 {
        self.header_word(28)
    }

    /// Imported functions.
    #[must_use]
    pub fn imported_function_count(&self) -> u32 {
        self.header_word(32)
    }

    /// Units of internal code, prologues and expressions included.
    #[must_use]
    pub fn code_units(&self) -> u32 {
        self.header_word(36)
    }

    /// Cells of the globals that the module defines.
    #[must_use]
    pub fn global_cells(&self) -> u32 {
        self.header_word(40)
    }

    /// The start function.
    #[must_use]
    pub fn start(&self) -> Option<u32> {
        Some(self.header_word(44)).filter(|&start| start != NONE)
    }

    /// Bytes of the function bodies that were translated.
    #[must_use]
    pub fn body_bytes(&self) -> u32 {
        self.header_word(56)
    }

    /// Offset and length of a section in bytes.
    #[must_use]
    pub fn section_range(&self, section: Section) -> (u32, u32) {
        let entry = self.header_word(20) as usize + section as usize * 8;
        let offset = word_at(self.bytes, entry).unwrap_or_default();
        let length = word_at(self.bytes, entry + 4).unwrap_or_default();
        (offset, length)
    }

    /// The bytes of a section; empty if it lies outside the image.
    #[must_use]
    pub fn section(&self, section: Section) -> &'a [u8] {
        let (offset, length) = self.section_range(section);
        self.slice(offset, length).unwrap_or_default()
    }

    fn slice(&self, offset: u32, length: u32) -> Option<&'a [u8]> {
        let end = offset.checked_add(length)?;
        self.bytes.get(offset as usize..end as usize)
    }

    fn record(&self, section: Section, bytes: usize, index: u32) -> Option<Fields<'a>> {
        let at = (index as usize).checked_mul(bytes)?;
        let bytes = self.section(section).get(at..at.checked_add(bytes)?)?;
        Some(Fields { bytes })
    }

    fn count(&self, section: Section, bytes: u32) -> u32 {
        self.section_range(section).1 / bytes
    }

    /// How many function types there are.
    #[must_use]
    pub fn type_count(&self) -> u32 {
        // The first offset tells where the offsets end.
        word_at(self.section(Section::Types), 0).unwrap_or_default() / 4
    }

    /// Where a function type lies in its section.
    pub(super) fn type_offset(&self, index: u32) -> Option<u32> {
        word_at(
            self.section(Section::Types),
            (index as usize).checked_mul(4)?,
        )
    }

    /// Parameters and results of a function type, a [`ValueType`] byte each.
    #[must_use]
    pub fn function_type(&self, index: u32) -> Option<(&'a [u8], &'a [u8])> {
        if index >= self.type_count() {
            return None;
        }
        let section = self.section(Section::Types);
        let at = self.type_offset(index)? as usize;
        let params = usize::from(half_at(section, at)?);
        let results = usize::from(half_at(section, at + 2)?);
        let values = section.get(at + 4..at + 4 + params + results)?;
        values.split_at_checked(params)
    }

    /// Records of the function table: functions, then expressions.
    #[must_use]
    pub fn record_count(&self) -> u32 {
        self.count(Section::Functions, FUNCTION_RECORD_BYTES)
    }

    /// The record of a function or expression.
    #[must_use]
    pub fn function(&self, index: u32) -> Option<FunctionRecord> {
        let mut fields = self.record(Section::Functions, FUNCTION_RECORD_BYTES as usize, index)?;
        Some(FunctionRecord {
            code: fields.word()?,
            units: fields.word()?,
            type_index: fields.word()?,
            map_bytes: fields.word()?,
        })
    }

    /// Parameters and results of a function or expression.
    #[must_use]
    pub fn signature(&self, index: u32) -> Option<(&'a [u8], &'a [u8])> {
        let record = self.function(index)?;
        if record.type_index & EXPRESSION_TYPE != 0 {
            let result = ValueType::from_byte(record.type_index as u8)?;
            return Some((&[], value_byte(result)));
        }
        self.function_type(record.type_index)
    }

    /// The unit at a byte offset.
    #[must_use]
    pub fn unit(&self, offset: u32) -> Option<u16> {
        half_at(self.bytes, offset as usize)
    }

    /// The function whose code contains the unit at a byte offset.
    #[must_use]
    pub fn function_at(&self, offset: u32) -> Option<u32> {
        (0..self.record_count()).find(|&index| {
            self.function(index).is_some_and(|record| {
                record.code != NONE
                    && offset >= record.code
                    && (offset - record.code) / 2 < record.units
            })
        })
    }

    /// The map from operations of a function to the module's bytes.
    #[must_use]
    pub fn sites(&self, function: u32) -> Option<SiteMap<'a>> {
        let record = self.function(function)?;
        let start = record.code.checked_sub(record.map_bytes)?;
        let bytes = self.slice(start, record.map_bytes)?;
        Some(SiteMap::new(bytes))
    }

    /// How many tables there are, imported ones included.
    #[must_use]
    pub fn table_count(&self) -> u32 {
        self.count(Section::Tables, 24)
    }

    /// The type of a table.
    #[must_use]
    pub fn table(&self, index: u32) -> Option<TableType> {
        self.record(Section::Tables, 24, index)?.table()
    }

    /// How many memories there are, imported ones included.
    #[must_use]
    pub fn memory_count(&self) -> u32 {
        self.count(Section::Memories, 24)
    }

    /// The type of a memory.
    #[must_use]
    pub fn memory(&self, index: u32) -> Option<MemoryType> {
        self.record(Section::Memories, 24, index)?.memory()
    }

    /// How many globals there are, imported ones included.
    #[must_use]
    pub fn global_count(&self) -> u32 {
        self.count(Section::Globals, 8)
    }

    /// The type of a global, its first cell, and the function of its initial
    /// value; the latter two mean nothing for an imported one.
    #[must_use]
    pub fn global(&self, index: u32) -> Option<(GlobalType, u16, u32)> {
        let mut fields = self.record(Section::Globals, 8, index)?;
        let global = fields.global()?;
        let cell = half_at(fields.take(2)?, 0)?;
        Some((global, cell, fields.word()?))
    }

    /// The imports, in order.
    #[must_use]
    pub fn imports(&self) -> Imports<'a> {
        Imports {
            fields: Fields {
                bytes: self.section(Section::Imports),
            },
        }
    }

    /// The exports, in order.
    #[must_use]
    pub fn exports(&self) -> Exports<'a> {
        Exports {
            fields: Fields {
                bytes: self.section(Section::Exports),
            },
        }
    }

    /// How many element segments there are.
    #[must_use]
    pub fn element_count(&self) -> u32 {
        self.count(Section::Elements, 20)
    }

    /// An element segment.
    #[must_use]
    pub fn element(&self, index: u32) -> Option<ElementSegment<'a>> {
        let mut fields = self.record(Section::Elements, 20, index)?;
        let mode = fields.byte()?;
        let element = ValueType::from_byte(fields.byte()?)?;
        fields.take(2)?;
        let mode = segment_mode(mode, fields.word()?)?;
        let offset = fields.word()?;
        let start = fields.word()?;
        let length = fields.word()?.checked_mul(4)?;
        Some(ElementSegment {
            mode,
            element,
            offset,
            items: Items {
                bytes: self.slice(start, length)?,
            },
        })
    }

    /// Where the items of an element segment lie: start and end.
    pub(super) fn items_range(&self, index: u32) -> Option<(u32, u32)> {
        let mut fields = self.record(Section::Elements, 20, index)?;
        fields.take(12)?;
        let start = fields.word()?;
        Some((start, fields.word()?.checked_mul(4)?.checked_add(start)?))
    }

    /// How many data segments there are.
    #[must_use]
    pub fn data_count(&self) -> u32 {
        self.count(Section::Data, 20)
    }

    /// A data segment.
    #[must_use]
    pub fn data(&self, index: u32) -> Option<DataSegment<'a>> {
        let mut fields = self.record(Section::Data, 20, index)?;
        let mode = fields.byte()?;
        fields.take(3)?;
        let mode = segment_mode(mode, fields.word()?)?;
        let offset = fields.word()?;
        let start = fields.word()?;
        let length = fields.word()?;
        Some(DataSegment {
            mode,
            offset,
            bytes: self.slice(start, length)?,
        })
    }

    /// Whether the names can be read to their end.
    pub(super) fn names_are_whole(&self) -> bool {
        let mut fields = Fields {
            bytes: self.section(Section::Names),
        };
        while !fields.bytes.is_empty() {
            if fields.word().is_none() || fields.name().is_none() {
                return false;
            }
        }
        true
    }

    /// The name of a function, if the module had a name section.
    #[must_use]
    pub fn function_name(&self, function: u32) -> Option<&'a str> {
        let mut fields = Fields {
            bytes: self.section(Section::Names),
        };
        loop {
            let index = fields.word()?;
            let name = fields.name()?;
            if index == function {
                return Some(name);
            }
        }
    }
}

/// The segment mode with that number.
fn segment_mode(number: u8, index: u32) -> Option<SegmentMode> {
    Some(match number {
        0 => SegmentMode::Active { index },
        1 => SegmentMode::Passive,
        2 => SegmentMode::Declared,
        _ => return None,
    })
}

/// A value type as the byte it is stored as.
pub(super) const fn value_byte(value: ValueType) -> &'static [u8] {
    match value {
        ValueType::I32 => &[0x7f],
        ValueType::I64 => &[0x7e],
        ValueType::F32 => &[0x7d],
        ValueType::F64 => &[0x7c],
        ValueType::V128 => &[0x7b],
        ValueType::FuncRef => &[0x70],
        ValueType::ExternRef => &[0x6f],
    }
}

//! Reading an image where it lies.
//!
//! Nothing is copied: every accessor reads the bytes again. A field that is out
//! of range reads as `None` or ends an iteration; [`verify`](super::verify) says
//! whether an image has any.

use thimble_wasm::{
    ExternalKind, GlobalType, ImportType, MemoryType, SegmentMode, TableType, ValueType,
};

use super::header::{CHECKSUM, HEADER_LENGTH, Header};
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

/// One function of the function table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunctionRecord {
    /// Offset of the prologue; [`NONE`] for an imported function.
    pub code: u32,
    /// Units of code, prologue included.
    pub units: u32,
    /// Index of its type, the first of equal types; [`EXPRESSION_TYPE`] and the
    /// result's type for a constant expression.
    pub type_index: u32,
    /// Bytes of the site map that lies in front of the code.
    pub map_bytes: u32,
}

/// Bytes of a [`FunctionRecord`] in an image: the code's offset comes first,
/// the type index at byte 8.
pub const FUNCTION_RECORD_BYTES: u32 = 16;

/// One import.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// The module it comes from.
    pub module: &'a str,
    /// Its name there.
    pub name: &'a str,
    /// What it is.
    pub import: ImportType,
}

/// One export.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is.
    pub kind: ExternalKind,
    /// Its index among those of its kind.
    pub index: u32,
}

/// An element segment.
#[derive(Clone, Copy, Debug)]
pub struct ElementSegment<'a> {
    /// Active with a table, passive or declared.
    pub mode: SegmentMode,
    /// Type of the items.
    pub element: ValueType,
    /// The function that computes the offset of an active segment.
    pub offset: u32,
    /// The items.
    pub items: Items<'a>,
}

/// The items of an element segment.
#[derive(Clone, Copy, Debug)]
pub struct Items<'a> {
    bytes: &'a [u8],
}

/// One item of an element segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// The null reference. Stored as `0xFFFF_FFFF`.
    Null,
    /// A function. Stored as its index.
    Function(u32),
    /// The value of a global. Stored as its index with the highest bit set.
    Global(u32),
}

impl Item {
    /// The item as it is stored.
    #[must_use]
    pub const fn encode(self) -> u32 {
        match self {
            Self::Null => NONE,
            Self::Function(index) => index,
            Self::Global(index) => index | 0x8000_0000,
        }
    }

    /// The stored item.
    #[must_use]
    pub const fn decode(word: u32) -> Self {
        if word == NONE {
            Self::Null
        } else if word & 0x8000_0000 != 0 {
            Self::Global(word & 0x7fff_ffff)
        } else {
            Self::Function(word)
        }
    }
}

impl Items<'_> {
    /// How many items there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        (self.bytes.len() / 4) as u32
    }

    /// The item with this index.
    #[must_use]
    pub fn get(&self, index: u32) -> Option<Item> {
        word_at(self.bytes, (index as usize).checked_mul(4)?).map(Item::decode)
    }
}

/// A data segment.
#[derive(Clone, Copy, Debug)]
pub struct DataSegment<'a> {
    /// Active with a memory, or passive.
    pub mode: SegmentMode,
    /// The function that computes the offset of an active segment.
    pub offset: u32,
    /// The bytes.
    pub bytes: &'a [u8],
}

fn word_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(*bytes.first_chunk()?))
}

fn half_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(*bytes.first_chunk()?))
}

fn maximum(flags: u8, maximum: u64) -> Option<u64> {
    (flags & 1 != 0).then_some(maximum)
}

/// Reads fields one after another.
struct Fields<'a> {
    bytes: &'a [u8],
}

impl<'a> Fields<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn word(&mut self) -> Option<u32> {
        word_at(self.take(4)?, 0)
    }

    fn long(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(*self.take(8)?.first_chunk()?))
    }

    fn name(&mut self) -> Option<&'a str> {
        let length = self.word()?;
        core::str::from_utf8(self.take(length as usize)?).ok()
    }

    fn table(&mut self) -> Option<TableType> {
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

    fn memory(&mut self) -> Option<MemoryType> {
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

    fn global(&mut self) -> Option<GlobalType> {
        let value_type = ValueType::from_byte(self.byte()?)?;
        Some(GlobalType {
            value_type,
            mutable: self.byte()? != 0,
        })
    }
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
        if CHECKSUM.checksum(content) != header.content_checksum {
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
        Some(SiteMap {
            bytes,
            site: (0, 0),
        })
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

/// The imports of an image, in order.
pub struct Imports<'a> {
    fields: Fields<'a>,
}

impl Imports<'_> {
    /// Whether all bytes were read: false if a malformed import ended the iteration.
    pub(super) fn is_at_end(&self) -> bool {
        self.fields.bytes.is_empty()
    }
}

impl<'a> Iterator for Imports<'a> {
    type Item = Import<'a>;

    fn next(&mut self) -> Option<Import<'a>> {
        let mut fields = Fields {
            bytes: self.fields.bytes,
        };
        let import = match ExternalKind::from_byte(fields.byte()?)? {
            ExternalKind::Function => ImportType::Function(fields.word()?),
            ExternalKind::Table => ImportType::Table(fields.table()?),
            ExternalKind::Memory => ImportType::Memory(fields.memory()?),
            ExternalKind::Global => ImportType::Global(fields.global()?),
        };
        let module = fields.name()?;
        let name = fields.name()?;
        self.fields = fields;
        Some(Import {
            module,
            name,
            import,
        })
    }
}

/// The exports of an image, in order.
pub struct Exports<'a> {
    fields: Fields<'a>,
}

impl Exports<'_> {
    /// Whether all bytes were read: false if a malformed export ended the iteration.
    pub(super) fn is_at_end(&self) -> bool {
        self.fields.bytes.is_empty()
    }
}

impl<'a> Iterator for Exports<'a> {
    type Item = Export<'a>;

    fn next(&mut self) -> Option<Export<'a>> {
        let mut fields = Fields {
            bytes: self.fields.bytes,
        };
        let kind = ExternalKind::from_byte(fields.byte()?)?;
        let index = fields.word()?;
        let name = fields.name()?;
        self.fields = fields;
        Some(Export { name, kind, index })
    }
}

/// Pairs of a unit of a function's code and an offset into the module: the
/// operations that can trap or call.
///
/// Each pair is stored as the difference to the one before, in LEB128: units
/// from the function's code, bytes from the module's start.
#[derive(Clone, Copy, Debug)]
pub struct SiteMap<'a> {
    bytes: &'a [u8],
    site: (u32, u32),
}

impl SiteMap<'_> {
    /// The offset into the module of the last site at or before a unit.
    #[must_use]
    pub fn find(self, unit: u32) -> Option<u32> {
        self.take_while(|&(site, _)| site <= unit)
            .last()
            .map(|(_, offset)| offset)
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in (0..32).step_by(7) {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            number |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

impl Iterator for SiteMap<'_> {
    /// Unit and offset.
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        let units = self.number()?;
        let bytes = self.number()?;
        self.site = (
            self.site.0.wrapping_add(units),
            self.site.1.wrapping_add(bytes),
        );
        Some(self.site)
    }
}

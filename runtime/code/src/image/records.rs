//! The records of an image's tables, as a reader gets them.

use thimble_wasm::{ExternalKind, ImportType, SegmentMode, ValueType};

use super::NONE;
use super::fields::{Fields, word_at};

/// One function of the function table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunctionRecord {
    /// Offset of the prologue; [`NONE`] for an imported function.
    pub code: u32,
    /// Units of code, prologue included.
    pub units: u32,
    /// Index of its type, the first of equal types; `EXPRESSION_TYPE` and the
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
    pub(super) bytes: &'a [u8],
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

/// The imports of an image, in order.
pub struct Imports<'a> {
    pub(super) fields: Fields<'a>,
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
    pub(super) fields: Fields<'a>,
}

impl Exports<'_> {
    /// How many bytes are left to be read.
    pub(super) fn left(&self) -> usize {
        self.fields.bytes.len()
    }

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

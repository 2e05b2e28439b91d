//! The image: everything the machine executes, in one position-independent block.
//!
//! ```text
//! header (64 bytes) | stubs | code, segments … as they were translated | tables | directory
//! ```
//!
//! All numbers are little-endian. Offsets count bytes from the start of the
//! image, which must lie at an address divisible by [`ALIGNMENT`]. Nothing in an
//! image is an address, so it is executed where it lies: in RAM, in flash, or in
//! a mapped file. The formats of the sections are described at [`Section`].

mod buffer;
mod checksum;
mod code;
mod error;
mod fields;
mod header;
mod reader;
mod records;
mod sites;
mod verify;
mod writer;

pub use buffer::{Buffer, Bytes};
pub use checksum::Checksum;
pub use code::{Code, Operations, Step};
pub use error::ImageError;
pub use header::{FORMAT_VERSION, Features, HEADER_LENGTH, Header, MAGIC};
pub use reader::Image;
pub use records::{
    DataSegment, ElementSegment, Export, Exports, FunctionRecord, Import, Imports, Item, Items,
};
pub use sites::SiteMap;
pub use verify::verify;
pub use writer::{Directory, Sink, Writer};

/// An image lies at an address divisible by this.
pub const ALIGNMENT: usize = 4;

/// "None" where a field holds an index or an offset.
pub const NONE: u32 = u32::MAX;

/// Bit of a type index in the function table: the "type" is a constant
/// expression's, and the low byte its result.
pub const EXPRESSION_TYPE: u32 = 0x8000_0000;

/// The code units in front of each function's first operation.
///
/// Bytes of the frame, offset of the cell of the return address (= bytes of the
/// parameters), bytes of locals to be zeroed behind it, and how many of those
/// locals hold references: the first ones to functions (low byte), the next ones
/// external ones (high byte).
pub const PROLOGUE_UNITS: u32 = 4;

/// Offset of the stub that ends a run: its operation stands behind a call base of 0.
pub const EXIT_STUB: u32 = HEADER_LENGTH as u32 + 2;

/// Offset of the stub that returns to another instance.
pub const CROSS_STUB: u32 = HEADER_LENGTH as u32 + 6;

/// The sections, in the order of the directory: offset and length in bytes, 32
/// bits each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Section {
    /// Offsets (32 bits, within the section) of each function type, then the
    /// types: number of parameters and of results (16 bits each), a byte a type.
    Types,
    /// Kind (a byte), description, module and name (32 bits of length, bytes).
    Imports,
    /// 16 bytes a function, expressions behind the functions: offset of the
    /// code, its units, type index, bytes of the site map in front of the code.
    Functions,
    /// 24 bytes a table: type, flags (1: has a maximum), padding, minimum, maximum.
    Tables,
    /// 24 bytes a memory: logarithm of the page size, flags, padding, minimum, maximum.
    Memories,
    /// 8 bytes a global: type, mutable, first cell, function of the initial value.
    Globals,
    /// Kind, index, name (32 bits of length, bytes).
    Exports,
    /// 20 bytes a segment: mode, type, padding, table, function of the offset,
    /// offset of the items, count. An item has 32 bits: see [`Item`].
    Elements,
    /// 20 bytes a segment: mode, padding, memory, function of the offset,
    /// offset of the bytes, length.
    Data,
    /// Function, name (32 bits of length, bytes).
    Names,
    /// Machine code for one architecture. None is written yet.
    Native,
}

/// How many sections there are.
pub const SECTIONS: u32 = 11;

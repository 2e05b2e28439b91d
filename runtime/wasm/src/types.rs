//! The types of values, functions, tables, memories and globals
//! (specification 2.0, section 2.3).

use core::fmt;

/// The type of a value; the discriminant is its byte in the binary format
/// (section 5.3.1 to 5.3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ValueType {
    /// 32-bit integer.
    I32 = 0x7f,
    /// 64-bit integer.
    I64 = 0x7e,
    /// 32-bit floating point number.
    F32 = 0x7d,
    /// 64-bit floating point number.
    F64 = 0x7c,
    /// 128-bit vector.
    V128 = 0x7b,
    /// Reference to a function, or null.
    FuncRef = 0x70,
    /// Reference to an object of the host, or null.
    ExternRef = 0x6f,
}

impl ValueType {
    /// The type that a byte of the binary format stands for.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            0x7f => Self::I32,
            0x7e => Self::I64,
            0x7d => Self::F32,
            0x7c => Self::F64,
            0x7b => Self::V128,
            0x70 => Self::FuncRef,
            0x6f => Self::ExternRef,
            _ => return None,
        })
    }

    /// Whether values are references, as opposed to numbers and vectors.
    pub const fn is_reference(self) -> bool {
        matches!(self, Self::FuncRef | Self::ExternRef)
    }

    /// Whether values are numbers, as opposed to vectors and references.
    pub const fn is_number(self) -> bool {
        matches!(self, Self::I32 | Self::I64 | Self::F32 | Self::F64)
    }

    /// The name in the text format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::V128 => "v128",
            Self::FuncRef => "funcref",
            Self::ExternRef => "externref",
        }
    }

    /// A sequence of this one type.
    pub const fn as_slice(self) -> &'static [ValueType] {
        match self {
            Self::I32 => &[Self::I32],
            Self::I64 => &[Self::I64],
            Self::F32 => &[Self::F32],
            Self::F64 => &[Self::F64],
            Self::V128 => &[Self::V128],
            Self::FuncRef => &[Self::FuncRef],
            Self::ExternRef => &[Self::ExternRef],
        }
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Parameters and results of a function or block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FunctionType<'a> {
    /// Types of the parameters, first to last.
    pub params: &'a [ValueType],
    /// Types of the results, first to last.
    pub results: &'a [ValueType],
}

/// The type of a table; sizes are in elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableType {
    /// Type of the elements: a reference type.
    pub element: ValueType,
    /// Size at instantiation.
    pub minimum: u32,
    /// Size it may grow to; `None` means no limit of its own.
    pub maximum: Option<u32>,
}

/// The type of a linear memory; sizes are in pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryType {
    /// Size at instantiation.
    pub minimum: u64,
    /// Size it may grow to; `None` means no limit of its own.
    pub maximum: Option<u64>,
    /// Binary logarithm of the size of a page in bytes: 16, or 0 (custom page
    /// sizes).
    pub page_size_log2: u8,
}

/// The type of a global variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlobalType {
    /// Type of its value.
    pub value_type: ValueType,
    /// Whether `global.set` may change it.
    pub mutable: bool,
}

/// What an import asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportType {
    /// A function; the number is a type index.
    Function(u32),
    /// A table.
    Table(TableType),
    /// A memory.
    Memory(MemoryType),
    /// A global.
    Global(GlobalType),
}

/// The kinds of things that cross a module's border; the discriminant is the
/// byte in the binary format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ExternalKind {
    /// A function.
    Function = 0,
    /// A table.
    Table = 1,
    /// A memory.
    Memory = 2,
    /// A global.
    Global = 3,
}

impl ExternalKind {
    /// The kind that a byte of the binary format stands for.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            0 => Self::Function,
            1 => Self::Table,
            2 => Self::Memory,
            3 => Self::Global,
            _ => return None,
        })
    }
}

/// The type of a block (section 5.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockType {
    /// No parameters, no results.
    Empty,
    /// No parameters, one result.
    Value(ValueType),
    /// Parameters and results of the function type with this index.
    Function(u32),
}

/// When a segment is copied to its table or memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentMode {
    /// At instantiation.
    Active {
        /// Index of the table or memory.
        index: u32,
    },
    /// When `table.init` or `memory.init` asks for it.
    Passive,
    /// Never: an element segment that only declares functions that `ref.func`
    /// may name.
    Declared,
}

/// An element of an element segment. Every constant expression of a reference
/// type is a single operator, so these three are all there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElementItem {
    /// The null reference.
    Null,
    /// A reference to the function with this index.
    Function(u32),
    /// The value of the (imported, immutable) global with this index.
    Global(u32),
}

/// What a constant expression is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpressionKind {
    /// The initial value of the global with this index.
    Global(u32),
    /// Where the element segment with this index goes, in elements.
    ElementOffset(u32),
    /// Where the data segment with this index goes, in bytes.
    DataOffset(u32),
}

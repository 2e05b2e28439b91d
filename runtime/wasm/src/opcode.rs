//! What derives from the operator table: opcodes, their names, immediates and
//! signatures.

use crate::for_each_operator;
use crate::types::ValueType;

/// What follows an opcode in the binary format, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImmediateKind {
    /// Nothing.
    None,
    /// A block type.
    Block,
    /// A label index.
    Label,
    /// A vector of label indexes and a default label index.
    LabelTable,
    /// A function index.
    Function,
    /// A type index, a table index.
    TypeTable,
    /// A local index.
    Local,
    /// A global index.
    Global,
    /// A table index.
    Table,
    /// Destination and source table index.
    TableTable,
    /// An element segment index.
    Element,
    /// An element segment index, a table index.
    ElementTable,
    /// A memory index.
    Memory,
    /// Destination and source memory index.
    MemoryMemory,
    /// A data segment index.
    Data,
    /// A data segment index, a memory index.
    DataMemory,
    /// A memory argument of an access to 8 bits.
    Access8,
    /// A memory argument of an access to 16 bits.
    Access16,
    /// A memory argument of an access to 32 bits.
    Access32,
    /// A memory argument of an access to 64 bits.
    Access64,
    /// A 32-bit integer.
    I32,
    /// A 64-bit integer.
    I64,
    /// A 32-bit floating point number.
    F32,
    /// A 64-bit floating point number.
    F64,
    /// A reference type.
    ReferenceType,
    /// A vector of value types.
    Types,
}

impl ImmediateKind {
    /// Whether it names something that the module must have declared, beside what
    /// an operator without a signature of its own looks up anyway.
    pub(crate) const fn is_index(self) -> bool {
        !matches!(
            self,
            Self::None
                | Self::Block
                | Self::Label
                | Self::LabelTable
                | Self::Function
                | Self::TypeTable
                | Self::Local
                | Self::Global
                | Self::I32
                | Self::I64
                | Self::F32
                | Self::F64
                | Self::ReferenceType
                | Self::Types
        )
    }

    /// For a memory argument, the binary logarithm of the bytes accessed, which
    /// is also the largest alignment it may claim.
    pub const fn access_log2(self) -> Option<u8> {
        Some(match self {
            Self::Access8 => 0,
            Self::Access16 => 1,
            Self::Access32 => 2,
            Self::Access64 => 3,
            _ => return None,
        })
    }
}

/// The signature of an operator that takes and gives the same types wherever
/// it stands: up to three parameters, at most one result.
///
/// Four bits a type, the last parameter lowest, as it is taken first, the result
/// highest; so a row of the table stays small in flash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature(u16);

/// The bits of a [`Signature`] that no signature has: the operator's types
/// depend on its immediate or on the stack.
const SPECIAL: u16 = u16::MAX;

/// Shift of the result in a [`Signature`].
const RESULT_SHIFT: u32 = 12;

impl Signature {
    const fn pack(params: &[ValueType], result: &[ValueType]) -> u16 {
        let mut packed = Self::nibble(result, 0);
        packed <<= RESULT_SHIFT;
        let mut index = 0;
        while index < params.len() {
            packed |= Self::nibble(params, index) << (4 * (params.len() - 1 - index));
            index += 1;
        }
        packed
    }

    /// 0 for no type, else 1 to 5 for a number or vector type.
    #[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
    const fn nibble(types: &[ValueType], index: usize) -> u16 {
        if index < types.len() {
            0x80 - types[index] as u16
        } else {
            0
        }
    }

    const fn unpack(bits: u16) -> Option<ValueType> {
        Some(match bits & 0xf {
            1 => ValueType::I32,
            2 => ValueType::I64,
            3 => ValueType::F32,
            4 => ValueType::F64,
            5 => ValueType::V128,
            _ => return None,
        })
    }

    /// The type of parameter `index`, or `None` past the last.
    pub const fn param(self, index: u32) -> Option<ValueType> {
        match self.param_count().checked_sub(index + 1) {
            Some(behind) => Self::unpack(self.0 >> (4 * behind)),
            None => None,
        }
    }

    /// The types of the parameters, first to last.
    pub fn params(self) -> impl Iterator<Item = ValueType> {
        (0..3).map_while(move |index| self.param(index))
    }

    /// How many parameters there are: 0 to 3.
    pub const fn param_count(self) -> u32 {
        (u16::BITS - self.param_bits().leading_zeros()).div_ceil(4)
    }

    const fn param_bits(self) -> u16 {
        self.0 & ((1 << RESULT_SHIFT) - 1)
    }

    /// The codes of the parameters, four bits each, the last one lowest: as
    /// [`Operand`](crate::stack::Operand) has them.
    #[inline(always)]
    pub(crate) const fn param_codes(self) -> u32 {
        self.param_bits() as u32
    }

    /// The code of the result, 0 if there is none.
    #[inline(always)]
    pub(crate) const fn result_code(self) -> u8 {
        (self.0 >> RESULT_SHIFT) as u8
    }

    /// The type of the result, if there is one.
    pub const fn result(self) -> Option<ValueType> {
        Self::unpack(self.0 >> RESULT_SHIFT)
    }
}

/// One row of the operator table, as kept in flash.
struct Row {
    signature: u16,
    immediate: ImmediateKind,
}

macro_rules! value_type {
    (i32) => {
        ValueType::I32
    };
    (i64) => {
        ValueType::I64
    };
    (f32) => {
        ValueType::F32
    };
    (f64) => {
        ValueType::F64
    };
}

macro_rules! signature {
    (_ -> _) => {
        SPECIAL
    };
    ([$($param:ident)*] -> [$($result:ident)*]) => {
        Signature::pack(&[$(value_type!($param)),*], &[$(value_type!($result)),*])
    };
}

macro_rules! define {
    ($( $proposal:ident { $(
        [$($byte:literal)+] $name:ident $text:literal $immediate:ident $params:tt -> $result:tt;
    )* } )*) => {
        /// A WebAssembly operator.
        ///
        /// The discriminant (`as usize`) counts the rows of the operator table
        /// from 0; it is not the binary opcode.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Opcode {
            $($(
                #[doc = concat!("`", $text, "`")]
                $name,
            )*)*
        }

        static ROWS: [Row; Opcode::ALL.len()] = [$($(
            Row { signature: signature!($params -> $result), immediate: ImmediateKind::$immediate },
        )*)*];

        static NAMES: &[&str] = &[$($($text,)*)*];

        /// The operators of one prefix, by the number after it (by the first
        /// byte for prefix 0). Built at compile time from the table.
        #[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
        const fn index_by_code<const N: usize>(prefix: u8) -> [Option<Opcode>; N] {
            let mut table = [None; N];
            $($(
                let (row_prefix, code) = prefix_and_code(&[$($byte),+]);
                if row_prefix == prefix {
                    table[code] = Some(Opcode::$name);
                }
            )*)*
            table
        }

        impl Opcode {
            /// Every operator, in the order of the table.
            pub const ALL: &'static [Opcode] = &[$($(Opcode::$name,)*)*];
        }
    };
}

#[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn prefix_and_code(bytes: &[u8]) -> (u8, usize) {
    match bytes.len() {
        1 => (0, bytes[0] as usize),
        _ => (bytes[0], bytes[1] as usize),
    }
}

for_each_operator!(define);

/// The prefix byte of the operators that conversions and bulk memory brought.
const PREFIX_FC: u8 = 0xfc;

static ONE_BYTE: [Option<Opcode>; 0xd3] = index_by_code(0);
static AFTER_FC: [Option<Opcode>; 18] = index_by_code(PREFIX_FC);

impl Opcode {
    /// Whether `byte` starts an opcode of two parts: a number follows as
    /// LEB128.
    pub const fn is_prefix(byte: u8) -> bool {
        byte == PREFIX_FC
    }

    /// The operator with binary opcode `code` after `prefix`; prefix 0 stands
    /// for opcodes of one byte. `None` when there is none.
    pub fn decode(prefix: u8, code: u32) -> Option<Self> {
        let table: &[Option<Opcode>] = match prefix {
            0 => &ONE_BYTE,
            PREFIX_FC => &AFTER_FC,
            _ => return None,
        };
        *table.get(usize::try_from(code).ok()?)?
    }

    /// The name in the text format.
    pub fn name(self) -> &'static str {
        NAMES.get(self as usize).copied().unwrap_or_default()
    }

    /// Parameters and result, or `None` where they depend on the immediate or
    /// on the stack.
    pub const fn signature(self) -> Option<Signature> {
        match self.row().signature {
            SPECIAL => None,
            packed => Some(Signature(packed)),
        }
    }

    /// What follows the opcode.
    pub const fn immediate(self) -> ImmediateKind {
        self.row().immediate
    }

    #[allow(clippy::indexing_slicing, reason = "there is a row for every operator")]
    const fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }
}

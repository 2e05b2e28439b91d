//! A decoded instruction: an operator with its immediates.

use crate::opcode::Opcode;
use crate::types::{BlockType, ValueType};

/// The immediate of a load or store (section 5.4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryArgument {
    /// Binary logarithm of the alignment, in bytes, that the producer expects;
    /// a hint only, at most the natural alignment of the access.
    pub align_log2: u8,
    /// Index of the memory.
    pub memory: u32,
    /// Bytes added to the address operand.
    pub offset: u64,
}

/// What stands after an opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Immediate {
    /// Nothing.
    None,
    /// The type of a block.
    Block(BlockType),
    /// A label, function, local, global, table, memory, element segment or data
    /// segment index.
    Index(u32),
    /// Two indexes, in the order of the binary format: type and table
    /// (`call_indirect`), destination and source (`table.copy`, `memory.copy`),
    /// data segment and memory (`memory.init`), element segment and table
    /// (`table.init`).
    Pair(u32, u32),
    /// Of a load or store.
    Memory(MemoryArgument),
    /// A 32-bit integer.
    I32(i32),
    /// A 64-bit integer.
    I64(i64),
    /// The bits of a 32-bit floating point number.
    F32(u32),
    /// The bits of a 64-bit floating point number.
    F64(u64),
    /// A reference type (`ref.null`) or value type (`select` with a type).
    Type(ValueType),
    /// Of `br_table`: `count` labels and then the default label follow as
    /// [`Visitor::branch_target`](crate::Visitor::branch_target).
    Table {
        /// Labels before the default.
        count: u32,
    },
}

/// An operator with its immediates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// The operator.
    pub opcode: Opcode,
    /// Its immediates.
    pub immediate: Immediate,
}

impl Instruction {
    /// What others are filled in over.
    pub(crate) const NOP: Self = Self {
        opcode: Opcode::Nop,
        immediate: Immediate::None,
    };
}

//! The binary format of types and immediates (sections 5.3 and 5.4).

use crate::fault::{self, Fault};
use crate::instruction::{Immediate, MemoryArgument};
use crate::opcode::ImmediateKind;
use crate::reader::Reader;
use crate::types::{BlockType, GlobalType, MemoryType, TableType, ValueType};

/// The byte of a block type without parameters and results.
const EMPTY_BLOCK: u8 = 0x40;

/// Flag of limits: a maximum follows.
const HAS_MAXIMUM: u8 = 0x01;

/// Flag of limits: a page size follows (custom page sizes).
const HAS_PAGE_SIZE: u8 = 0x08;

/// Flag of a memory argument's alignment: a memory index follows (multiple
/// memories).
const HAS_MEMORY: u32 = 0x40;

/// Binary logarithm of the page size where none is given.
const PAGE_SIZE_LOG2: u8 = 16;

/// A value type, if the language in use has it.
fn value_type(byte: u8) -> Option<ValueType> {
    // Vectors are declared but not yet supported.
    ValueType::from_byte(byte).filter(|&value_type| value_type != ValueType::V128)
}

impl Reader<'_> {
    pub(crate) fn value_type(&mut self) -> Result<ValueType, Fault> {
        value_type(self.byte()?).ok_or(fault::VALUE_TYPE)
    }

    pub(crate) fn reference_type(&mut self) -> Result<ValueType, Fault> {
        value_type(self.byte()?)
            .filter(|value_type| value_type.is_reference())
            .ok_or(fault::REFERENCE_TYPE)
    }

    pub(crate) fn global_type(&mut self) -> Result<GlobalType, Fault> {
        let value_type = self.value_type()?;
        let mutable = match self.byte()? {
            0 => false,
            1 => true,
            _ => return Err(fault::MUTABILITY),
        };
        Ok(GlobalType {
            value_type,
            mutable,
        })
    }

    /// Flags (of those in `known`), minimum and maximum, validated to be in
    /// order.
    fn limits(&mut self, known: u8) -> Result<(u8, u32, Option<u32>), Fault> {
        let start = self.offset();
        let flags = self.byte()?;
        if flags & !known != 0 {
            return Err(fault::LIMITS_FLAGS);
        }
        let minimum = self.u32()?;
        let mut maximum = None;
        if flags & HAS_MAXIMUM != 0 {
            let value = self.u32()?;
            if minimum > value {
                self.mark(start);
                return Err(fault::LIMITS_ORDER);
            }
            maximum = Some(value);
        }
        Ok((flags, minimum, maximum))
    }

    pub(crate) fn table_type(&mut self) -> Result<TableType, Fault> {
        let element = self.reference_type()?;
        let (_, minimum, maximum) = self.limits(HAS_MAXIMUM)?;
        Ok(TableType {
            element,
            minimum,
            maximum,
        })
    }

    pub(crate) fn memory_type(&mut self) -> Result<MemoryType, Fault> {
        let start = self.offset();
        let (flags, minimum, maximum) = self.limits(HAS_MAXIMUM | HAS_PAGE_SIZE)?;
        let page_size_log2 = if flags & HAS_PAGE_SIZE == 0 {
            PAGE_SIZE_LOG2
        } else {
            match self.u32()? {
                0 => 0,
                16 => PAGE_SIZE_LOG2,
                1..64 => return Err(fault::PAGE_SIZE),
                _ => return Err(fault::PAGE_SIZE_LOG2),
            }
        };
        // The greatest number of pages is that of 4 GiB. It is checked on the
        // larger of the two sizes; pages of one byte cannot exceed it.
        let largest = maximum.unwrap_or(minimum);
        if u64::from(largest) << page_size_log2 > 1 << 32 {
            self.mark(start);
            return Err(fault::MEMORY_SIZE);
        }
        Ok(MemoryType {
            minimum: minimum.into(),
            maximum: maximum.map(u64::from),
            page_size_log2,
        })
    }

    fn block_type(&mut self) -> Result<BlockType, Fault> {
        let byte = self.peek()?;
        if byte == EMPTY_BLOCK {
            self.byte()?;
            return Ok(BlockType::Empty);
        }
        if let Some(value_type) = value_type(byte) {
            self.byte()?;
            return Ok(BlockType::Value(value_type));
        }
        match u32::try_from(self.i33()?) {
            Ok(index) => Ok(BlockType::Function(index)),
            Err(_) => Err(fault::BLOCK_TYPE),
        }
    }

    fn memory_argument(&mut self) -> Result<MemoryArgument, Fault> {
        let flags = self.u32()?;
        // Addresses have 32 bits: no alignment is larger.
        if flags & !HAS_MEMORY >= 32 {
            return Err(fault::MEMORY_FLAGS);
        }
        let memory = match flags & HAS_MEMORY {
            0 => 0,
            _ => self.u32()?,
        };
        #[allow(clippy::cast_possible_truncation, reason = "below 32")]
        let align_log2 = (flags & !HAS_MEMORY) as u8;
        Ok(MemoryArgument {
            align_log2,
            memory,
            offset: self.u32()?.into(),
        })
    }

    /// Fills in the immediate of an operator; of `br_table` only the number of
    /// labels.
    #[inline(never)]
    pub(crate) fn immediate(
        &mut self,
        kind: ImmediateKind,
        immediate: &mut Immediate,
    ) -> Result<(), Fault> {
        use ImmediateKind as Kind;
        *immediate = match kind {
            Kind::None => Immediate::None,
            Kind::Block => Immediate::Block(self.block_type()?),
            Kind::Label
            | Kind::Function
            | Kind::Local
            | Kind::Global
            | Kind::Table
            | Kind::Element
            | Kind::Memory
            | Kind::Data => Immediate::Index(self.u32()?),
            Kind::TypeTable
            | Kind::TableTable
            | Kind::ElementTable
            | Kind::MemoryMemory
            | Kind::DataMemory => {
                let first = self.u32()?;
                Immediate::Pair(first, self.u32()?)
            }
            Kind::LabelTable => Immediate::Table { count: self.u32()? },
            Kind::Access8 | Kind::Access16 | Kind::Access32 | Kind::Access64 => {
                Immediate::Memory(self.memory_argument()?)
            }
            Kind::I32 => Immediate::I32(self.i32()?),
            Kind::I64 => Immediate::I64(self.i64()?),
            Kind::F32 => Immediate::F32(u32::from_le_bytes(self.fixed()?)),
            Kind::F64 => Immediate::F64(u64::from_le_bytes(self.fixed()?)),
            Kind::ReferenceType => Immediate::Type(self.reference_type()?),
            Kind::Types => {
                if self.u32()? != 1 {
                    return Err(fault::SELECT_ARITY);
                }
                Immediate::Type(self.value_type()?)
            }
        };
        Ok(())
    }
}

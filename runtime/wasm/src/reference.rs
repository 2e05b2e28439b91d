//! What an instruction refers to must exist (section 3.3), and what a constant
//! expression may hold.

use crate::declarations::Declarations;
use crate::fault::{self, Fault};
use crate::instruction::{Immediate, Instruction};
use crate::opcode::{ImmediateKind, Opcode};
use crate::types::{GlobalType, TableType};

pub(crate) fn global(m: &Declarations, index: u32) -> Result<GlobalType, Fault> {
    let global = m.globals().get(index as usize);
    global.copied().ok_or(fault::UNKNOWN_GLOBAL)
}

pub(crate) fn table(m: &Declarations, index: u32) -> Result<TableType, Fault> {
    let table = m.tables().get(index as usize);
    table.copied().ok_or(fault::UNKNOWN_TABLE)
}

/// Whether an instruction may stand in a constant expression (section 3.3.10,
/// and extended constant expressions).
#[cold]
#[inline(never)]
pub(crate) fn is_constant(m: &Declarations, instruction: &Instruction) -> Result<bool, Fault> {
    Ok(match (instruction.opcode, instruction.immediate) {
        (Opcode::GlobalGet, Immediate::Index(index)) => {
            // Globals that the module itself defines are not yet there.
            if index >= m.imported_global_count() {
                return Err(fault::UNKNOWN_GLOBAL);
            }
            !global(m, index)?.mutable
        }
        (
            Opcode::I32Const
            | Opcode::I64Const
            | Opcode::F32Const
            | Opcode::F64Const
            | Opcode::RefNull
            | Opcode::RefFunc
            | Opcode::I32Add
            | Opcode::I32Sub
            | Opcode::I32Mul
            | Opcode::I64Add
            | Opcode::I64Sub
            | Opcode::I64Mul
            | Opcode::End,
            _,
        ) => true,
        _ => false,
    })
}

/// Checks the memory, table and segment indexes of an immediate, and the
/// alignment of a memory argument.
#[inline(never)]
pub(crate) fn indexes_exist(
    m: &Declarations,
    kind: ImmediateKind,
    immediate: &Immediate,
) -> Result<(), Fault> {
    let memory = |index: u32| match m.memories().get(index as usize) {
        Some(_) => Ok(()),
        None => Err(fault::UNKNOWN_MEMORY),
    };
    let data = |index: u32| match m.data_count() {
        None => Err(fault::NO_DATA_COUNT),
        Some(count) if index < count => Ok(()),
        Some(_) => Err(fault::UNKNOWN_DATA),
    };
    let element = |index: u32| m.element_type(index).ok_or(fault::UNKNOWN_ELEMENT);
    match (kind, *immediate) {
        (ImmediateKind::Memory, Immediate::Index(index)) => memory(index),
        (ImmediateKind::MemoryMemory, Immediate::Pair(destination, source)) => {
            memory(destination)?;
            memory(source)
        }
        (ImmediateKind::Data, Immediate::Index(index)) => data(index),
        (ImmediateKind::DataMemory, Immediate::Pair(segment, index)) => {
            memory(index)?;
            data(segment)
        }
        (ImmediateKind::Table, Immediate::Index(index)) => table(m, index).map(|_| ()),
        (ImmediateKind::TableTable, Immediate::Pair(destination, source)) => {
            if table(m, destination)?.element != table(m, source)?.element {
                return Err(fault::TYPE_MISMATCH);
            }
            Ok(())
        }
        (ImmediateKind::Element, Immediate::Index(index)) => element(index).map(|_| ()),
        (ImmediateKind::ElementTable, Immediate::Pair(segment, index)) => {
            if table(m, index)?.element != element(segment)? {
                return Err(fault::TYPE_MISMATCH);
            }
            Ok(())
        }
        (_, Immediate::Memory(argument)) => {
            memory(argument.memory)?;
            if kind
                .access_log2()
                .is_some_and(|log2| argument.align_log2 > log2)
            {
                return Err(fault::ALIGNMENT);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

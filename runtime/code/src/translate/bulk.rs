//! Translating the operators on tables and whole memories.

use thimble_wasm::{Declarations, Failure, Immediate, Opcode, ValueType};

use super::function::{Function, broken, unit};
use crate::operation::Operation;

impl Function {
    /// Operators on tables and whole memories.
    #[inline(never)]
    pub(super) fn bulk(
        &mut self,
        m: &Declarations,
        opcode: Opcode,
        immediate: Immediate,
    ) -> Result<(), Failure> {
        self.site()?;
        match (opcode, immediate) {
            (Opcode::TableGet, Immediate::Index(table)) => {
                let index = self.pop();
                self.place_in_vacated_accumulator(&index)?;
                let table_type = m.tables().get(table as usize).ok_or_else(broken)?;
                self.compute(Operation::TableGet, &[unit(table)?])?;
                self.push_accumulator(table_type.element)
            }
            (Opcode::TableSet, Immediate::Index(table)) => {
                self.with_cells(Operation::TableSet, &[unit(table)?], 2)
            }
            (Opcode::TableSize, Immediate::Index(table)) => {
                self.compute(Operation::TableSize, &[unit(table)?])?;
                self.push_accumulator(ValueType::I32)
            }
            (Opcode::TableGrow, Immediate::Index(table)) => {
                self.with_cells(Operation::TableGrow, &[unit(table)?], 2)?;
                self.mirror = None;
                self.push_accumulator(ValueType::I32)
            }
            (Opcode::TableFill, Immediate::Index(table)) => {
                self.with_cells(Operation::TableFill, &[unit(table)?], 3)
            }
            (Opcode::TableCopy, Immediate::Pair(to, from)) => {
                self.with_cells(Operation::TableCopy, &[unit(to)?, unit(from)?], 3)
            }
            (Opcode::TableInit, Immediate::Pair(segment, table)) => {
                self.with_cells(Operation::TableInit, &[unit(table)?, unit(segment)?], 3)
            }
            (Opcode::ElemDrop, Immediate::Index(segment)) => {
                self.operation(Operation::ElemDrop, &[unit(segment)?])
            }
            (Opcode::MemorySize, Immediate::Index(memory)) => {
                self.compute(Operation::MemorySize, &[unit(memory)?])?;
                self.push_accumulator(ValueType::I32)
            }
            (Opcode::MemoryGrow, Immediate::Index(memory)) => {
                let delta = self.pop();
                self.place_in_vacated_accumulator(&delta)?;
                self.compute(Operation::MemoryGrow, &[unit(memory)?])?;
                self.push_accumulator(ValueType::I32)
            }
            (Opcode::MemoryFill, Immediate::Index(memory)) => {
                self.with_cells(Operation::MemoryFill, &[unit(memory)?], 3)
            }
            (Opcode::MemoryCopy, Immediate::Pair(to, from)) => {
                self.with_cells(Operation::MemoryCopy, &[unit(to)?, unit(from)?], 3)
            }
            (Opcode::MemoryInit, Immediate::Pair(segment, memory)) => {
                self.with_cells(Operation::MemoryInit, &[unit(memory)?, unit(segment)?], 3)
            }
            (Opcode::DataDrop, Immediate::Index(segment)) => {
                self.operation(Operation::DataDrop, &[unit(segment)?])
            }
            _ => Err(broken()),
        }
    }

    /// Emits an operation whose last operands are the top `count` entries, in cells.
    fn with_cells(
        &mut self,
        operation: Operation,
        units: &[u16],
        count: usize,
    ) -> Result<(), Failure> {
        let mut third = if count == 3 { Some(self.pop()) } else { None };
        let mut second = self.pop();
        let mut first = self.pop();
        self.vacate()?;
        let mut cells = [0; 3];
        let [a, b, c] = &mut cells;
        if let Some(third) = &mut third {
            [*a, *b, *c] = self.place_in_cells([&mut first, &mut second, third])?;
        } else {
            [*a, *b] = self.place_in_cells([&mut first, &mut second])?;
        }
        self.long_operation(operation, units)?;
        self.units(cells.get(..count).unwrap_or_default())
    }
}

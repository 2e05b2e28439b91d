//! Calls: arguments come to consecutive cells, where the callee's frame begins.

use thimble_wasm::{Declarations, Failure, FunctionType, Opcode};

use super::emit::Producer;
use super::function::{Function, broken, unit};
use super::stack::{Entry, Place, size, width};
use crate::image::Features;
use crate::operation::{CELL, Operation};

impl Function {
    /// Moves the arguments to their cells and returns the first of them.
    fn arguments(&mut self, callee: FunctionType<'_>) -> Result<u16, Failure> {
        let first = self
            .stack
            .len()
            .checked_sub(callee.params.len())
            .ok_or_else(broken)?;
        // The callee overwrites the accumulator.
        self.vacate()?;
        self.flush_from(first, true)?;
        let base = match self.stack.get(first) {
            Some(entry) => entry.slot,
            None => self.next_slot,
        };
        self.truncate(first);
        Ok(base)
    }

    /// Pushes the results, which the callee left where its frame began.
    fn call_results(&mut self, callee: FunctionType<'_>, base: u16) -> Result<(), Failure> {
        self.mirror = None;
        self.producer = Producer::NONE;
        // A callee without parameters and results still has its frame there.
        for &ty in callee.results {
            self.push(ty, Place::Slot)?;
        }
        if let [ty] = callee.results {
            self.mirror = Some((base, width(*ty)));
        }
        debug_assert!(callee.params.iter().map(|&ty| size(ty)).sum::<u16>() < u16::MAX);
        Ok(())
    }

    #[inline(never)]
    pub(super) fn call(
        &mut self,
        m: &Declarations,
        opcode: Opcode,
        index: u32,
    ) -> Result<(), Failure> {
        let type_index = m.type_of_function(index).ok_or_else(broken)?;
        let callee = m.function_type(type_index).ok_or_else(broken)?;
        let base = self.arguments(callee)?;
        let imported = index < m.imported_function_count();
        let function = unit(index)?;
        self.site()?;
        if opcode == Opcode::ReturnCall {
            self.features.insert(Features::TAIL_CALL);
            let operation = if imported {
                Operation::ReturnCallImport
            } else {
                Operation::ReturnCall
            };
            self.operation(operation, &[self.link, function, base])?;
            return self.tail(callee);
        }
        let operation = if imported {
            Operation::CallImport
        } else {
            Operation::Call
        };
        self.operation(operation, &[function, base])?;
        self.call_results(callee, base)
    }

    #[inline(never)]
    pub(super) fn call_indirect(
        &mut self,
        m: &Declarations,
        opcode: Opcode,
        type_index: u32,
        table: u32,
    ) -> Result<(), Failure> {
        let callee = m.function_type(type_index).ok_or_else(broken)?;
        let canonical = *self
            .canonical_types
            .get(type_index as usize)
            .ok_or_else(broken)?;
        let mut index = self.pop();
        self.settle_index(&mut index, callee)?;
        let base = self.arguments(callee)?;
        self.place_in_accumulator(&index)?;
        self.site()?;
        if opcode == Opcode::ReturnCallIndirect {
            self.features.insert(Features::TAIL_CALL);
            self.long_operation(
                Operation::ReturnCallIndirect,
                &[self.link, canonical, unit(table)?, base],
            )?;
            return self.tail(callee);
        }
        self.operation(Operation::CallIndirect, &[canonical, unit(table)?, base])?;
        self.call_results(callee, base)
    }

    /// Puts the index of an indirect call into a cell unless it can stay in the
    /// accumulator while the arguments are moved.
    fn settle_index(&mut self, index: &mut Entry, callee: FunctionType<'_>) -> Result<(), Failure> {
        let first = self
            .stack
            .len()
            .checked_sub(callee.params.len())
            .ok_or_else(broken)?;
        let constants = self
            .stack
            .get(first..)
            .unwrap_or_default()
            .iter()
            .any(Entry::is_constant);
        if constants && index.is_accumulator() {
            self.place_in_cell(index)?;
        }
        Ok(())
    }

    /// Behind a tail call nothing is reached. The frame must have room for the
    /// callee's arguments and return address.
    fn tail(&mut self, callee: FunctionType<'_>) -> Result<(), Failure> {
        let params: u32 = callee.params.iter().map(|&ty| u32::from(size(ty))).sum();
        let size = params + u32::from(CELL);
        self.frame_size = self.frame_size.max(unit(size)?);
        self.die()
    }
}

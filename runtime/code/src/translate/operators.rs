//! Translating the operators that compute: numbers, memory, variables, tables.

use thimble_wasm::{Declarations, Failure, Immediate, Instruction, Opcode, ValueType};

use super::emit::{short32, short64};
use super::function::{Function, broken, unit};
use super::numeric::{Lowering, Row, row, with_constant};
use super::stack::{Entry, Place, width};
use crate::image::Features;
use crate::operation::{Form, Operation, Width};

/// The constant as an immediate of an operation of this width.
fn short(bits: u64, width: Width) -> Option<u16> {
    if width == Width::W64 {
        short64(bits)
    } else {
        short32(bits as u32)
    }
}

impl Function {
    /// Translates an operator in code that can be reached.
    #[inline(always)]
    pub(super) fn operator(
        &mut self,
        m: &Declarations,
        instruction: &Instruction,
    ) -> Result<(), Failure> {
        let opcode = instruction.opcode;
        if let Some(row) = row(opcode) {
            return self.lower(row, &instruction.immediate);
        }
        match (opcode, instruction.immediate) {
            (Opcode::I32Const, Immediate::I32(value)) => {
                self.push_constant(ValueType::I32, u64::from(value as u32))
            }
            (Opcode::I64Const, Immediate::I64(value)) => {
                self.push_constant(ValueType::I64, value as u64)
            }
            (Opcode::F32Const, Immediate::F32(bits)) => {
                self.push_constant(ValueType::F32, u64::from(bits))
            }
            (Opcode::F64Const, Immediate::F64(bits)) => self.push_constant(ValueType::F64, bits),
            _ => self.other_operator(m, instruction),
        }
    }

    /// Translates an operator that is neither numeric nor an access to memory, nor a constant.
    #[inline(never)]
    fn other_operator(
        &mut self,
        m: &Declarations,
        instruction: &Instruction,
    ) -> Result<(), Failure> {
        let opcode = instruction.opcode;
        match (opcode, instruction.immediate) {
            (Opcode::Block, Immediate::Block(ty)) => self.block(m, ty),
            (Opcode::Loop, Immediate::Block(ty)) => self.loop_(m, ty),
            (Opcode::If, Immediate::Block(ty)) => self.if_(m, ty),
            (Opcode::Else, _) => self.else_(m),
            (Opcode::End, _) => self.end_block(m),
            (Opcode::Br, Immediate::Index(label)) => self.branch(m, label),
            (Opcode::BrIf, Immediate::Index(label)) => self.branch_if(m, label),
            (Opcode::BrTable, Immediate::Table { count }) => self.branch_table(count),
            (Opcode::Return, _) => self.return_(m),
            (Opcode::Unreachable, _) => {
                self.site()?;
                self.operation(Operation::Unreachable, &[])?;
                self.die()
            }
            (Opcode::Call | Opcode::ReturnCall, Immediate::Index(index)) => {
                self.call(m, opcode, index)
            }
            (
                Opcode::CallIndirect | Opcode::ReturnCallIndirect,
                Immediate::Pair(type_index, table),
            ) => self.call_indirect(m, opcode, type_index, table),
            (Opcode::Nop, _) => Ok(()),
            (Opcode::Drop, _) => {
                self.pop();
                Ok(())
            }
            (Opcode::Select | Opcode::SelectTyped, _) => self.select(),
            (Opcode::RefNull, Immediate::Type(ty)) => self.push_constant(ty, 0),
            (Opcode::GlobalGet, Immediate::Index(index)) => self.global_get(m, index),
            (Opcode::GlobalSet, Immediate::Index(index)) => self.global_set(m, index),
            (Opcode::RefIsNull, _) => self.unary(Operation::I32Eqz, false, ValueType::I32),
            (Opcode::RefFunc, Immediate::Index(index)) => {
                self.compute(Operation::RefFunc, &[unit(index)?])?;
                self.push_accumulator(ValueType::FuncRef)
            }
            (_, immediate) => self.bulk(m, opcode, immediate),
        }
    }

    /// Translates an operator on a local in code that can be reached.
    #[inline(always)]
    pub(super) fn local_operator(&mut self, opcode: Opcode, index: u32) -> Result<(), Failure> {
        // The validator knows the local, and a frame has room for fewer than that.
        let index = index as u16;
        if opcode == Opcode::LocalGet {
            return self.push_local(index);
        }
        self.set_or_tee(opcode, index)
    }

    #[inline(never)]
    fn set_or_tee(&mut self, opcode: Opcode, index: u16) -> Result<(), Failure> {
        let entry = self.pop();
        self.set_local(index, &entry)?;
        if opcode == Opcode::LocalSet {
            return Ok(());
        }
        // A constant stays one: it can still become an immediate.
        match entry.place() {
            Place::Constant(_) => self.push(entry.ty, entry.place()),
            _ => self.push_local(index),
        }
    }

    #[inline(always)]
    fn lower(&mut self, row: Row, immediate: &Immediate) -> Result<(), Failure> {
        if row.float() {
            self.features.insert(Features::FLOAT);
        }
        match row.lowering {
            Lowering::Binary(operation) => self.binary(operation, false, row),
            Lowering::Swapped(operation) => self.binary(operation, true, row),
            Lowering::Unary(operation) => self.unary(operation, row.traps(), row.result),
            Lowering::Reinterpret => self.reinterpret(row.result),
            Lowering::Load(operation) => {
                let Immediate::Memory(argument) = immediate else {
                    return Err(broken());
                };
                self.load(operation, argument, row.result)
            }
            Lowering::Store(operation) => {
                let Immediate::Memory(argument) = immediate else {
                    return Err(broken());
                };
                self.store(operation, argument)
            }
        }
    }

    /// Two operands, one result.
    #[inline(never)]
    fn binary(&mut self, operation: Operation, swapped: bool, row: Row) -> Result<(), Failure> {
        let [mut first, mut second] = self.pop_numbers();
        let slot = first.slot;
        if row.traps() {
            self.site()?;
        }
        // An entry deeper in the stack would lose the accumulator to the result.
        self.vacate()?;
        if swapped {
            core::mem::swap(&mut first, &mut second);
        }
        if !self.with_places(operation, row, &first, &second)?
            && !self.with_constant(operation, &mut first, &mut second)?
        {
            self.with_operands(operation, row.commutes(), &mut first, &mut second)?;
        }
        self.push_result(row.result, slot)
    }

    /// Emits a binary operation on operands of which one is in a cell, and the other in a
    /// cell, in the accumulator, or a constant behind it: most are so. Says whether they were.
    #[inline(always)]
    fn with_places(
        &mut self,
        operation: Operation,
        row: Row,
        first: &Entry,
        second: &Entry,
    ) -> Result<bool, Failure> {
        let width = operation.row().input;
        let mirrored = match self.mirror {
            Some((cell, mirrored)) if mirrored == width => Some(cell),
            _ => None,
        };
        let first_cell = self.cell_of(first);
        let first_held = first.is_accumulator() || (first_cell.is_some() && first_cell == mirrored);
        if let Place::Constant(constant) = second.place() {
            let Some(immediate) = short(constant.bits(), width) else {
                return Ok(false);
            };
            if row.rewrites() || !operation.has(Form::Ri) {
                return Ok(false);
            }
            if first_held && operation.has(Form::Ai) {
                self.produce(operation, Form::Ai, &[immediate])?;
                return Ok(true);
            }
            let Some(cell) = first_cell else {
                return Ok(false);
            };
            self.produce(operation, Form::Ri, &[cell, immediate])?;
            return Ok(true);
        }
        let second_cell = self.cell_of(second);
        if first_held && operation.has(Form::Ar) {
            let Some(cell) = second_cell else {
                return Ok(false);
            };
            self.produce(operation, Form::Ar, &[cell])?;
            return Ok(true);
        }
        let Some(cell) = first_cell else {
            return Ok(false);
        };
        if second.is_accumulator() || (second_cell.is_some() && second_cell == mirrored) {
            if operation.has(Form::Ra) {
                self.produce(operation, Form::Ra, &[cell])?;
                return Ok(true);
            }
            if row.commutes() && operation.has(Form::Ar) {
                self.produce(operation, Form::Ar, &[cell])?;
                return Ok(true);
            }
        }
        let Some(second_cell) = second_cell else {
            return Ok(false);
        };
        self.produce(operation, Form::Rr, &[cell, second_cell])?;
        Ok(true)
    }

    /// Emits a binary operation with an immediate if an operand is a constant that
    /// fits in one. Says whether it did.
    #[inline(never)]
    fn with_constant(
        &mut self,
        operation: Operation,
        first: &mut Entry,
        second: &mut Entry,
    ) -> Result<bool, Failure> {
        let width = width(first.ty);
        let (constant_first, constant, variable) = match (first.place(), second.place()) {
            (_, Place::Constant(constant)) => (false, constant, first),
            (Place::Constant(constant), _) => (true, constant, second),
            _ => return Ok(false),
        };
        if let Some((operation, value)) =
            with_constant(operation, constant_first, constant.bits(), width)
            && let Some(immediate) = short(value, width)
            && operation.has(Form::Ri)
        {
            self.with_immediate(operation, variable, immediate)?;
            return Ok(true);
        }
        Ok(false)
    }

    fn with_immediate(
        &mut self,
        operation: Operation,
        variable: &mut Entry,
        immediate: u16,
    ) -> Result<(), Failure> {
        if self.in_accumulator(variable) && operation.has(Form::Ai) {
            self.produce(operation, Form::Ai, &[immediate])
        } else {
            let cell = self.place_in_cell(variable)?;
            self.produce(operation, Form::Ri, &[cell, immediate])
        }
    }

    /// Emits a binary operation on operands that [`with_places`](Self::with_places) has not
    /// found where they can stay: constants, and what the accumulator alone has where the
    /// operation takes cells only.
    #[inline(never)]
    fn with_operands(
        &mut self,
        operation: Operation,
        commutes: bool,
        first: &mut Entry,
        second: &mut Entry,
    ) -> Result<(), Failure> {
        // A constant too large for an immediate goes to the accumulator if it
        // can be used there.
        if second.is_constant() {
            let cell = self.place_in_cells([first])?;
            // Whether the second operand may be the one in the accumulator.
            let form = if operation.has(Form::Ra) {
                Some(Form::Ra)
            } else if commutes && operation.has(Form::Ar) {
                Some(Form::Ar)
            } else {
                None
            };
            if let Some(form) = form {
                self.place_in_accumulator(second)?;
                return self.produce(operation, form, &cell);
            }
        } else if first.is_constant() {
            let cell = self.place_in_cells([second])?;
            if operation.has(Form::Ar) {
                self.place_in_accumulator(first)?;
                return self.produce(operation, Form::Ar, &cell);
            }
        }
        let cells = self.place_in_cells([first, second])?;
        self.produce(operation, Form::Rr, &cells)
    }

    /// One operand, one result.
    #[inline(never)]
    fn unary(
        &mut self,
        operation: Operation,
        traps: bool,
        result: ValueType,
    ) -> Result<(), Failure> {
        let entry = self.pop();
        if traps {
            self.site()?;
        }
        if operation == Operation::I32Eqz && entry.is_accumulator() && self.invert_comparison()? {
            return self.push_accumulator(result);
        }
        self.vacate()?;
        match self.cell_of(&entry) {
            Some(cell) if !self.in_accumulator(&entry) && operation.has(Form::R) => {
                self.produce(operation, Form::R, &[cell])?;
            }
            _ => {
                self.place_in_accumulator(&entry)?;
                self.produce(operation, Form::A, &[])?;
            }
        }
        self.push_accumulator(result)
    }

    #[inline(never)]
    fn reinterpret(&mut self, result: ValueType) -> Result<(), Failure> {
        let entry = self.pop();
        match entry.place() {
            Place::Local { index, .. } => self.push_alias(result, index),
            Place::Accumulator => self.push_accumulator(result),
            place => self.push(result, place),
        }
    }

    /// As `place_in_accumulator`, when an entry deeper in the stack may be there.
    pub(super) fn place_in_vacated_accumulator(&mut self, entry: &Entry) -> Result<(), Failure> {
        self.vacate()?;
        self.place_in_accumulator(entry)
    }

    #[inline(never)]
    fn select(&mut self) -> Result<(), Failure> {
        let mut condition = self.pop();
        let mut second = self.pop();
        let mut first = self.pop();
        self.vacate()?;
        let constants = first.is_constant() || second.is_constant();
        if constants && condition.is_accumulator() {
            self.place_in_cell(&mut condition)?;
        }
        let cells = self.place_in_cells([&mut first, &mut second])?;
        self.place_in_accumulator(&condition)?;
        let operation = if width(first.ty) == Width::W64 {
            Operation::Select64
        } else {
            Operation::Select32
        };
        self.produce(operation, Form::One, &cells)?;
        self.push_accumulator(first.ty)
    }

    /// The cell of a global that the module defines; nothing if it is imported.
    fn global_cell(&self, m: &Declarations, index: u32) -> Result<Option<u16>, Failure> {
        match index.checked_sub(m.imported_global_count()) {
            None => Ok(None),
            Some(own) => self
                .global_cells
                .get(own as usize)
                .copied()
                .map(Some)
                .ok_or_else(broken),
        }
    }

    #[inline(never)]
    fn global_get(&mut self, m: &Declarations, index: u32) -> Result<(), Failure> {
        let ty = m
            .globals()
            .get(index as usize)
            .ok_or_else(broken)?
            .value_type;
        let wide = width(ty) == Width::W64;
        if let Some(cell) = self.global_cell(m, index)? {
            let operation = if wide {
                Operation::GlobalGet64
            } else {
                Operation::GlobalGet32
            };
            self.produce(operation, Form::One, &[cell])?;
        } else {
            let operation = if wide {
                Operation::ImportGlobalGet64
            } else {
                Operation::ImportGlobalGet32
            };
            self.compute(operation, &[unit(index)?])?;
        }
        self.push_accumulator(ty)
    }

    #[inline(never)]
    fn global_set(&mut self, m: &Declarations, index: u32) -> Result<(), Failure> {
        let entry = self.pop();
        let wide = width(entry.ty) == Width::W64;
        self.place_in_vacated_accumulator(&entry)?;
        if let Some(cell) = self.global_cell(m, index)? {
            let operation = if wide {
                Operation::GlobalSet64
            } else {
                Operation::GlobalSet32
            };
            self.operation(operation, &[cell])
        } else {
            let operation = if wide {
                Operation::ImportGlobalSet64
            } else {
                Operation::ImportGlobalSet32
            };
            self.operation(operation, &[unit(index)?])
        }
    }
}

//! Translating the operators that compute: numbers, memory, variables, tables.

use thimble_wasm::{Declarations, Failure, Immediate, Instruction, Opcode, ValueType};

use super::emit::{short32, short64};
use super::function::{Function, broken, unit};
use super::numeric::{Lowering, commutes, lowering, traps, with_constant};
use super::stack::{Entry, Place, width};
use crate::image::Features;
use crate::operation::{Form, Operation, Width};

/// The constant as an immediate of an operation of this width.
fn short(bits: u64, width: Width) -> Option<u16> {
    if width == Width::W64 {
        short64(bits)
    } else {
        short32(bits)
    }
}

fn is_float(ty: ValueType) -> bool {
    matches!(ty, ValueType::F32 | ValueType::F64)
}

impl Function {
    /// Translates an operator other than those of control and calls.
    pub(super) fn plain(
        &mut self,
        m: &Declarations,
        instruction: Instruction,
    ) -> Result<(), Failure> {
        let Instruction { opcode, immediate } = instruction;
        if let Some(lowering) = lowering(opcode) {
            return self.lower(opcode, lowering, immediate);
        }
        match (opcode, immediate) {
            (Opcode::Nop, _) => Ok(()),
            (Opcode::Drop, _) => self.pop().map(|_| ()),
            (Opcode::Select | Opcode::SelectTyped, _) => self.select(),
            (Opcode::I32Const, Immediate::I32(value)) => {
                self.push(ValueType::I32, Place::Constant(u64::from(value as u32)))
            }
            (Opcode::I64Const, Immediate::I64(value)) => {
                self.push(ValueType::I64, Place::Constant(value as u64))
            }
            (Opcode::F32Const, Immediate::F32(bits)) => {
                self.push(ValueType::F32, Place::Constant(u64::from(bits)))
            }
            (Opcode::F64Const, Immediate::F64(bits)) => {
                self.push(ValueType::F64, Place::Constant(bits))
            }
            (Opcode::RefNull, Immediate::Type(ty)) => self.push(ty, Place::Constant(0)),
            (Opcode::LocalGet, Immediate::Index(index)) => {
                let index = unit(index)?;
                let ty = self.locals.get(usize::from(index)).ok_or_else(broken)?.ty;
                self.push(ty, Place::Local(index))
            }
            (Opcode::LocalSet, Immediate::Index(index)) => {
                let entry = self.pop()?;
                self.set_local(unit(index)?, entry)
            }
            (Opcode::LocalTee, Immediate::Index(index)) => {
                let entry = self.pop()?;
                let index = unit(index)?;
                self.set_local(index, entry)?;
                // A constant stays one: it can still become an immediate.
                let place = match entry.place {
                    Place::Constant(_) => entry.place,
                    _ => Place::Local(index),
                };
                self.push(entry.ty, place)
            }
            (Opcode::GlobalGet, Immediate::Index(index)) => self.global_get(m, index),
            (Opcode::GlobalSet, Immediate::Index(index)) => self.global_set(m, index),
            (Opcode::RefIsNull, _) => self.unary(Operation::I32Eqz, ValueType::I32),
            (Opcode::RefFunc, Immediate::Index(index)) => {
                self.compute(Operation::RefFunc, &[unit(index)?])?;
                self.push_accumulator(ValueType::FuncRef)
            }
            _ => self.bulk(m, opcode, immediate),
        }
    }

    fn lower(
        &mut self,
        opcode: Opcode,
        lowering: Lowering,
        immediate: Immediate,
    ) -> Result<(), Failure> {
        let signature = opcode.signature().ok_or_else(broken)?;
        let result = signature.result();
        if signature.params().chain(result).any(is_float) {
            self.features.insert(Features::FLOAT);
        }
        match lowering {
            Lowering::Binary(operation) => {
                self.binary(operation, false, result.ok_or_else(broken)?)
            }
            Lowering::Swapped(operation) => {
                self.binary(operation, true, result.ok_or_else(broken)?)
            }
            Lowering::Unary(operation) => self.unary(operation, result.ok_or_else(broken)?),
            Lowering::Reinterpret => self.reinterpret(result.ok_or_else(broken)?),
            Lowering::Load(operation, access) => {
                let Immediate::Memory(argument) = immediate else {
                    return Err(broken());
                };
                self.load(operation, access, argument, result.ok_or_else(broken)?)
            }
            Lowering::Store(operation, access) => {
                let Immediate::Memory(argument) = immediate else {
                    return Err(broken());
                };
                self.store(operation, access, argument)
            }
        }
    }

    /// Two operands, one result.
    fn binary(
        &mut self,
        operation: Operation,
        swapped: bool,
        result: ValueType,
    ) -> Result<(), Failure> {
        let mut second = self.pop()?;
        let mut first = self.pop()?;
        if swapped {
            core::mem::swap(&mut first, &mut second);
        }
        if traps(operation) {
            self.site()?;
        }
        // An entry deeper in the stack would lose the accumulator to the result.
        self.vacate()?;
        let bits = if width(first.ty) == Width::W64 {
            64
        } else {
            32
        };
        let constant = match (first.place, second.place) {
            (_, Place::Constant(value)) => Some((false, value)),
            (Place::Constant(value), _) => Some((true, value)),
            _ => None,
        };
        if let Some((constant_first, value)) = constant
            && let Some((operation, value)) = with_constant(operation, constant_first, value, bits)
            && let Some(immediate) = short(value, width(first.ty))
            && operation.has(Form::Ri)
        {
            let variable = if constant_first {
                &mut second
            } else {
                &mut first
            };
            self.with_immediate(operation, variable, immediate)?;
        } else {
            self.with_operands(operation, &mut first, &mut second)?;
        }
        self.push_accumulator(result)
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

    fn with_operands(
        &mut self,
        operation: Operation,
        first: &mut Entry,
        second: &mut Entry,
    ) -> Result<(), Failure> {
        let commutes = commutes(operation);
        // Whether the second operand may be the one in the accumulator.
        let second_form = if operation.has(Form::Ra) {
            Some(Form::Ra)
        } else if commutes && operation.has(Form::Ar) {
            Some(Form::Ar)
        } else {
            None
        };
        // A constant too large for an immediate goes to the accumulator if it
        // can be used there.
        if matches!(second.place, Place::Constant(_)) {
            let cell = self.place_in_cells([first])?;
            if let Some(form) = second_form {
                self.place_in_accumulator(second)?;
                return self.produce(operation, form, &cell);
            }
        } else if matches!(first.place, Place::Constant(_)) {
            let cell = self.place_in_cells([second])?;
            if operation.has(Form::Ar) {
                self.place_in_accumulator(first)?;
                return self.produce(operation, Form::Ar, &cell);
            }
        }
        // Loading a constant to a cell overwrites the accumulator.
        let constant = |entry: &Entry| matches!(entry.place, Place::Constant(_));
        if self.in_accumulator(first) && operation.has(Form::Ar) && !constant(second) {
            let cell = self.place_in_cell(second)?;
            return self.produce(operation, Form::Ar, &[cell]);
        }
        if self.in_accumulator(second)
            && let Some(form) = second_form
            && !constant(first)
        {
            let cell = self.place_in_cell(first)?;
            return self.produce(operation, form, &[cell]);
        }
        let cells = self.place_in_cells([first, second])?;
        self.produce(operation, Form::Rr, &cells)
    }

    /// One operand, one result.
    fn unary(&mut self, operation: Operation, result: ValueType) -> Result<(), Failure> {
        let entry = self.pop()?;
        if traps(operation) {
            self.site()?;
        }
        if operation == Operation::I32Eqz
            && entry.place == Place::Accumulator
            && self.invert_comparison()?
        {
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

    fn reinterpret(&mut self, result: ValueType) -> Result<(), Failure> {
        let entry = self.pop()?;
        self.push(result, entry.place)
    }

    /// As `place_in_accumulator`, when an entry deeper in the stack may be there.
    pub(super) fn place_in_vacated_accumulator(&mut self, entry: &Entry) -> Result<(), Failure> {
        self.vacate()?;
        self.place_in_accumulator(entry)
    }

    fn select(&mut self) -> Result<(), Failure> {
        let mut condition = self.pop()?;
        let mut second = self.pop()?;
        let mut first = self.pop()?;
        self.vacate()?;
        let constants =
            matches!(first.place, Place::Constant(_)) || matches!(second.place, Place::Constant(_));
        if constants && condition.place == Place::Accumulator {
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

    fn global_set(&mut self, m: &Declarations, index: u32) -> Result<(), Failure> {
        let entry = self.pop()?;
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

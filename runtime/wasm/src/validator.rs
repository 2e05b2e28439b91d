//! The validation of instructions (section 3.3), one at a time.

use alloc::vec::Vec;

use crate::declarations::Declarations;
use crate::fallible::TryVec;
use crate::fault::{self, Fault};
use crate::instruction::{Immediate, Instruction};
use crate::limits::Limits;
use crate::opcode::{ImmediateKind, Opcode};
use crate::reference::{global, indexes_exist, is_constant, table};
use crate::stack::{FrameKind, Operand, Stack, params, results};
use crate::types::{BlockType, FunctionType, ValueType};

/// Validates one function body or constant expression after another.
#[derive(Debug)]
pub(crate) struct Validator<'a> {
    pub(crate) limits: &'a Limits,
    stack: Stack,
    /// Index of the first local that is no longer of the type, for each group
    /// of locals of one type, parameters included.
    locals: Vec<(u32, ValueType)>,
    /// How many locals all functions have had so far.
    module_locals: u32,
    /// Whether only the operators of constant expressions are allowed.
    constant: bool,
}

impl<'a> Validator<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            stack: Stack::default(),
            locals: Vec::new(),
            module_locals: 0,
            constant: false,
        }
    }

    /// Begins a constant expression with this result.
    pub(crate) fn start_constant(&mut self, result: ValueType) -> Result<(), Fault> {
        self.constant = true;
        self.stack.reset(BlockType::Value(result))
    }

    /// Begins the body of a function; its locals follow.
    pub(crate) fn start_function(
        &mut self,
        m: &Declarations,
        type_index: u32,
    ) -> Result<(), Fault> {
        self.constant = false;
        self.locals.clear();
        let function_type = m.function_type(type_index).ok_or(fault::UNKNOWN_TYPE)?;
        for &param in function_type.params {
            self.add_locals(1, param)?;
        }
        self.stack.reset(BlockType::Function(type_index))
    }

    /// Adds `count` locals of one type.
    pub(crate) fn add_locals(&mut self, count: u32, value_type: ValueType) -> Result<(), Fault> {
        let last = self.locals.last_mut();
        let start = last.as_ref().map_or(0, |group| group.0);
        let end = start.checked_add(count).ok_or(fault::TOO_MANY_LOCALS)?;
        self.module_locals = self.module_locals.saturating_add(count);
        if end > self.limits.locals || self.module_locals > self.limits.module_locals {
            return Err(fault::LIMIT_LOCALS);
        }
        match last {
            Some(group) if group.1 == value_type => group.0 = end,
            _ if count == 0 => {}
            _ => self.locals.try_push((end, value_type))?,
        }
        Ok(())
    }

    /// Whether the body or expression has had its final `end`.
    pub(crate) fn is_finished(&self) -> bool {
        self.stack.is_finished()
    }

    #[inline(never)]
    fn local(&self, index: u32) -> Result<ValueType, Fault> {
        let group = self.locals.partition_point(|&(end, _)| end <= index);
        let (_, value_type) = self.locals.get(group).ok_or(fault::UNKNOWN_LOCAL)?;
        Ok(*value_type)
    }

    fn push(&mut self, value_type: ValueType) -> Result<(), Fault> {
        self.stack.push(Operand::of(value_type), self.limits)
    }

    /// Validates an instruction, whose opcode is this one and whose immediate of this kind.
    /// `br_table` is only begun: its labels follow.
    #[inline(always)]
    pub(crate) fn instruction(
        &mut self,
        m: &mut Declarations,
        opcode: Opcode,
        kind: ImmediateKind,
        instruction: &Instruction,
    ) -> Result<(), Fault> {
        if self.constant && !is_constant(m, instruction)? {
            return Err(fault::NOT_CONSTANT);
        }
        if kind.is_index() {
            indexes_exist(m, kind, &instruction.immediate)?;
        }
        match opcode.signature() {
            Some(signature) => self.stack.apply(signature, self.limits),
            None => self.special(m, instruction),
        }
    }

    /// Validates an operator on a local.
    #[inline(always)]
    pub(crate) fn local_operator(&mut self, opcode: Opcode, index: u32) -> Result<(), Fault> {
        if self.constant {
            return Err(fault::NOT_CONSTANT);
        }
        let value_type = match self.locals.first() {
            Some(&(end, value_type)) if index < end => value_type,
            _ => self.local(index)?,
        };
        let operand = Operand::of(value_type);
        match opcode {
            Opcode::LocalGet => self.stack.push_inlined(operand, self.limits),
            Opcode::LocalSet => self.stack.pop_inlined(operand),
            _ => self.stack.peek_inlined(operand, self.limits),
        }
    }

    /// Operators whose signature depends on the immediate or on the stack.
    #[inline(never)]
    fn special(&mut self, m: &mut Declarations, instruction: &Instruction) -> Result<(), Fault> {
        let &Instruction { opcode, immediate } = instruction;
        match immediate {
            Immediate::None | Immediate::Type(_) => self.parametric(m, instruction),
            Immediate::Block(block_type) => self.block(m, opcode, block_type),
            Immediate::Index(index) => self.indexed(m, opcode, index),
            Immediate::Pair(type_index, table) => self.call_indirect(m, opcode, type_index, table),
            Immediate::Table { count } if count > self.limits.branch_targets => {
                Err(fault::LIMIT_BRANCH_TARGETS)
            }
            // Only `br_table` is left.
            _ => self.stack.pop(ValueType::I32),
        }
    }

    /// Operators without an index: the stack decides, or a type.
    fn parametric(&mut self, m: &Declarations, instruction: &Instruction) -> Result<(), Fault> {
        match (instruction.opcode, instruction.immediate) {
            (Opcode::Unreachable, _) => self.stack.unreachable(),
            (Opcode::Else, _) => {
                let frame = self.stack.close(m)?;
                if frame.kind != FrameKind::If {
                    return Err(fault::END_EXPECTED);
                }
                let kind = FrameKind::Block;
                self.stack.open(m, kind, frame.block_type, self.limits)?;
            }
            (Opcode::End, _) => {
                let frame = self.stack.close(m)?;
                let results = results(m, frame.block_type);
                // Without `else`, the parameters are the results.
                if frame.kind == FrameKind::If && params(m, frame.block_type) != results {
                    return Err(fault::TYPE_MISMATCH);
                }
                if !self.stack.is_finished() {
                    self.stack.push_all(results, self.limits)?;
                }
            }
            (Opcode::Return, _) => {
                let frame = self.stack.outermost()?;
                self.stack.pop_all(frame.label_types(m))?;
                self.stack.unreachable();
            }
            (Opcode::Drop, _) => {
                self.stack.pop_any()?;
            }
            (Opcode::Select, _) => {
                self.stack.pop(ValueType::I32)?;
                let second = self.stack.pop_any()?;
                let first = self.stack.pop_any()?;
                let result = if first == Operand::ANY { second } else { first };
                let differ = second != Operand::ANY && second != result;
                if differ || result.is_reference() {
                    return Err(fault::TYPE_MISMATCH);
                }
                self.stack.push(result, self.limits)?;
            }
            (Opcode::SelectTyped, Immediate::Type(value_type)) => {
                self.stack.pop(ValueType::I32)?;
                self.stack.pop(value_type)?;
                self.stack.pop(value_type)?;
                self.push(value_type)?;
            }
            (Opcode::RefNull, Immediate::Type(value_type)) => self.push(value_type)?,
            (Opcode::RefIsNull, _) => {
                let operand = self.stack.pop_any()?;
                if operand != Operand::ANY && !operand.is_reference() {
                    return Err(fault::TYPE_MISMATCH);
                }
                self.push(ValueType::I32)?;
            }
            _ => return Err(fault::OPCODE),
        }
        Ok(())
    }

    fn block(
        &mut self,
        m: &Declarations,
        opcode: Opcode,
        block_type: BlockType,
    ) -> Result<(), Fault> {
        if let BlockType::Function(index) = block_type
            && index >= m.type_count()
        {
            return Err(fault::UNKNOWN_TYPE);
        }
        let kind = match opcode {
            Opcode::Loop => FrameKind::Loop,
            Opcode::If => {
                self.stack.pop(ValueType::I32)?;
                FrameKind::If
            }
            _ => FrameKind::Block,
        };
        self.stack.pop_all(params(m, block_type))?;
        self.stack.open(m, kind, block_type, self.limits)
    }

    /// Operators whose types depend on one index.
    fn indexed(&mut self, m: &mut Declarations, opcode: Opcode, index: u32) -> Result<(), Fault> {
        match opcode {
            Opcode::Br | Opcode::BrIf => {
                let types = self.stack.label(index)?.label_types(m);
                if opcode == Opcode::BrIf {
                    self.stack.pop(ValueType::I32)?;
                    self.stack.pop_all(types)?;
                    self.stack.push_all(types, self.limits)?;
                } else {
                    self.stack.pop_all(types)?;
                    self.stack.unreachable();
                }
            }
            Opcode::Call | Opcode::ReturnCall => {
                let called = m
                    .type_of_function(index)
                    .and_then(|type_index| m.function_type(type_index))
                    .ok_or(fault::UNKNOWN_FUNCTION)?;
                self.call(m, called, opcode == Opcode::ReturnCall)?;
            }
            Opcode::RefFunc => {
                if index >= m.function_count() {
                    return Err(fault::UNKNOWN_FUNCTION);
                }
                if self.constant {
                    m.set_referable(index)?;
                } else if !m.is_referable(index) {
                    return Err(fault::UNDECLARED);
                }
                self.push(ValueType::FuncRef)?;
            }
            Opcode::GlobalGet => self.push(global(m, index)?.value_type)?,
            Opcode::GlobalSet => {
                let global = global(m, index)?;
                if !global.mutable {
                    return Err(fault::IMMUTABLE);
                }
                self.stack.pop(global.value_type)?;
            }
            Opcode::TableGet => {
                let element = table(m, index)?.element;
                self.stack.pop(ValueType::I32)?;
                self.push(element)?;
            }
            Opcode::TableSet => {
                self.stack.pop(table(m, index)?.element)?;
                self.stack.pop(ValueType::I32)?;
            }
            Opcode::TableGrow => {
                self.stack.pop(ValueType::I32)?;
                self.stack.pop(table(m, index)?.element)?;
                self.push(ValueType::I32)?;
            }
            Opcode::TableFill => {
                self.stack.pop(ValueType::I32)?;
                self.stack.pop(table(m, index)?.element)?;
                self.stack.pop(ValueType::I32)?;
            }
            _ => return Err(fault::OPCODE),
        }
        Ok(())
    }

    fn call_indirect(
        &mut self,
        m: &Declarations,
        opcode: Opcode,
        type_index: u32,
        table_index: u32,
    ) -> Result<(), Fault> {
        if table(m, table_index)?.element != ValueType::FuncRef {
            return Err(fault::TYPE_MISMATCH);
        }
        let called = m.function_type(type_index).ok_or(fault::UNKNOWN_TYPE)?;
        self.stack.pop(ValueType::I32)?;
        self.call(m, called, opcode == Opcode::ReturnCallIndirect)
    }

    fn call(
        &mut self,
        m: &Declarations,
        called: FunctionType<'_>,
        tail: bool,
    ) -> Result<(), Fault> {
        self.stack.pop_all(called.params)?;
        if !tail {
            return self.stack.push_all(called.results, self.limits);
        }
        if called.results != self.stack.outermost()?.label_types(m) {
            return Err(fault::TYPE_MISMATCH);
        }
        self.stack.unreachable();
        Ok(())
    }

    /// Validates a label of `br_table`, and returns how many operands it takes:
    /// the same number for all labels of a table.
    pub(crate) fn branch_target(&mut self, m: &Declarations, label: u32) -> Result<usize, Fault> {
        let types = self.stack.label(label)?.label_types(m);
        self.stack.peek_all(types)?;
        Ok(types.len())
    }

    /// Ends a `br_table`.
    pub(crate) fn branch_table_end(&mut self) {
        self.stack.unreachable();
    }
}

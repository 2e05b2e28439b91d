//! Function bodies and their instructions (sections 5.4 and 5.5.13).

use super::Decoder;
use crate::fault::{self, Fault};
use crate::instruction::Immediate;
use crate::opcode::{ImmediateKind, Opcode};
use crate::visitor::Visitor;

impl<V: Visitor + ?Sized> Decoder<'_, V> {
    pub(super) fn code_section(&mut self) -> Result<(), Fault> {
        let first = self.m.imported_function_count();
        let end = self.m.function_count();
        if self.reader.u32()? != end - first {
            return Err(fault::CODE_COUNT);
        }
        (first..end).try_for_each(|function| self.body(function))
    }

    fn body(&mut self, function: u32) -> Result<(), Fault> {
        let size = self.reader.u32()?;
        if size > self.limits.function_size {
            return Err(fault::LIMIT_FUNCTION_SIZE);
        }
        let outer = self.reader.enter(size)?;
        let offset = self.reader.offset();
        self.visitor
            .function_start(&self.m, function, offset, size)?;
        let type_index = self
            .m
            .type_of_function(function)
            .ok_or(fault::UNKNOWN_FUNCTION)?;
        self.validator.start_function(&self.m, type_index)?;
        for _ in 0..self.reader.u32()? {
            let start = self.reader.offset();
            let count = self.reader.u32()?;
            let value_type = self.reader.value_type()?;
            self.reader.mark(start);
            self.validator.add_locals(count, value_type)?;
            self.visitor.locals(&self.m, count, value_type)?;
        }
        while !self.validator.is_finished() {
            // At the end of the section the end of that is the first fault.
            if self.reader.at_limit() && self.reader.offset() != outer {
                self.reader.mark_here();
                return Err(fault::END_EXPECTED);
            }
            self.instruction()?;
        }
        self.visitor.function_end(&self.m, function)?;
        self.reader.leave(outer, fault::SECTION_SIZE)
    }

    /// Decodes, validates and reports one instruction.
    pub(super) fn instruction(&mut self) -> Result<(), Fault> {
        let offset = self.reader.offset();
        self.validated_instruction(offset)?;
        self.visitor.operator(&self.m, offset, &self.instruction)?;
        match self.instruction.immediate {
            Immediate::Table { count } => self.branch_targets(count),
            _ => Ok(()),
        }
    }

    /// Decodes and validates one instruction, which is at this offset, and leaves it
    /// in `instruction`.
    #[inline(always)]
    fn validated_instruction(&mut self, offset: u64) -> Result<(), Fault> {
        let byte = self.reader.byte()?;
        let opcode = match Opcode::decode(0, byte.into()) {
            None if Opcode::is_prefix(byte) => {
                let code = self.reader.u32()?;
                self.reader.mark(offset);
                Opcode::decode(byte, code)
            }
            opcode => opcode,
        };
        let opcode = opcode.ok_or(fault::OPCODE)?;
        self.instruction.opcode = opcode;
        let kind = opcode.immediate();
        match kind {
            ImmediateKind::None => self.instruction.immediate = Immediate::None,
            // Most instructions that have an immediate have this one.
            ImmediateKind::Local => {
                self.instruction.immediate = Immediate::Index(self.reader.u32_inlined()?);
            }
            _ => self
                .reader
                .immediate(kind, &mut self.instruction.immediate)?,
        }
        self.reader.mark(offset);
        self.validator
            .instruction(&mut self.m, kind, &self.instruction)
    }

    /// As [`instruction`](Self::instruction), but does not report it.
    #[inline(never)]
    pub(super) fn unreported_instruction(&mut self) -> Result<(), Fault> {
        self.validated_instruction(self.reader.offset())
    }

    /// The labels of a `br_table`, the default last. They must take the same
    /// number of operands; the first stands for all.
    fn branch_targets(&mut self, count: u32) -> Result<(), Fault> {
        let mut arity = None;
        for _ in 0..=count {
            let label = self.reader.u32()?;
            let taken = self.validator.branch_target(&self.m, label)?;
            if *arity.get_or_insert(taken) != taken {
                return Err(fault::TYPE_MISMATCH);
            }
            self.visitor.branch_target(&self.m, label)?;
        }
        self.validator.branch_table_end();
        Ok(())
    }
}

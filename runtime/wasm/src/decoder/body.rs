//! Function bodies and their instructions (sections 5.4 and 5.5.13).

use super::Decoder;
use crate::fault::{self, Fault};
use crate::instruction::Immediate;
use crate::opcode::{ImmediateKind, Opcode};
use crate::visitor::Visitor;

impl<V: Visitor + ?Sized> Decoder<'_, V> {
    #[inline(never)]
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
            .function_start(self.m, function, offset, size)?;
        let type_index = self
            .m
            .type_of_function(function)
            .ok_or(fault::UNKNOWN_FUNCTION)?;
        self.validator.start_function(self.m, type_index)?;
        for _ in 0..self.reader.u32()? {
            let start = self.reader.offset();
            let count = self.reader.u32()?;
            let value_type = self.reader.value_type()?;
            self.reader.mark(start);
            self.validator.add_locals(count, value_type)?;
            self.visitor.locals(self.m, count, value_type)?;
        }
        self.instructions(true)?;
        if !self.validator.is_finished() {
            // At the end of the section the end of that is the first fault.
            return Err(if self.reader.offset() == outer {
                fault::END_OF_SECTION
            } else {
                fault::END_EXPECTED
            });
        }
        self.visitor.function_end(self.m, function)?;
        self.reader.leave(outer, fault::SECTION_SIZE)
    }

    /// Decodes and validates instructions up to the final `end`, or to the end of the
    /// section or body, and reports them; or one only, without reporting it. The last one is
    /// left in `instruction`.
    ///
    /// Everything that happens for each instruction of a module happens in this loop.
    #[inline(never)]
    pub(super) fn instructions(&mut self, reported: bool) -> Result<(), Fault> {
        loop {
            let offset = self.reader.offset();
            let byte = match self.reader.byte_in_window() {
                Some(byte) => byte,
                None if self.reader.at_limit() => {
                    self.reader.mark_here();
                    return Ok(());
                }
                None => self.reader.byte_behind_window()?,
            };
            let opcode = match Opcode::decode(0, byte.into()) {
                Some(opcode) => opcode,
                None => self.long_opcode(byte, offset)?,
            };
            let kind = opcode.immediate();
            if kind == ImmediateKind::Local {
                // The most frequent by far.
                let index = self.reader.u32_of_instruction(offset)?;
                self.validator.local_operator(opcode, index)?;
                self.visitor.local_operator(self.m, offset, opcode, index)?;
                continue;
            }
            self.instruction.opcode = opcode;
            if kind == ImmediateKind::None {
                self.instruction.immediate = Immediate::None;
            } else if kind == ImmediateKind::I32
                && let Some(number) = self.reader.short_i32()
            {
                self.instruction.immediate = Immediate::I32(number);
            } else {
                self.reader
                    .immediate(kind, &mut self.instruction.immediate)?;
                self.reader.mark(offset);
            }
            self.validator
                .instruction(self.m, opcode, kind, &self.instruction)?;
            if !reported {
                return Ok(());
            }
            self.visitor.operator(self.m, offset, &self.instruction)?;
            if let Immediate::Table { count } = self.instruction.immediate {
                self.branch_targets(count)?;
            }
            if self.validator.is_finished() {
                return Ok(());
            }
        }
    }

    /// The operator that begins with a byte which is none alone.
    #[cold]
    #[inline(never)]
    fn long_opcode(&mut self, byte: u8, offset: u64) -> Result<Opcode, Fault> {
        if !Opcode::is_prefix(byte) {
            return Err(fault::OPCODE);
        }
        let code = self.reader.u32()?;
        self.reader.mark(offset);
        Opcode::decode(byte, code).ok_or(fault::OPCODE)
    }

    /// The labels of a `br_table`, the default last. They must take the same
    /// number of operands; the first stands for all.
    #[inline(never)]
    fn branch_targets(&mut self, count: u32) -> Result<(), Fault> {
        let mut arity = None;
        for _ in 0..=count {
            let label = self.reader.u32()?;
            let taken = self.validator.branch_target(self.m, label)?;
            if *arity.get_or_insert(taken) != taken {
                return Err(fault::TYPE_MISMATCH);
            }
            self.visitor.branch_target(self.m, label)?;
        }
        self.validator.branch_table_end();
        Ok(())
    }
}

//! Globals, element segments, data segments and their constant expressions
//! (sections 5.5.9, 5.5.12, 5.5.14).

use super::Decoder;
use crate::fault::{self, Fault};
use crate::instruction::Immediate;
use crate::opcode::Opcode;
use crate::types::{ElementItem, ExpressionKind, SegmentMode, ValueType};
use crate::visitor::Visitor;

/// Flag of an element segment: passive or declared, not active.
const NOT_ACTIVE: u32 = 1;

/// Flag of an element segment: if active, a table index is given; if not, the
/// segment is declared.
const EXPLICIT_OR_DECLARED: u32 = 2;

/// Flag of an element segment: the items are expressions, not function indexes.
const EXPRESSIONS: u32 = 4;

/// The byte for "function references" where items are function indexes.
const KIND_FUNCTION: u8 = 0;

impl<V: Visitor + ?Sized> Decoder<'_, V> {
    pub(super) fn global(&mut self, _index: u32) -> Result<(), Fault> {
        let global = self.reader.global_type()?;
        #[allow(clippy::cast_possible_truncation, reason = "the limit is 32 bits")]
        let index = self.m.globals().len() as u32;
        self.expression(ExpressionKind::Global(index), global.value_type)?;
        self.declare_global(global)
    }

    /// A constant expression, reported to the visitor.
    #[inline(never)]
    fn expression(&mut self, kind: ExpressionKind, result: ValueType) -> Result<(), Fault> {
        self.visitor.expression_start(self.m, kind, result)?;
        self.validator.start_constant(result)?;
        self.instructions(true)?;
        if !self.validator.is_finished() {
            return Err(fault::END_OF_SECTION);
        }
        self.visitor.expression_end(self.m, kind)
    }

    pub(super) fn element_segment(&mut self, index: u32) -> Result<(), Fault> {
        let start = self.reader.offset();
        let flags = self.reader.u32()?;
        if flags > NOT_ACTIVE | EXPLICIT_OR_DECLARED | EXPRESSIONS {
            return Err(fault::ELEMENT_FLAGS);
        }
        let mode = match (flags & NOT_ACTIVE, flags & EXPLICIT_OR_DECLARED) {
            (0, 0) => SegmentMode::Active { index: 0 },
            (0, _) => SegmentMode::Active {
                index: self.reader.u32()?,
            },
            (_, 0) => SegmentMode::Passive,
            _ => SegmentMode::Declared,
        };
        let mut table_element = None;
        if let SegmentMode::Active { index: table } = mode {
            let table = self.m.tables().get(table as usize);
            table_element = Some(table.ok_or(fault::UNKNOWN_TABLE)?.element);
        }
        self.visitor.element_segment(self.m, index, mode)?;
        if table_element.is_some() {
            self.expression(ExpressionKind::ElementOffset(index), ValueType::I32)?;
        }
        let element = self.element_kind(flags)?;
        if table_element.is_some_and(|table_element| table_element != element) {
            self.reader.mark(start);
            return Err(fault::TYPE_MISMATCH);
        }
        let count = self.reader.u32()?;
        if count > self.limits.elements {
            return Err(fault::LIMIT_ELEMENTS);
        }
        self.m.push_element(element)?;
        self.visitor.element_items(self.m, index, element, count)?;
        for _ in 0..count {
            let item = if flags & EXPRESSIONS == 0 {
                self.function_item()?
            } else {
                self.expression_item(element)?
            };
            self.visitor.element_item(self.m, item)?;
        }
        Ok(())
    }

    /// The type of a segment's items, which is given unless neither table nor
    /// mode is.
    fn element_kind(&mut self, flags: u32) -> Result<ValueType, Fault> {
        if flags & (NOT_ACTIVE | EXPLICIT_OR_DECLARED) == 0 {
            return Ok(ValueType::FuncRef);
        }
        if flags & EXPRESSIONS != 0 {
            return self.reader.reference_type();
        }
        match self.reader.byte()? {
            KIND_FUNCTION => Ok(ValueType::FuncRef),
            _ => Err(fault::ELEMENT_KIND),
        }
    }

    fn function_item(&mut self) -> Result<ElementItem, Fault> {
        let function = self.reader.u32()?;
        if function >= self.m.function_count() {
            return Err(fault::UNKNOWN_FUNCTION);
        }
        self.m.set_referable(function)?;
        Ok(ElementItem::Function(function))
    }

    /// An item given as a constant expression: one operator that yields a
    /// reference, and the end.
    fn expression_item(&mut self, element: ValueType) -> Result<ElementItem, Fault> {
        let start = self.reader.offset();
        self.validator.start_constant(element)?;
        let mut item = ElementItem::Null;
        while !self.validator.is_finished() {
            if self.reader.at_limit() {
                self.reader.mark_here();
                return Err(fault::END_OF_SECTION);
            }
            self.instructions(false)?;
            match (self.instruction.opcode, self.instruction.immediate) {
                (Opcode::RefFunc, Immediate::Index(function)) => {
                    item = ElementItem::Function(function);
                }
                (Opcode::GlobalGet, Immediate::Index(global)) => item = ElementItem::Global(global),
                _ => {}
            }
        }
        self.reader.mark(start);
        Ok(item)
    }

    #[inline(never)]
    pub(super) fn data_section(&mut self) -> Result<(), Fault> {
        let mark = self.reader.offset();
        let count = self.reader.u32()?;
        if count > self.limits.data_segments {
            return Err(fault::LIMIT_DATA_SEGMENTS);
        }
        if self
            .m
            .data_count()
            .is_some_and(|expected| expected != count)
        {
            self.reader.mark(mark);
            return Err(fault::DATA_COUNT);
        }
        (0..count).try_for_each(|index| self.data_segment(index))
    }

    fn data_segment(&mut self, index: u32) -> Result<(), Fault> {
        let mode = match self.reader.u32()? {
            0 => SegmentMode::Active { index: 0 },
            1 => SegmentMode::Passive,
            2 => SegmentMode::Active {
                index: self.reader.u32()?,
            },
            _ => return Err(fault::DATA_FLAGS),
        };
        if let SegmentMode::Active { index: memory } = mode
            && memory as usize >= self.m.memories().len()
        {
            return Err(fault::UNKNOWN_MEMORY);
        }
        self.visitor.data_segment(self.m, index, mode)?;
        if matches!(mode, SegmentMode::Active { .. }) {
            self.expression(ExpressionKind::DataOffset(index), ValueType::I32)?;
        }
        let mut length = self.reader.u32()?;
        if u64::from(length) > self.reader.remaining() {
            return Err(fault::END_OF_SECTION);
        }
        self.visitor.data_length(self.m, index, length)?;
        while length != 0 {
            let piece = self.reader.piece(length)?;
            length -= crate::reader::piece_length(piece);
            self.visitor.data_bytes(self.m, piece)?;
        }
        Ok(())
    }
}

//! The parts of a module that are not code, and the order of it all.

use alloc::vec::Vec;

use thimble_wasm::fallible::{OutOfMemory, TryVec};
use thimble_wasm::{
    Declarations, ElementItem, Error, ErrorKind, ExpressionKind, ExternalKind, Failure,
    FunctionType, ImportType, Instruction, Limits, Opcode, SegmentMode, Source, ValueType, Visitor,
};

use super::function::{Function, broken, too_large, too_many, unit};
use super::stack::size;
use super::tables::{canonical_types, global_bytes, memory_record, table_record};
use crate::image::{EXPRESSION_TYPE, FunctionRecord, Header, Item, NONE, Sink, Writer};
use crate::operation::CELL;

/// What the translator puts into an image.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Where operations that trap or call stand in the module, for backtraces:
    /// about 2 bytes each.
    pub sites: bool,
    /// Names of functions, for backtraces.
    pub names: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            sites: true,
            names: true,
        }
    }
}

/// Validates a module and writes its image to `sink`.
///
/// Returns the image's header.
///
/// # Errors
/// What is wrong with the module, or the failure of source, sink or allocator;
/// what was written to the sink until then is no image.
pub fn translate(
    source: &mut dyn Source,
    limits: &Limits,
    config: Config,
    sink: &mut dyn Sink,
) -> Result<Header, Error> {
    let mut header = Header::empty();
    translate_into(source, limits, config, sink, Some(&mut header))?;
    Ok(header)
}

/// As [`translate`], for a caller that need not have the header: native stack is scarce
/// below.
///
/// # Errors
/// As for [`translate`].
pub fn translate_into(
    source: &mut dyn Source,
    limits: &Limits,
    config: Config,
    sink: &mut dyn Sink,
    header: Option<&mut Header>,
) -> Result<(), Error> {
    let mut translator = Vec::new();
    if Translator::one(sink, config, &mut translator).is_err() {
        return Err(Error::out_of_memory());
    }
    let [translator] = translator.as_mut_slice() else {
        return Err(Error::out_of_memory());
    };
    thimble_wasm::decode(source, limits, translator)?;
    if let Some(header) = header {
        *header = translator.header;
    }
    Ok(())
}

/// A segment of either kind, as it will be recorded.
#[derive(Clone, Copy, Default)]
pub(super) struct Segment {
    pub mode: u8,
    pub element: u8,
    pub index: u32,
    pub offset: u32,
    pub start: u32,
    pub length: u32,
}

pub(super) struct Translator<'a> {
    pub writer: Writer<'a>,
    pub config: Config,
    pub header: Header,
    /// One, as soon as there is a body or what it needs.
    pub function: Vec<Function>,
    /// Records of the functions that were translated.
    pub records: Vec<FunctionRecord>,
    /// Records of constant expressions; they follow the functions.
    pub expressions: Vec<FunctionRecord>,
    pub imports: Vec<u8>,
    pub exports: Vec<u8>,
    /// Of each global that the module defines: the expression of its value.
    pub globals: Vec<u32>,
    pub elements: Vec<Segment>,
    pub data: Vec<Segment>,
    /// Where the names begin and end, once there are any.
    pub names: (u32, u32),
}

fn put_name(bytes: &mut Vec<u8>, name: &str) -> Result<(), Failure> {
    let length = u32::try_from(name.len()).map_err(|_| too_many())?;
    bytes.try_extend(&length.to_le_bytes())?;
    Ok(bytes.try_extend(name.as_bytes())?)
}

impl<'a> Translator<'a> {
    /// Puts one into a vector: on the heap, since native stack is scarcer. (A box whose
    /// allocation can fail would need unsafe code.)
    #[inline(never)]
    fn one(
        sink: &'a mut dyn Sink,
        config: Config,
        place: &mut Vec<Self>,
    ) -> Result<(), OutOfMemory> {
        place.try_push_only(Self {
            writer: Writer::new(sink),
            config,
            header: Header::empty(),
            function: Vec::new(),
            records: Vec::new(),
            expressions: Vec::new(),
            imports: Vec::new(),
            exports: Vec::new(),
            globals: Vec::new(),
            elements: Vec::new(),
            data: Vec::new(),
            names: (0, 0),
        })
    }

    pub(super) fn types(&mut self, m: &Declarations) -> Result<(), Failure> {
        if self.function.is_empty() {
            self.function
                .try_reserve_exact(1)
                .map_err(|_| OutOfMemory)?;
            Function::one(self.config, &mut self.function)?;
        }
        let canonical = &mut self.function()?.canonical_types;
        if canonical.len() < m.type_count() as usize {
            canonical_types(m, canonical)?;
        }
        Ok(())
    }

    /// The body that is being translated.
    #[inline(always)]
    fn function(&mut self) -> Result<&mut Function, Failure> {
        self.function.first_mut().ok_or_else(broken)
    }

    pub(super) fn canonical(&self, type_index: u32) -> Result<u32, Failure> {
        let function = self.function.first().ok_or_else(broken)?;
        let canonical = function.canonical_types.get(type_index as usize);
        canonical.map(|&index| u32::from(index)).ok_or_else(broken)
    }

    /// Ends the body and returns its record.
    fn end_body(&mut self, type_index: u32) -> Result<FunctionRecord, Failure> {
        let function = self.function.first_mut().ok_or_else(broken)?;
        let map_bytes = function.end(&mut self.writer)?;
        let units = function.position();
        let total = self.header.code_units.checked_add(units);
        self.header.code_units = total.ok_or_else(too_large)?;
        Ok(FunctionRecord {
            code: self.writer.position() - units * 2,
            units,
            type_index,
            map_bytes,
        })
    }

    fn segment(&mut self, element: bool) -> Result<&mut Segment, Failure> {
        let segments = if element {
            &mut self.elements
        } else {
            &mut self.data
        };
        segments.last_mut().ok_or_else(broken)
    }

    fn add_segment(&mut self, element: bool, mode: SegmentMode) -> Result<(), Failure> {
        let (mode, index) = match mode {
            SegmentMode::Active { index } => (0, index),
            SegmentMode::Passive => (1, 0),
            SegmentMode::Declared => (2, 0),
        };
        let segments = if element {
            &mut self.elements
        } else {
            &mut self.data
        };
        Ok(segments.try_push(Segment {
            mode,
            index,
            offset: NONE,
            ..Segment::default()
        })?)
    }
}

impl Visitor for Translator<'_> {
    fn import(
        &mut self,
        _m: &Declarations,
        module: &str,
        name: &str,
        import: ImportType,
    ) -> Result<(), Failure> {
        let bytes = &mut self.imports;
        match import {
            ImportType::Function(index) => {
                bytes.try_push(ExternalKind::Function as u8)?;
                bytes.try_extend(&index.to_le_bytes())?;
            }
            ImportType::Table(table) => {
                bytes.try_push(ExternalKind::Table as u8)?;
                bytes.try_extend(&table_record(table))?;
            }
            ImportType::Memory(memory) => {
                bytes.try_push(ExternalKind::Memory as u8)?;
                bytes.try_extend(&memory_record(memory))?;
            }
            ImportType::Global(global) => {
                bytes.try_push(ExternalKind::Global as u8)?;
                bytes.try_extend(&global_bytes(global))?;
            }
        }
        put_name(bytes, module)?;
        put_name(bytes, name)
    }

    fn export(
        &mut self,
        _m: &Declarations,
        name: &str,
        kind: ExternalKind,
        index: u32,
    ) -> Result<(), Failure> {
        self.exports.try_push(kind as u8)?;
        self.exports.try_extend(&index.to_le_bytes())?;
        put_name(&mut self.exports, name)
    }

    fn start(&mut self, _m: &Declarations, function: u32) -> Result<(), Failure> {
        self.header.start = Some(function);
        Ok(())
    }

    fn expression_start(
        &mut self,
        m: &Declarations,
        _kind: ExpressionKind,
        result: ValueType,
    ) -> Result<(), Failure> {
        self.types(m)?;
        let signature = FunctionType {
            params: &[],
            results: &[],
        };
        let function = self.function()?;
        function.begin(signature, 0, Some(result))?;
        function.lay_out()
    }

    fn expression_end(&mut self, m: &Declarations, kind: ExpressionKind) -> Result<(), Failure> {
        let result = self.function()?.expression.ok_or_else(broken)?;
        let record = self.end_body(EXPRESSION_TYPE | u32::from(result as u8))?;
        let index = m.function_count() + self.expressions.len() as u32;
        self.expressions.try_push(record)?;
        match kind {
            ExpressionKind::Global(_) => {
                let cell = unit(self.header.global_cells * u32::from(CELL))?;
                let end = cell.checked_add(size(result)).ok_or_else(|| {
                    Failure::new(&(ErrorKind::Limit, "the globals need more than 16,383 cells"))
                })?;
                self.header.global_cells = u32::from(end / CELL);
                self.function()?.global_cells.try_push(cell)?;
                self.globals.try_push(index)?;
            }
            ExpressionKind::ElementOffset(_) => self.segment(true)?.offset = index,
            ExpressionKind::DataOffset(_) => self.segment(false)?.offset = index,
        }
        Ok(())
    }

    fn element_segment(
        &mut self,
        _m: &Declarations,
        _index: u32,
        mode: SegmentMode,
    ) -> Result<(), Failure> {
        self.add_segment(true, mode)
    }

    fn element_items(
        &mut self,
        _m: &Declarations,
        _index: u32,
        element: ValueType,
        count: u32,
    ) -> Result<(), Failure> {
        self.writer.align()?;
        let start = self.writer.position();
        let segment = self.segment(true)?;
        segment.element = element as u8;
        segment.start = start;
        segment.length = count;
        Ok(())
    }

    fn element_item(&mut self, _m: &Declarations, item: ElementItem) -> Result<(), Failure> {
        let item = match item {
            ElementItem::Null => Item::Null,
            ElementItem::Function(index) => Item::Function(index),
            ElementItem::Global(index) => Item::Global(index),
        };
        self.writer.append_u32(item.encode())
    }

    fn data_segment(
        &mut self,
        _m: &Declarations,
        _index: u32,
        mode: SegmentMode,
    ) -> Result<(), Failure> {
        self.add_segment(false, mode)
    }

    fn data_length(&mut self, _m: &Declarations, _index: u32, length: u32) -> Result<(), Failure> {
        let start = self.writer.position();
        let segment = self.segment(false)?;
        segment.start = start;
        segment.length = length;
        Ok(())
    }

    fn data_bytes(&mut self, _m: &Declarations, bytes: &[u8]) -> Result<(), Failure> {
        self.writer.append(bytes)
    }

    fn function_start(
        &mut self,
        m: &Declarations,
        function: u32,
        offset: u64,
        size: u32,
    ) -> Result<(), Failure> {
        // Offsets of operators are kept in 32 bits.
        if offset.saturating_add(size.into()) > u32::MAX.into() {
            return Err(Failure::new(&(
                ErrorKind::Limit,
                "the module exceeds 4 GiB",
            )));
        }
        self.types(m)?;
        self.header.body_bytes = self.header.body_bytes.saturating_add(size);
        let type_index = m.type_of_function(function).ok_or_else(broken)?;
        let signature = m.function_type(type_index).ok_or_else(broken)?;
        let function = self.function()?;
        function.begin(signature, type_index, None)?;
        function.expect(size);
        Ok(())
    }

    fn locals(&mut self, _m: &Declarations, count: u32, ty: ValueType) -> Result<(), Failure> {
        self.function()?.add_locals(count, ty)
    }

    #[inline(always)]
    fn operator(
        &mut self,
        m: &Declarations,
        offset: u64,
        instruction: &Instruction,
    ) -> Result<(), Failure> {
        let function = self.function()?;
        function.offset = offset as u32;
        if function.needs_attention() {
            function.attend()?;
            if function.dead {
                return function.dead_operator(m, instruction.opcode);
            }
        }
        function.operator(m, instruction)
    }

    #[inline(always)]
    fn local_operator(
        &mut self,
        _m: &Declarations,
        offset: u64,
        opcode: Opcode,
        index: u32,
    ) -> Result<(), Failure> {
        let function = self.function()?;
        function.offset = offset as u32;
        if function.needs_attention() {
            function.attend()?;
            if function.dead {
                return Ok(());
            }
        }
        function.local_operator(opcode, index)
    }

    fn branch_target(&mut self, m: &Declarations, label: u32) -> Result<(), Failure> {
        self.function()?.branch_target(m, label)
    }

    fn function_end(&mut self, m: &Declarations, _function: u32) -> Result<(), Failure> {
        let _ = m;
        let type_index = self.function()?.type_index;
        let type_index = self.canonical(type_index)?;
        let record = self.end_body(type_index)?;
        Ok(self.records.try_push(record)?)
    }

    fn function_name(
        &mut self,
        _m: &Declarations,
        function: u32,
        name: &str,
    ) -> Result<(), Failure> {
        if !self.config.names {
            return Ok(());
        }
        let (start, end) = self.names;
        let writer = &mut self.writer;
        let position = writer.position();
        // A module has one section of names; what follows another section is ignored.
        if end != 0 && end != position {
            return Ok(());
        }
        let start = if end == 0 { position } else { start };
        writer.append_u32(function)?;
        let length = u32::try_from(name.len()).map_err(|_| too_many())?;
        writer.append_u32(length)?;
        writer.append(name.as_bytes())?;
        self.names = (start, self.writer.position());
        Ok(())
    }

    fn module_end(&mut self, m: &Declarations) -> Result<(), Failure> {
        self.finish(m)
    }
}

//! The parts of a module that are not code, and the order of it all.

use alloc::vec::Vec;

use thimble_wasm::fallible::TryVec;
use thimble_wasm::{
    Declarations, ElementItem, Error, ErrorKind, ExpressionKind, ExternalKind, Failure,
    FunctionType, GlobalType, Immediate, ImportType, Instruction, Limits, MemoryType, Opcode,
    SegmentMode, Source, TableType, ValueType, Visitor,
};

use super::function::{Function, broken, too_large, too_many, unit};
use super::stack::cells;
use crate::image::{
    EXPRESSION_TYPE, Features, FunctionRecord, Header, Item, NONE, Section, Sink, Writer,
};

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
    let mut translator = Translator {
        writer: None,
        sink: Some(sink),
        config,
        header: Header::empty(),
        function: Function {
            sites_wanted: config.sites,
            ..Function::default()
        },
        records: Vec::new(),
        expressions: Vec::new(),
        imports: Vec::new(),
        exports: Vec::new(),
        globals: Vec::new(),
        elements: Vec::new(),
        data: Vec::new(),
        names: (0, 0),
    };
    thimble_wasm::decode(source, limits, &mut translator)?;
    Ok(translator.header)
}

/// A segment of either kind, as it will be recorded.
#[derive(Clone, Copy, Default)]
struct Segment {
    mode: u8,
    element: u8,
    index: u32,
    offset: u32,
    start: u32,
    length: u32,
}

struct Translator<'a> {
    sink: Option<&'a mut dyn Sink>,
    writer: Option<Writer<'a>>,
    config: Config,
    header: Header,
    function: Function,
    /// Records of the functions that were translated.
    records: Vec<FunctionRecord>,
    /// Records of constant expressions; they follow the functions.
    expressions: Vec<FunctionRecord>,
    imports: Vec<u8>,
    exports: Vec<u8>,
    /// Of each global that the module defines: the expression of its value.
    globals: Vec<u32>,
    elements: Vec<Segment>,
    data: Vec<Segment>,
    /// Where the names begin and end, once there are any.
    names: (u32, u32),
}

fn put_name(bytes: &mut Vec<u8>, name: &str) -> Result<(), Failure> {
    let length = u32::try_from(name.len()).map_err(|_| too_many())?;
    bytes.try_extend(&length.to_le_bytes())?;
    Ok(bytes.try_extend(name.as_bytes())?)
}

/// The 24 bytes of a table or memory.
fn limited(first: u8, minimum: u64, maximum: Option<u64>) -> [u8; 24] {
    let mut record = [0; 24];
    let words = [
        u64::from(first) | u64::from(maximum.is_some()) << 8,
        minimum,
        maximum.unwrap_or_default(),
    ];
    for (place, word) in record.chunks_exact_mut(8).zip(words) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    record
}

fn table_record(table: TableType) -> [u8; 24] {
    limited(
        table.element as u8,
        table.minimum.into(),
        table.maximum.map(u64::from),
    )
}

fn memory_record(memory: MemoryType) -> [u8; 24] {
    limited(memory.page_size_log2, memory.minimum, memory.maximum)
}

fn global_bytes(global: GlobalType) -> [u8; 2] {
    [global.value_type as u8, u8::from(global.mutable)]
}

/// An order of function types in which equal types are equal.
fn compare_types(m: &Declarations, a: u16, b: u16) -> core::cmp::Ordering {
    let Some((a, b)) = m.function_type(a.into()).zip(m.function_type(b.into())) else {
        return core::cmp::Ordering::Equal;
    };
    let bytes = |values: &[ValueType], others: &[ValueType]| {
        let others = others.iter().map(|&ty| ty as u8);
        values.iter().map(|&ty| ty as u8).cmp(others)
    };
    bytes(a.params, b.params).then_with(|| bytes(a.results, b.results))
}

/// The first of the types equal to each type.
fn canonical_types(m: &Declarations, canonical: &mut Vec<u16>) -> Result<(), Failure> {
    let count = unit(m.type_count()).map_err(|_| too_many())?;
    let compare = |a: &u16, b: &u16| compare_types(m, *a, *b);
    let mut sorted = Vec::new();
    for index in 0..count {
        sorted.try_push(index)?;
    }
    sorted.sort_unstable_by(|a, b| compare(a, b).then(a.cmp(b)));
    canonical.try_resize(usize::from(count), 0)?;
    let mut first = None;
    for index in &sorted {
        if first.is_none_or(|first| compare(first, index).is_ne()) {
            first = Some(index);
        }
        if let (Some(place), Some(first)) = (canonical.get_mut(usize::from(*index)), first) {
            *place = *first;
        }
    }
    Ok(())
}

impl<'a> Translator<'a> {
    /// The writer; it begins the image when something is first written.
    fn writer(&mut self) -> Result<&mut Writer<'a>, Failure> {
        if let Some(sink) = self.sink.take() {
            self.writer = Some(Writer::new(sink)?);
        }
        self.writer.as_mut().ok_or_else(broken)
    }

    fn types(&mut self, m: &Declarations) -> Result<(), Failure> {
        if self.function.canonical_types.len() < m.type_count() as usize {
            canonical_types(m, &mut self.function.canonical_types)?;
        }
        Ok(())
    }

    fn canonical(&self, type_index: u32) -> Result<u32, Failure> {
        let canonical = self.function.canonical_types.get(type_index as usize);
        canonical.map(|&index| u32::from(index)).ok_or_else(broken)
    }

    /// Ends the body and returns its record.
    fn end_body(&mut self, type_index: u32) -> Result<FunctionRecord, Failure> {
        let mut function = core::mem::take(&mut self.function);
        let result = (|| {
            let map_bytes = function.end(self.writer()?)?;
            let units = function.position();
            let code = self.writer()?.position() - units * 2;
            let total = self
                .header
                .code_units
                .checked_add(units)
                .ok_or_else(too_large)?;
            self.header.code_units = total;
            Ok(FunctionRecord {
                code,
                units,
                type_index,
                map_bytes,
            })
        })();
        self.function = function;
        result
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

    /// Writes what could not be written before the end, and the header.
    fn finish(&mut self, m: &Declarations) -> Result<(), Failure> {
        self.types(m)?;
        self.writer()?;
        let mut writer = self.writer.take().ok_or_else(broken)?;
        writer.align()?;

        let mut start = writer.position();
        let section = |writer: &mut Writer<'_>, start: &mut u32, section| {
            writer.end_section(section, *start);
            writer.align()?;
            *start = writer.position();
            Ok::<(), Failure>(())
        };
        self.write_types(m, &mut writer)?;
        section(&mut writer, &mut start, Section::Types)?;
        writer.append(&self.imports)?;
        section(&mut writer, &mut start, Section::Imports)?;
        self.write_functions(m, &mut writer)?;
        section(&mut writer, &mut start, Section::Functions)?;
        for &table in m.tables() {
            writer.append(&table_record(table))?;
        }
        section(&mut writer, &mut start, Section::Tables)?;
        for &memory in m.memories() {
            writer.append(&memory_record(memory))?;
        }
        section(&mut writer, &mut start, Section::Memories)?;
        self.write_globals(m, &mut writer)?;
        section(&mut writer, &mut start, Section::Globals)?;
        writer.append(&self.exports)?;
        section(&mut writer, &mut start, Section::Exports)?;
        write_segments(&mut writer, &self.elements)?;
        section(&mut writer, &mut start, Section::Elements)?;
        write_segments(&mut writer, &self.data)?;
        section(&mut writer, &mut start, Section::Data)?;
        if self.names.1 > 0 {
            writer.note_section(Section::Names, self.names.0, self.names.1);
        }

        let mut features = self.function.features;
        if m.memories().len() > 1 {
            features.insert(Features::MULTI_MEMORY);
        }
        if m.memories()
            .iter()
            .any(|memory| memory.page_size_log2 != 16)
        {
            features.insert(Features::CUSTOM_PAGE_SIZES);
        }
        let header = Header {
            features,
            functions: m.function_count(),
            imported_functions: m.imported_function_count(),
            ..self.header
        };
        self.header = writer.finish(header)?;
        Ok(())
    }

    fn write_types(&self, m: &Declarations, writer: &mut Writer<'_>) -> Result<(), Failure> {
        let mut offset = m.type_count() * 4;
        for index in 0..m.type_count() {
            writer.append_u32(offset)?;
            let ty = m.function_type(index).ok_or_else(broken)?;
            offset += (4 + ty.params.len() + ty.results.len()) as u32;
        }
        for index in 0..m.type_count() {
            let ty = m.function_type(index).ok_or_else(broken)?;
            writer.append(&unit(ty.params.len() as u32)?.to_le_bytes())?;
            writer.append(&unit(ty.results.len() as u32)?.to_le_bytes())?;
            for &value in ty.params.iter().chain(ty.results) {
                writer.append(&[value as u8])?;
            }
        }
        Ok(())
    }

    fn write_functions(&self, m: &Declarations, writer: &mut Writer<'_>) -> Result<(), Failure> {
        for index in 0..m.imported_function_count() {
            let type_index = m.type_of_function(index).ok_or_else(broken)?;
            let type_index = self.canonical(type_index)?;
            write_record(
                writer,
                FunctionRecord {
                    code: NONE,
                    units: 0,
                    type_index,
                    map_bytes: 0,
                },
            )?;
        }
        for &record in self.records.iter().chain(&self.expressions) {
            write_record(writer, record)?;
        }
        Ok(())
    }

    fn write_globals(&self, m: &Declarations, writer: &mut Writer<'_>) -> Result<(), Failure> {
        let imported = m.imported_global_count() as usize;
        for (index, &global) in m.globals().iter().enumerate() {
            let own = index.checked_sub(imported);
            let cell = own.and_then(|own| self.function.global_cells.get(own));
            let initial = own.and_then(|own| self.globals.get(own));
            writer.append(&global_bytes(global))?;
            writer.append(&cell.copied().unwrap_or_default().to_le_bytes())?;
            writer.append_u32(initial.copied().unwrap_or(NONE))?;
        }
        Ok(())
    }
}

fn write_record(writer: &mut Writer<'_>, record: FunctionRecord) -> Result<(), Failure> {
    for word in [
        record.code,
        record.units,
        record.type_index,
        record.map_bytes,
    ] {
        writer.append_u32(word)?;
    }
    Ok(())
}

fn write_segments(writer: &mut Writer<'_>, segments: &[Segment]) -> Result<(), Failure> {
    for segment in segments {
        writer.append(&[segment.mode, segment.element, 0, 0])?;
        for word in [segment.index, segment.offset, segment.start, segment.length] {
            writer.append_u32(word)?;
        }
    }
    Ok(())
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
        self.function.begin(signature, 0, Some(result))?;
        self.function.lay_out()
    }

    fn expression_end(&mut self, m: &Declarations, kind: ExpressionKind) -> Result<(), Failure> {
        let result = self.function.expression.ok_or_else(broken)?;
        let record = self.end_body(EXPRESSION_TYPE | u32::from(result as u8))?;
        let index = m.function_count() + self.expressions.len() as u32;
        self.expressions.try_push(record)?;
        match kind {
            ExpressionKind::Global(_) => {
                let cell = unit(self.header.global_cells)?;
                let end = cell.checked_add(cells(result)).ok_or_else(too_many)?;
                self.header.global_cells = u32::from(end);
                self.function.global_cells.try_push(cell)?;
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
        let writer = self.writer()?;
        writer.align()?;
        let start = writer.position();
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
        self.writer()?.append_u32(item.encode())
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
        let start = self.writer()?.position();
        let segment = self.segment(false)?;
        segment.start = start;
        segment.length = length;
        Ok(())
    }

    fn data_bytes(&mut self, _m: &Declarations, bytes: &[u8]) -> Result<(), Failure> {
        self.writer()?.append(bytes)
    }

    fn function_start(
        &mut self,
        m: &Declarations,
        function: u32,
        _offset: u64,
        size: u32,
    ) -> Result<(), Failure> {
        self.types(m)?;
        self.header.body_bytes = self.header.body_bytes.saturating_add(size);
        let type_index = m.type_of_function(function).ok_or_else(broken)?;
        let signature = m.function_type(type_index).ok_or_else(broken)?;
        self.function.begin(signature, type_index, None)
    }

    fn locals(&mut self, _m: &Declarations, count: u32, ty: ValueType) -> Result<(), Failure> {
        self.function.add_locals(count, ty)
    }

    fn operator(
        &mut self,
        m: &Declarations,
        offset: u64,
        instruction: Instruction,
    ) -> Result<(), Failure> {
        let function = &mut self.function;
        function.lay_out()?;
        function.offset = u32::try_from(offset)
            .map_err(|_| Failure::new(ErrorKind::Limit, "the module exceeds 4 GiB"))?;
        if function.dead {
            match instruction.opcode {
                Opcode::Block | Opcode::Loop | Opcode::If => function.dead_depth += 1,
                Opcode::End if function.dead_depth > 0 => function.dead_depth -= 1,
                Opcode::End => return function.end_block(m),
                Opcode::Else if function.dead_depth == 0 => return function.else_(m),
                _ => {}
            }
            return Ok(());
        }
        function.islands(0)?;
        match (instruction.opcode, instruction.immediate) {
            (Opcode::Block, Immediate::Block(ty)) => function.block(m, ty),
            (Opcode::Loop, Immediate::Block(ty)) => function.loop_(m, ty),
            (Opcode::If, Immediate::Block(ty)) => function.if_(m, ty),
            (Opcode::Else, _) => function.else_(m),
            (Opcode::End, _) => function.end_block(m),
            (Opcode::Br, Immediate::Index(label)) => function.branch(m, label),
            (Opcode::BrIf, Immediate::Index(label)) => function.branch_if(m, label),
            (Opcode::BrTable, Immediate::Table { count }) => function.branch_table(count),
            (Opcode::Return, _) => function.return_(m),
            (Opcode::Unreachable, _) => {
                function.site()?;
                function.operation(crate::operation::Operation::Unreachable, &[])?;
                function.die()
            }
            (opcode @ (Opcode::Call | Opcode::ReturnCall), Immediate::Index(index)) => {
                function.call(m, opcode, index)
            }
            (
                opcode @ (Opcode::CallIndirect | Opcode::ReturnCallIndirect),
                Immediate::Pair(type_index, table),
            ) => function.call_indirect(m, opcode, type_index, table),
            _ => function.plain(m, instruction),
        }
    }

    fn branch_target(&mut self, m: &Declarations, label: u32) -> Result<(), Failure> {
        self.function.branch_target(m, label)
    }

    fn function_end(&mut self, m: &Declarations, _function: u32) -> Result<(), Failure> {
        let _ = m;
        let type_index = self.canonical(self.function.type_index)?;
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
        let writer = self.writer()?;
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
        self.names = (start, writer.position());
        Ok(())
    }

    fn module_end(&mut self, m: &Declarations) -> Result<(), Failure> {
        self.finish(m)
    }
}

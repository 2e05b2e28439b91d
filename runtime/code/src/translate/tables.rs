//! The tables of an image: what can be written only when the module has ended.

use alloc::vec::Vec;

use thimble_wasm::{Declarations, Failure, GlobalType, MemoryType, TableType, ValueType};

use super::function::{broken, too_many, unit};
use super::module::{Segment, Translator};
use crate::image::{Directory, Features, FunctionRecord, NONE, Section, Writer};
use crate::operation::CELL;

/// Value types that are written at once.
const VALUES: usize = 8;

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

pub(super) fn table_record(table: TableType) -> [u8; 24] {
    limited(
        table.element as u8,
        table.minimum.into(),
        table.maximum.map(u64::from),
    )
}

pub(super) fn memory_record(memory: MemoryType) -> [u8; 24] {
    limited(memory.page_size_log2, memory.minimum, memory.maximum)
}

pub(super) fn global_bytes(global: GlobalType) -> [u8; 2] {
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
#[inline(never)]
pub(super) fn canonical_types(m: &Declarations, canonical: &mut Vec<u16>) -> Result<(), Failure> {
    let count = unit(m.type_count()).map_err(|_| too_many())?;
    let order = |a, b| compare_types(m, a, b);
    Ok(crate::sort::first_of_equals(count, canonical, &order)?)
}

impl Translator<'_> {
    /// Writes what could not be written before the end, and the header.
    #[inline(never)]
    pub(super) fn finish(&mut self, m: &Declarations) -> Result<(), Failure> {
        if m.imported_function_count() > 0 {
            self.types(m)?;
        }
        let mut directory = Directory::default();
        for section in [
            Section::Types,
            Section::Imports,
            Section::Functions,
            Section::Tables,
            Section::Memories,
            Section::Globals,
            Section::Exports,
            Section::Elements,
            Section::Data,
        ] {
            self.writer.align()?;
            let start = self.writer.position();
            self.write_section(m, section)?;
            directory.note(section, start, self.writer.position());
        }
        if self.names.1 > 0 {
            directory.note(Section::Names, self.names.0, self.names.1);
        }

        let function = self.function.first();
        let mut features = function.map_or(Features::default(), |function| function.features);
        if m.memories().len() > 1 {
            features.insert(Features::MULTI_MEMORY);
        }
        if m.memories()
            .iter()
            .any(|memory| memory.page_size_log2 != 16)
        {
            features.insert(Features::CUSTOM_PAGE_SIZES);
        }
        self.header.features = features;
        self.header.functions = m.function_count();
        self.header.imported_functions = m.imported_function_count();
        self.writer.finish(&directory, &mut self.header)
    }

    #[inline(never)]
    fn write_section(&mut self, m: &Declarations, section: Section) -> Result<(), Failure> {
        match section {
            Section::Types => self.write_types(m),
            Section::Imports => self.writer.append(&self.imports),
            Section::Functions => self.write_functions(m),
            Section::Tables => {
                let mut tables = m.tables().iter();
                tables.try_for_each(|&table| self.writer.append(&table_record(table)))
            }
            Section::Memories => {
                let mut memories = m.memories().iter();
                memories.try_for_each(|&memory| self.writer.append(&memory_record(memory)))
            }
            Section::Globals => self.write_globals(m),
            Section::Exports => self.writer.append(&self.exports),
            Section::Elements => write_segments(&mut self.writer, &self.elements),
            Section::Data => write_segments(&mut self.writer, &self.data),
            Section::Names | Section::Native => Ok(()),
        }
    }

    #[inline(never)]
    fn write_types(&mut self, m: &Declarations) -> Result<(), Failure> {
        let mut offset = m.type_count() * 4;
        for index in 0..m.type_count() {
            self.writer.append_u32(offset)?;
            let ty = m.function_type(index).ok_or_else(broken)?;
            offset += (4 + ty.params.len() + ty.results.len()) as u32;
        }
        for index in 0..m.type_count() {
            let ty = m.function_type(index).ok_or_else(broken)?;
            let params = u32::from(unit(ty.params.len() as u32)?);
            let results = u32::from(unit(ty.results.len() as u32)?);
            self.writer.append_u32(params | results << 16)?;
            for values in [ty.params, ty.results] {
                for values in values.chunks(VALUES) {
                    let mut bytes = [0; VALUES];
                    for (byte, &value) in bytes.iter_mut().zip(values) {
                        *byte = value as u8;
                    }
                    self.writer
                        .append(bytes.get(..values.len()).unwrap_or_default())?;
                }
            }
        }
        Ok(())
    }

    #[inline(never)]
    fn write_functions(&mut self, m: &Declarations) -> Result<(), Failure> {
        for index in 0..m.imported_function_count() {
            let type_index = m.type_of_function(index).ok_or_else(broken)?;
            let type_index = self.canonical(type_index)?;
            write_record(
                &mut self.writer,
                FunctionRecord {
                    code: NONE,
                    units: 0,
                    type_index,
                    map_bytes: 0,
                },
            )?;
        }
        for &record in self.records.iter().chain(&self.expressions) {
            write_record(&mut self.writer, record)?;
        }
        Ok(())
    }

    #[inline(never)]
    fn write_globals(&mut self, m: &Declarations) -> Result<(), Failure> {
        let imported = m.imported_global_count() as usize;
        for (index, &global) in m.globals().iter().enumerate() {
            let own = index.checked_sub(imported);
            let function = self.function.first();
            let cell = own.and_then(|own| function?.global_cells.get(own));
            let initial = own.and_then(|own| self.globals.get(own));
            self.writer.append(&global_bytes(global))?;
            let cell = cell.copied().unwrap_or_default() / CELL;
            self.writer.append(&cell.to_le_bytes())?;
            self.writer.append_u32(initial.copied().unwrap_or(NONE))?;
        }
        Ok(())
    }
}

fn write_record(writer: &mut Writer<'_>, record: FunctionRecord) -> Result<(), Failure> {
    writer.append_words([
        record.code,
        record.units,
        record.type_index,
        record.map_bytes,
    ])
}

#[inline(never)]
fn write_segments(writer: &mut Writer<'_>, segments: &[Segment]) -> Result<(), Failure> {
    for segment in segments {
        writer.append_words([
            u32::from_le_bytes([segment.mode, segment.element, 0, 0]),
            segment.index,
            segment.offset,
            segment.start,
            segment.length,
        ])?;
    }
    Ok(())
}

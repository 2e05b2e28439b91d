//! The tables of an image: what can be written only when the module has ended.

use alloc::vec::Vec;

use thimble_wasm::{Declarations, Failure, GlobalType, MemoryType, TableType, ValueType};

use super::function::{broken, too_many, unit};
use super::module::{Segment, Translator};
use crate::image::{Features, FunctionRecord, Header, NONE, Section, Writer};
use crate::operation::CELL;

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
pub(super) fn canonical_types(m: &Declarations, canonical: &mut Vec<u16>) -> Result<(), Failure> {
    let count = unit(m.type_count()).map_err(|_| too_many())?;
    let order = |a, b| compare_types(m, a, b);
    Ok(crate::sort::first_of_equals(count, canonical, &order)?)
}

impl Translator<'_> {
    /// Writes what could not be written before the end, and the header.
    pub(super) fn finish(&mut self, m: &Declarations) -> Result<(), Failure> {
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
            let cell = cell.copied().unwrap_or_default() / CELL;
            writer.append(&cell.to_le_bytes())?;
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

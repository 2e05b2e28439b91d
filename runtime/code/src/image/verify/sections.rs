//! The frame of the image, and the sections about what modules share.

use alloc::vec::Vec;

use thimble_wasm::fallible::TryVec;
use thimble_wasm::{ExternalKind, ImportType};

use super::types::value_type;
use super::{Verifier, cells};
use crate::image::reader::stubs;
use crate::image::{
    EXPRESSION_TYPE, Features, HEADER_LENGTH, Header, ImageError, NONE, SECTIONS, Section,
};
use crate::sort::sort;

/// The sections that consist of records, and how many bytes a record has.
/// Others are read to their end.
const RECORDS: [(Section, u32); 11] = [
    (Section::Types, 1),
    (Section::Imports, 1),
    (Section::Functions, 16),
    (Section::Tables, 24),
    (Section::Memories, 24),
    (Section::Globals, 8),
    (Section::Exports, 1),
    (Section::Elements, 20),
    (Section::Data, 20),
    (Section::Names, 1),
    (Section::Native, 1),
];

impl Verifier<'_> {
    fn fault(&self, section: Section, message: &'static str) -> ImageError {
        ImageError::malformed(self.image.section_range(section).0, message)
    }

    /// Header, stubs and directory.
    pub(super) fn frame(&mut self) -> Result<(), ImageError> {
        let bytes = self.image.bytes();
        let header = Header::decode(bytes)?;
        let fault = |message| Err(ImageError::malformed(0, message));
        if header.length as usize != bytes.len() {
            return fault("the length in the header is wrong");
        }
        let at = HEADER_LENGTH as u32;
        if (at..)
            .step_by(2)
            .zip(stubs())
            .any(|(at, stub)| self.image.unit(at) != Some(stub))
        {
            return Err(ImageError::malformed(at, "the stubs are missing"));
        }
        let directory = u64::from(header.directory);
        if header.sections != SECTIONS
            || !directory.is_multiple_of(4)
            || directory + 8 * u64::from(SECTIONS) > u64::from(header.length)
        {
            return fault("the directory is not in the image");
        }
        for (section, record) in RECORDS {
            let (offset, length) = self.image.section_range(section);
            let end = u64::from(offset) + u64::from(length);
            let aligned = section == Section::Names || offset.is_multiple_of(4);
            if end > u64::from(header.length) || !aligned || !length.is_multiple_of(record) {
                return Err(self.fault(section, "a section is not in the image, unaligned or cut"));
            }
            // What operations and segments name has an index of 16 bits.
            let named = record != 1 && section != Section::Functions;
            if named && length / record > 1 << 16 {
                return Err(self.fault(section, "a section has too many records"));
            }
        }
        if self.image.section_range(Section::Native).1 != 0 {
            return Err(self.fault(Section::Native, "machine code needs a signature"));
        }
        if !self.image.names_are_whole() {
            return Err(self.fault(Section::Names, "the names are malformed"));
        }
        Ok(())
    }

    /// The function table, without the code.
    pub(super) fn records(&mut self) -> Result<(), ImageError> {
        let image = self.image;
        let functions = image.function_count();
        let imported = image.imported_function_count();
        if imported > functions || functions > image.record_count() {
            return Err(self.fault(Section::Functions, "the number of functions is wrong"));
        }
        let mut units: u32 = 0;
        for index in 0..image.record_count() {
            let Some(record) = image.function(index) else {
                break;
            };
            let valid = if index < functions {
                self.canonical(record.type_index).is_some()
            } else {
                record.type_index & !0xff == EXPRESSION_TYPE
                    && value_type(record.type_index as u8).is_some()
            };
            if !valid {
                return Err(self.fault(Section::Functions, "a function has an unknown type"));
            }
            if (record.code == NONE) != (index < imported) {
                return Err(self.fault(Section::Functions, "a function has no code"));
            }
            units = units.saturating_add(record.units);
        }
        if units != image.code_units() {
            return Err(self.fault(Section::Functions, "the number of units is wrong"));
        }
        let start = image
            .start()
            .map(|start| image.signature(start).filter(|_| start < functions));
        if start.is_some_and(|signature| signature != Some((&[], &[]))) {
            return Err(self.fault(Section::Functions, "the start function has another type"));
        }
        self.work = self
            .work
            .saturating_add(units.saturating_mul(super::WORK_PER_UNIT));
        Ok(())
    }

    /// The imports are the first functions, tables, memories and globals.
    pub(super) fn imports(&mut self) -> Result<(), ImageError> {
        let image = self.image;
        let (mut functions, mut tables, mut memories) = (0, 0, 0);
        let mut imports = image.imports();
        let next = |count: &mut u32| core::mem::replace(count, *count + 1);
        for import in &mut imports {
            let fits = match import.import {
                ImportType::Function(ty) => {
                    let record = image.function(next(&mut functions));
                    let summary = self.types.get(ty as usize);
                    record.zip(summary).is_some_and(|(record, summary)| {
                        record.type_index == u32::from(summary.canonical)
                    })
                }
                ImportType::Table(table) => image.table(next(&mut tables)) == Some(table),
                ImportType::Memory(memory) => image.memory(next(&mut memories)) == Some(memory),
                ImportType::Global(global) => {
                    let record = image.global(next(&mut self.imported_globals));
                    record.is_some_and(|(own, ..)| own == global)
                }
            };
            if !fits {
                return Err(self.fault(Section::Imports, "an import differs from its record"));
            }
        }
        if !imports.is_at_end() {
            return Err(self.fault(Section::Imports, "the imports are malformed"));
        }
        if functions != image.imported_function_count() {
            return Err(self.fault(
                Section::Imports,
                "the number of imported functions is wrong",
            ));
        }
        Ok(())
    }

    /// Tables and memories.
    pub(super) fn limits(&self) -> Result<(), ImageError> {
        let image = self.image;
        let mut features = Features::default();
        for index in 0..image.table_count() {
            let valid = image.table(index).is_some_and(|table| {
                table.element.is_reference()
                    && table.maximum.is_none_or(|maximum| table.minimum <= maximum)
            });
            if !valid {
                return Err(self.fault(Section::Tables, "a table's type is wrong"));
            }
        }
        for index in 0..image.memory_count() {
            let valid = image.memory(index).is_some_and(|memory| {
                let page = memory.page_size_log2;
                if page != 16 {
                    features.insert(Features::CUSTOM_PAGE_SIZES);
                }
                let largest = memory.maximum.unwrap_or(memory.minimum);
                (page == 0 || page == 16) && memory.minimum <= largest && largest <= 1 << 32 >> page
            });
            if !valid {
                return Err(self.fault(Section::Memories, "a memory's type is wrong"));
            }
        }
        if image.memory_count() > 1 {
            features.insert(Features::MULTI_MEMORY);
        }
        if !image.features().contains(features) {
            return Err(self.fault(Section::Memories, "the header lacks a feature of a memory"));
        }
        Ok(())
    }

    /// The globals that the module defines lie one behind another.
    pub(super) fn globals(&self) -> Result<(), ImageError> {
        let image = self.image;
        let mut next: u32 = 0;
        for index in 0..image.global_count() {
            let global = image
                .global(index)
                .filter(|(ty, ..)| value_type(ty.value_type as u8).is_some());
            let Some((ty, cell, initial)) = global else {
                return Err(self.fault(Section::Globals, "a global's type is wrong"));
            };
            if index < self.imported_globals {
                continue;
            }
            if u32::from(cell) != next {
                return Err(self.fault(Section::Globals, "a global has the wrong cell"));
            }
            next += u32::from(cells(ty.value_type));
            if next > u32::from(u16::MAX) {
                return Err(self.fault(Section::Globals, "there are too many globals"));
            }
            if !self.is_expression(initial, ty.value_type) {
                return Err(self.fault(Section::Globals, "a global's initial value is wrong"));
            }
        }
        if next != image.global_cells() {
            return Err(self.fault(Section::Globals, "the number of global cells is wrong"));
        }
        Ok(())
    }

    /// Exports exist, under different names.
    pub(super) fn exports(&self) -> Result<(), ImageError> {
        let image = self.image;
        let mut names = Vec::new();
        let section = image.section(Section::Exports);
        let mut exports = image.exports();
        while let Some(export) = exports.next() {
            let count = match export.kind {
                ExternalKind::Function => image.function_count(),
                ExternalKind::Table => image.table_count(),
                ExternalKind::Memory => image.memory_count(),
                ExternalKind::Global => image.global_count(),
            };
            if export.index >= count {
                return Err(self.fault(Section::Exports, "an export does not exist"));
            }
            // What is left begins behind the name.
            let name = section.len() - exports.left() - export.name.len();
            names.try_push(name as u32)?;
        }
        if !exports.is_at_end() {
            return Err(self.fault(Section::Exports, "the exports are malformed"));
        }
        let name = |at: u32| {
            // The length stands in front of the name.
            let bytes = section
                .get((at as usize).saturating_sub(4)..)
                .unwrap_or_default();
            let (length, name) = bytes.split_first_chunk().unwrap_or((&[0; 4], &[]));
            name.get(..u32::from_le_bytes(*length) as usize)
                .unwrap_or_default()
        };
        let order = |a, b| name(a).cmp(name(b));
        sort(&mut names, &order);
        if names.is_sorted_by(|&a, &b| order(a, b).is_lt()) {
            Ok(())
        } else {
            Err(self.fault(Section::Exports, "two exports have the same name"))
        }
    }
}

//! The sections that declare: types, imports, functions, tables, memories,
//! exports, start, and the count of data segments (sections 5.5.4 to 5.5.11).

use super::{Decoder, text};
use crate::fallible::TryVec;
use crate::fault::{self, Fault};
use crate::types::{ExternalKind, GlobalType, ImportType, MemoryType, TableType};
use crate::visitor::Visitor;

/// The byte before a function type.
const FUNCTION_FORM: u8 = 0x60;

impl<V: Visitor + ?Sized> Decoder<'_, V> {
    pub(super) fn function_type(&mut self, _index: u32) -> Result<(), Fault> {
        match self.reader.byte()? {
            FUNCTION_FORM => {}
            // The form is a signed LEB128 number, of one byte.
            0x80.. => return Err(fault::TOO_LONG),
            _ => return Err(fault::FUNCTION_FORM),
        }
        self.type_values()?;
        let middle = self.m.type_value_count();
        self.type_values()?;
        Ok(self.m.push_type(middle)?)
    }

    /// The parameters, or the results, of a function type.
    fn type_values(&mut self) -> Result<(), Fault> {
        let count = self.reader.u32()?;
        if count > self.limits.params {
            return Err(fault::LIMIT_PARAMS);
        }
        for _ in 0..count {
            let value_type = self.reader.value_type()?;
            self.m.push_type_value(value_type)?;
        }
        Ok(())
    }

    pub(super) fn import(&mut self, _index: u32) -> Result<(), Fault> {
        self.names.clear();
        let module = self.name()?;
        let name = self.name()?;
        let start = self.reader.offset();
        let kind = ExternalKind::from_byte(self.reader.byte()?).ok_or(fault::IMPORT_KIND)?;
        let import = match kind {
            ExternalKind::Function => {
                let type_index = self.declare_function()?;
                self.m.imported_functions += 1;
                ImportType::Function(type_index)
            }
            ExternalKind::Table => {
                let table = self.declare_table()?;
                self.m.imported_tables += 1;
                ImportType::Table(table)
            }
            ExternalKind::Memory => {
                let memory = self.declare_memory()?;
                self.m.imported_memories += 1;
                ImportType::Memory(memory)
            }
            ExternalKind::Global => {
                let global = self.reader.global_type()?;
                self.declare_global(global)?;
                self.m.imported_globals += 1;
                ImportType::Global(global)
            }
        };
        self.reader.mark(start);
        let module = text(&self.names, module);
        let name = text(&self.names, name);
        self.visitor.import(self.m, module, name, import)
    }

    pub(super) fn function(&mut self, _index: u32) -> Result<(), Fault> {
        self.declare_function().map(|_| ())
    }

    pub(super) fn table(&mut self, _index: u32) -> Result<(), Fault> {
        self.declare_table().map(|_| ())
    }

    pub(super) fn memory(&mut self, _index: u32) -> Result<(), Fault> {
        self.declare_memory().map(|_| ())
    }

    fn declare_function(&mut self) -> Result<u32, Fault> {
        let type_index = self.reader.u32()?;
        if type_index >= self.m.type_count() {
            return Err(fault::UNKNOWN_TYPE);
        }
        if self.m.function_count() >= self.limits.functions {
            return Err(fault::LIMIT_FUNCTIONS);
        }
        let narrow = u16::try_from(type_index).map_err(|_| fault::LIMIT_TYPES)?;
        self.m.push_function(narrow)?;
        Ok(type_index)
    }

    fn declare_table(&mut self) -> Result<TableType, Fault> {
        let table = self.reader.table_type()?;
        if self.m.tables().len() >= self.limits.tables as usize {
            return Err(fault::LIMIT_TABLES);
        }
        self.m.push_table(table)?;
        Ok(table)
    }

    fn declare_memory(&mut self) -> Result<MemoryType, Fault> {
        let memory = self.reader.memory_type()?;
        if self.m.memories().len() >= self.limits.memories as usize {
            return Err(fault::LIMIT_MEMORIES);
        }
        self.m.push_memory(memory)?;
        Ok(memory)
    }

    pub(super) fn declare_global(&mut self, global: GlobalType) -> Result<(), Fault> {
        if self.m.globals().len() >= self.limits.globals as usize {
            return Err(fault::LIMIT_GLOBALS);
        }
        Ok(self.m.push_global(global)?)
    }

    #[inline(never)]
    pub(super) fn export_section(&mut self) -> Result<(), Fault> {
        self.names.clear();
        self.vector(self.limits.exports, fault::LIMIT_EXPORTS, Self::export)?;
        // Only this section needs all names at once.
        self.exports = Default::default();
        self.names = Default::default();
        Ok(())
    }

    fn export(&mut self, _index: u32) -> Result<(), Fault> {
        let start = self.reader.offset();
        let name = self.name()?;
        let bytes = |(start, end)| self.names.get(start..end);
        let written = bytes(name);
        let search = self
            .exports
            .binary_search_by(|&other| bytes(other).cmp(&written));
        let Err(place) = search else {
            self.reader.mark(start);
            return Err(fault::DUPLICATE_EXPORT);
        };
        // Inserts at `place`.
        self.exports.try_push(name)?;
        let last = self.exports.len() - 1;
        self.exports.copy_within(place..last, place + 1);
        if let Some(slot) = self.exports.get_mut(place) {
            *slot = name;
        }

        let kind = ExternalKind::from_byte(self.reader.byte()?).ok_or(fault::EXPORT_KIND)?;
        let index = self.reader.u32()?;
        let (count, unknown) = match kind {
            ExternalKind::Function => (self.m.function_count() as usize, fault::UNKNOWN_FUNCTION),
            ExternalKind::Table => (self.m.tables().len(), fault::UNKNOWN_TABLE),
            ExternalKind::Memory => (self.m.memories().len(), fault::UNKNOWN_MEMORY),
            ExternalKind::Global => (self.m.globals().len(), fault::UNKNOWN_GLOBAL),
        };
        if index as usize >= count {
            return Err(unknown);
        }
        if kind == ExternalKind::Function {
            self.m.set_referable(index)?;
        }
        self.reader.mark(start);
        let name = text(&self.names, name);
        self.visitor.export(self.m, name, kind, index)
    }

    #[inline(never)]
    pub(super) fn start_section(&mut self) -> Result<(), Fault> {
        let function = self.reader.u32()?;
        let function_type = self
            .m
            .type_of_function(function)
            .and_then(|type_index| self.m.function_type(type_index))
            .ok_or(fault::UNKNOWN_FUNCTION)?;
        if !function_type.params.is_empty() || !function_type.results.is_empty() {
            return Err(fault::START_TYPE);
        }
        self.visitor.start(self.m, function)
    }

    pub(super) fn data_count_section(&mut self) -> Result<(), Fault> {
        let count = self.reader.u32()?;
        if count > self.limits.data_segments {
            return Err(fault::LIMIT_DATA_SEGMENTS);
        }
        self.m.data_count = Some(count);
        Ok(())
    }
}

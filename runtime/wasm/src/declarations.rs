//! What a module has declared so far: all that the validator must remember.

use alloc::vec::Vec;

use crate::fallible::{OutOfMemory, TryVec};
use crate::types::{FunctionType, GlobalType, MemoryType, TableType, ValueType};

/// The index spaces of a module (section 2.5.1) without its code and data.
///
/// Grows as sections arrive; a visitor reads it instead of copying it.
#[derive(Debug, Default)]
pub struct Declarations {
    /// Parameters then results of each function type, one type after another.
    type_values: Vec<ValueType>,
    /// For each function type, where its results begin and where it ends.
    type_bounds: Vec<(u32, u32)>,
    /// Type index of each function.
    functions: Vec<u16>,
    /// One bit a function: whether `ref.func` may name it.
    referable: Vec<u32>,
    tables: Vec<TableType>,
    memories: Vec<MemoryType>,
    globals: Vec<GlobalType>,
    /// Type of the items of each element segment.
    elements: Vec<ValueType>,
    pub(crate) imported_functions: u32,
    pub(crate) imported_tables: u32,
    pub(crate) imported_memories: u32,
    pub(crate) imported_globals: u32,
    pub(crate) data_count: Option<u32>,
}

/// The length of an index space; the limits keep it within 32 bits.
#[allow(clippy::cast_possible_truncation, reason = "every limit is 32 bits")]
const fn count<T>(items: &[T]) -> u32 {
    items.len() as u32
}

impl Declarations {
    /// How many function types there are.
    pub fn type_count(&self) -> u32 {
        count(&self.type_bounds)
    }

    /// The function type with this index.
    pub fn function_type(&self, type_index: u32) -> Option<FunctionType<'_>> {
        let index = type_index as usize;
        let &(middle, end) = self.type_bounds.get(index)?;
        let start = match index.checked_sub(1) {
            Some(previous) => self.type_bounds.get(previous)?.1,
            None => 0,
        };
        Some(FunctionType {
            params: self.type_values.get(start as usize..middle as usize)?,
            results: self.type_values.get(middle as usize..end as usize)?,
        })
    }

    /// How many functions there are, imported ones included.
    pub fn function_count(&self) -> u32 {
        count(&self.functions)
    }

    /// How many functions are imported; they have the lowest indexes.
    pub fn imported_function_count(&self) -> u32 {
        self.imported_functions
    }

    /// The type index of the function with this index.
    pub fn type_of_function(&self, function: u32) -> Option<u32> {
        self.functions
            .get(function as usize)
            .map(|&type_index| u32::from(type_index))
    }

    /// Whether `ref.func` may name this function: it is exported, or occurs in
    /// an element segment or in the initial value of a global (section 3.4.10,
    /// the context's references).
    pub fn is_referable(&self, function: u32) -> bool {
        self.referable
            .get(function as usize / 32)
            .is_some_and(|word| word >> (function % 32) & 1 != 0)
    }

    /// All tables, imported ones first.
    pub fn tables(&self) -> &[TableType] {
        &self.tables
    }

    /// How many tables are imported.
    pub fn imported_table_count(&self) -> u32 {
        self.imported_tables
    }

    /// All memories, imported ones first.
    pub fn memories(&self) -> &[MemoryType] {
        &self.memories
    }

    /// How many memories are imported.
    pub fn imported_memory_count(&self) -> u32 {
        self.imported_memories
    }

    /// All globals, imported ones first.
    pub fn globals(&self) -> &[GlobalType] {
        &self.globals
    }

    /// How many globals are imported.
    pub fn imported_global_count(&self) -> u32 {
        self.imported_globals
    }

    /// How many element segments have been declared so far; when code arrives,
    /// that is all.
    pub fn element_count(&self) -> u32 {
        count(&self.elements)
    }

    /// The type of the items of this element segment.
    pub fn element_type(&self, segment: u32) -> Option<ValueType> {
        self.elements.get(segment as usize).copied()
    }

    /// How many data segments the data count section announces, if there is
    /// one.
    pub fn data_count(&self) -> Option<u32> {
        self.data_count
    }

    /// Adds one value type to the function type being declared.
    pub(crate) fn push_type_value(&mut self, value: ValueType) -> Result<(), OutOfMemory> {
        self.type_values.try_push(value)
    }

    /// Where the next pushed value type will stand.
    pub(crate) fn type_value_count(&self) -> u32 {
        count(&self.type_values)
    }

    /// Ends the function type being declared; its results began at `middle`.
    pub(crate) fn push_type(&mut self, middle: u32) -> Result<(), OutOfMemory> {
        let end = self.type_value_count();
        self.type_bounds.try_push((middle, end))
    }

    pub(crate) fn push_function(&mut self, type_index: u16) -> Result<(), OutOfMemory> {
        self.functions.try_push(type_index)
    }

    pub(crate) fn push_table(&mut self, table: TableType) -> Result<(), OutOfMemory> {
        self.tables.try_push(table)
    }

    pub(crate) fn push_memory(&mut self, memory: MemoryType) -> Result<(), OutOfMemory> {
        self.memories.try_push(memory)
    }

    pub(crate) fn push_global(&mut self, global: GlobalType) -> Result<(), OutOfMemory> {
        self.globals.try_push(global)
    }

    pub(crate) fn push_element(&mut self, element: ValueType) -> Result<(), OutOfMemory> {
        self.elements.try_push(element)
    }

    /// Lets `ref.func` name this function, which exists.
    pub(crate) fn set_referable(&mut self, function: u32) -> Result<(), OutOfMemory> {
        let word = function as usize / 32;
        if word >= self.referable.len() {
            self.referable
                .try_resize(self.functions.len().div_ceil(32), 0)?;
        }
        if let Some(word) = self.referable.get_mut(word) {
            *word |= 1 << (function % 32);
        }
        Ok(())
    }
}

//! Tables (section 4.2.7): vectors of references.

use alloc::vec::Vec;

use thimble_wasm::TableType;
use thimble_wasm::fallible::{OutOfMemory, TryVec};

use crate::trap::Trap;

/// A table of handles; 0 is null.
#[derive(Debug)]
pub(crate) struct Table {
    elements: Vec<u32>,
    ty: TableType,
    /// The size that it may have beside the store's other tables.
    limit: u32,
}

impl Table {
    /// A table of the type's minimal size, all null.
    pub(crate) fn new(ty: TableType, limit: u32) -> Result<Self, OutOfMemory> {
        let mut table = Self {
            elements: Vec::new(),
            ty,
            limit,
        };
        table.grow(ty.minimum, 0).ok_or(OutOfMemory)?;
        Ok(table)
    }

    /// The type, its minimum being the current size.
    pub(crate) fn ty(&self) -> TableType {
        TableType {
            minimum: self.size(),
            ..self.ty
        }
    }

    /// The number of elements.
    pub(crate) fn size(&self) -> u32 {
        self.elements.len() as u32
    }

    /// The first element; valid until the table grows or is dropped. A pointer to
    /// the allocation, not by way of a reference: it outlives changes of elements.
    pub(crate) const fn base(&self) -> *const u32 {
        self.elements.as_ptr()
    }

    /// The element with this index.
    pub(crate) fn get(&self, index: u32) -> Result<u32, Trap> {
        self.elements
            .get(index as usize)
            .copied()
            .ok_or(Trap::TableOutOfBounds)
    }

    /// Changes the element with this index.
    pub(crate) fn set(&mut self, index: u32, element: u32) -> Result<(), Trap> {
        *self
            .elements
            .get_mut(index as usize)
            .ok_or(Trap::TableOutOfBounds)? = element;
        Ok(())
    }

    /// Changes the size that the table may grow to.
    pub(crate) const fn set_limit(&mut self, limit: u32) {
        self.limit = limit;
    }

    /// Adds elements and returns the number there was before; nothing if there
    /// may not be or is no room for as many.
    pub(crate) fn grow(&mut self, delta: u32, element: u32) -> Option<u32> {
        let before = self.size();
        let size = before.checked_add(delta)?;
        if size > self.ty.maximum.unwrap_or(u32::MAX) || size > self.limit {
            return None;
        }
        self.elements.try_resize(size as usize, element).ok()?;
        Some(before)
    }

    fn range(&self, start: u32, count: u32) -> Result<core::ops::Range<usize>, Trap> {
        let end = start.checked_add(count).filter(|&end| end <= self.size());
        Ok(start as usize..end.ok_or(Trap::TableOutOfBounds)? as usize)
    }

    /// The elements of a range, to be changed.
    pub(crate) fn range_mut(&mut self, start: u32, count: u32) -> Result<&mut [u32], Trap> {
        let range = self.range(start, count)?;
        self.elements.get_mut(range).ok_or(Trap::TableOutOfBounds)
    }

    /// `table.copy` within one table.
    pub(crate) fn copy_within(&mut self, to: u32, from: u32, count: u32) -> Result<(), Trap> {
        let from = self.range(from, count)?;
        let to = self.range(to, count)?;
        self.elements.copy_within(from, to.start);
        Ok(())
    }

    /// `table.copy` from another table.
    pub(crate) fn copy_from(
        &mut self,
        other: &Self,
        to: u32,
        from: u32,
        count: u32,
    ) -> Result<(), Trap> {
        let from = other.range(from, count)?;
        let source = other.elements.get(from).ok_or(Trap::TableOutOfBounds)?;
        self.range_mut(to, count)?.copy_from_slice(source);
        Ok(())
    }
}

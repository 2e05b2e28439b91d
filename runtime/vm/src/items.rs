//! Memories, tables and globals, as the embedder handles them.

use thimble_wasm::fallible::TryVec;
use thimble_wasm::{GlobalType, MemoryType, TableType, ValueType};

use crate::error::Error;
use crate::inner::{GlobalAddress, HOST, Inner, cells_of};
use crate::store::{AsContext, AsContextMut};
use crate::trap::Trap;
use crate::values::Val;

const FOREIGN: Error = Error::Usage("the item does not belong to this store");
const WRONG_TYPE: Error = Error::Usage("the value has another type than the item");

/// A linear memory of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Memory {
    pub(crate) index: u32,
    /// The number of its store.
    pub(crate) store: u32,
}

impl Memory {
    pub(crate) fn of(self, inner: &Inner) -> Option<&crate::memory::Memory> {
        let own = self.store == inner.id;
        inner.memories.get(self.index as usize).filter(|_| own)
    }

    fn of_mut(self, inner: &mut Inner) -> Option<&mut crate::memory::Memory> {
        let own = self.store == inner.id;
        inner.memories.get_mut(self.index as usize).filter(|_| own)
    }

    /// A memory of the type's minimal size, all 0.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], also beyond the engine's limit; [`Error::Usage`]
    /// with another page size than 1 or 65,536 bytes.
    pub fn new(mut store: impl AsContextMut, ty: MemoryType) -> Result<Self, Error> {
        if !matches!(ty.page_size_log2, 0 | 16) {
            return Err(Error::Usage("pages have 1 or 65,536 bytes"));
        }
        let inner = &mut store.store_mut().inner;
        Ok(Self {
            index: inner.add_memory(ty)?,
            store: inner.id,
        })
    }

    /// The type; its minimum is the current size in pages.
    ///
    /// # Errors
    /// [`Error::Usage`] when the memory does not belong to the store.
    pub fn ty(&self, store: impl AsContext) -> Result<MemoryType, Error> {
        Ok(self.of(&store.store().inner).ok_or(FOREIGN)?.ty())
    }

    /// The bytes; none if the memory does not belong to the store.
    pub fn data<'a, T: 'a>(&self, store: &'a impl AsContext<Data = T>) -> &'a [u8] {
        self.of(&store.store().inner)
            .map_or(&[], |memory| memory.bytes())
    }

    /// The bytes, to be changed; none if the memory does not belong to the store.
    pub fn data_mut<'a, T: 'a>(&self, store: &'a mut impl AsContextMut<Data = T>) -> &'a mut [u8] {
        self.of_mut(&mut store.store_mut().inner)
            .map_or(&mut [], |memory| memory.bytes_mut())
    }

    /// Copies bytes from `offset` on to `buffer`.
    ///
    /// # Errors
    /// The trap [`MemoryOutOfBounds`](Trap::MemoryOutOfBounds).
    pub fn read(
        &self,
        store: impl AsContext,
        offset: usize,
        buffer: &mut [u8],
    ) -> Result<(), Error> {
        let end = offset
            .checked_add(buffer.len())
            .ok_or(Trap::MemoryOutOfBounds)?;
        let bytes = self
            .data(&store)
            .get(offset..end)
            .ok_or(Trap::MemoryOutOfBounds)?;
        buffer.copy_from_slice(bytes);
        Ok(())
    }

    /// Copies `bytes` to `offset` and on.
    ///
    /// # Errors
    /// The trap [`MemoryOutOfBounds`](Trap::MemoryOutOfBounds).
    pub fn write(
        &self,
        mut store: impl AsContextMut,
        offset: usize,
        bytes: &[u8],
    ) -> Result<(), Error> {
        let end = offset
            .checked_add(bytes.len())
            .ok_or(Trap::MemoryOutOfBounds)?;
        let place = self.data_mut(&mut store).get_mut(offset..end);
        place.ok_or(Trap::MemoryOutOfBounds)?.copy_from_slice(bytes);
        Ok(())
    }

    /// Adds pages and returns how many there were.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], also beyond the maximum or the engine's limit;
    /// [`Error::Usage`] when the item or a value belongs to another store.
    pub fn grow(&self, mut store: impl AsContextMut, delta: u64) -> Result<u64, Error> {
        let inner = &mut store.store_mut().inner;
        self.of(inner).ok_or(FOREIGN)?;
        inner
            .grow_memory(self.index, delta)
            .ok_or(Error::OutOfMemory)
    }
}

/// A table of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Table {
    pub(crate) index: u32,
    /// The number of its store.
    pub(crate) store: u32,
}

/// The handle of a reference of that type.
fn reference(inner: &Inner, ty: ValueType, value: Val) -> Result<u32, Error> {
    if value.ty() != ty || !ty.is_reference() {
        return Err(WRONG_TYPE);
    }
    own_bits(inner, value).map(|bits| bits as u32)
}

/// The value in cells of a store.
fn value(inner: &Inner, ty: ValueType, bits: u64) -> Val {
    match ty {
        ValueType::FuncRef => Val::from_bits(ty, bits | u64::from(inner.id) << 32),
        _ => Val::from_bits(ty, bits),
    }
}

/// The bits of a value, if it is no function of another store.
fn own_bits(inner: &Inner, value: Val) -> Result<u64, Error> {
    match value {
        Val::FuncRef(Some(function)) => {
            let handle = inner.resolve(function);
            handle.map(u64::from).ok_or(crate::func::FOREIGN)
        }
        _ => Ok(value.bits()),
    }
}

impl Table {
    pub(crate) fn of(self, inner: &Inner) -> Option<&crate::table::Table> {
        let own = self.store == inner.id;
        inner.tables.get(self.index as usize).filter(|_| own)
    }

    fn of_mut(self, inner: &mut Inner) -> Option<&mut crate::table::Table> {
        let own = self.store == inner.id;
        inner.tables.get_mut(self.index as usize).filter(|_| own)
    }

    /// A table of the type's minimal size, each element `initial`.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], also beyond the engine's limit; [`Error::Usage`]
    /// when `initial` has another type.
    pub fn new(mut store: impl AsContextMut, ty: TableType, initial: Val) -> Result<Self, Error> {
        let inner = &mut store.store_mut().inner;
        let handle = reference(inner, ty.element, initial)?;
        let mut table = crate::table::Table::new(ty, inner.table_room())?;
        table.range_mut(0, ty.minimum)?.fill(handle);
        let index = inner.tables.len() as u32;
        inner.tables.try_push(table)?;
        Ok(Self {
            index,
            store: inner.id,
        })
    }

    /// The type; its minimum is the current size.
    ///
    /// # Errors
    /// [`Error::Usage`] when the table does not belong to the store.
    pub fn ty(&self, store: impl AsContext) -> Result<TableType, Error> {
        Ok(self.of(&store.store().inner).ok_or(FOREIGN)?.ty())
    }

    /// The number of elements.
    ///
    /// # Errors
    /// [`Error::Usage`] when the table does not belong to the store.
    pub fn size(&self, store: impl AsContext) -> Result<u32, Error> {
        Ok(self.ty(store)?.minimum)
    }

    /// The element with that index.
    ///
    /// # Errors
    /// The trap [`TableOutOfBounds`](Trap::TableOutOfBounds).
    pub fn get(&self, store: impl AsContext, index: u32) -> Result<Val, Error> {
        let inner = &store.store().inner;
        let table = self.of(inner).ok_or(FOREIGN)?;
        let element = u64::from(table.get(index)?);
        Ok(value(inner, table.ty().element, element))
    }

    /// Changes the element with that index.
    ///
    /// # Errors
    /// The trap [`TableOutOfBounds`](Trap::TableOutOfBounds); [`Error::Usage`]
    /// when `value` has another type, or it or the table another store.
    pub fn set(&self, mut store: impl AsContextMut, index: u32, value: Val) -> Result<(), Error> {
        let inner = &mut store.store_mut().inner;
        let ty = self.of(inner).ok_or(FOREIGN)?.ty();
        let handle = reference(inner, ty.element, value)?;
        let table = self.of_mut(inner).ok_or(FOREIGN)?;
        Ok(table.set(index, handle)?)
    }

    /// Adds elements and returns how many there were.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], also beyond the maximum or the engine's limit;
    /// [`Error::Usage`] when the item or a value belongs to another store.
    pub fn grow(&self, mut store: impl AsContextMut, delta: u32, value: Val) -> Result<u32, Error> {
        let inner = &mut store.store_mut().inner;
        let ty = self.of(inner).ok_or(FOREIGN)?.ty();
        let handle = reference(inner, ty.element, value)?;
        inner
            .grow_table(self.index, delta, handle)
            .ok_or(Error::OutOfMemory)
    }
}

/// A global of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Global {
    pub(crate) address: GlobalAddress,
    /// The number of its store.
    pub(crate) store: u32,
}

impl Global {
    /// A global with a value.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn new(mut store: impl AsContextMut, value: Val, mutable: bool) -> Result<Self, Error> {
        let inner = &mut store.store_mut().inner;
        let bits = own_bits(inner, value)?;
        let cell = inner.host_globals.len();
        let ty = GlobalType {
            value_type: value.ty(),
            mutable,
        };
        inner
            .host_globals
            .try_resize(cell + cells_of(value.ty()), 0)?;
        let address = GlobalAddress {
            owner: HOST,
            cell: cell as u32,
            ty,
        };
        inner.set_global(address, bits).ok_or(FOREIGN)?;
        Ok(Self {
            address,
            store: inner.id,
        })
    }

    /// The type.
    #[must_use]
    pub const fn ty(&self) -> GlobalType {
        self.address.ty
    }

    /// The value.
    ///
    /// # Errors
    /// [`Error::Usage`] when the global does not belong to the store.
    pub fn get(&self, store: impl AsContext) -> Result<Val, Error> {
        let inner = &store.store().inner;
        if self.store != inner.id {
            return Err(FOREIGN);
        }
        let bits = inner.global(self.address).ok_or(FOREIGN)?;
        Ok(value(inner, self.address.ty.value_type, bits))
    }

    /// Changes the value.
    ///
    /// # Errors
    /// [`Error::Usage`] when the global is immutable or has another type, or it or
    /// the value another store.
    pub fn set(&self, mut store: impl AsContextMut, value: Val) -> Result<(), Error> {
        let inner = &mut store.store_mut().inner;
        if self.store != inner.id {
            return Err(FOREIGN);
        }
        if !self.address.ty.mutable {
            return Err(Error::Usage("the global is immutable"));
        }
        if value.ty() != self.address.ty.value_type {
            return Err(WRONG_TYPE);
        }
        let bits = own_bits(inner, value)?;
        inner.set_global(self.address, bits).ok_or(FOREIGN)
    }
}

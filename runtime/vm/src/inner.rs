//! The store without the embedder's data: instances, memories, tables, stack.

use alloc::vec::Vec;

use portable_atomic::{AtomicU32, Ordering};
use thimble_code::image::Item;
use thimble_wasm::fallible::{OutOfMemory, TryVec};
use thimble_wasm::{MemoryType, ValueType};

use crate::engine::{Config, StoreConfig};
use crate::execute::{Dispatch, Exit, Step};
use crate::func::Func;
use crate::host_table::HostFunctionType;
use crate::memory::Memory;
use crate::module::Module;
use crate::monitor::Watched;
use crate::shared::Shared;
use crate::table::Table;
use crate::trap::Trap;

/// The "instance" to which functions and globals of the embedder belong.
pub(crate) const HOST: u32 = 0xfff;

/// Functions that an instance can have: handles have 20 bits for them.
pub(crate) const MAX_FUNCTIONS: u32 = (1 << 20) - 1;

/// The handle of a function: never 0, which is the null reference.
pub(crate) const fn make_handle(instance: u32, index: u32) -> u32 {
    (instance << 20 | index & 0xf_ffff).wrapping_add(1)
}

/// The instance and the index of a function.
#[inline(always)]
pub(crate) const fn split_handle(handle: u32) -> (u32, u32) {
    let number = handle.wrapping_sub(1);
    (number >> 20, number & 0xf_ffff)
}

/// Bits of the interrupt word.
pub(crate) const STOP: u32 = 1;
pub(crate) const FUEL: u32 = 2;

/// The number of the next store.
static NEXT_STORE: AtomicU32 = AtomicU32::new(0);

/// Which cells hold a global, and of what type it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GlobalAddress {
    /// The instance that defines it, or [`HOST`].
    pub owner: u32,
    pub cell: u32,
    pub ty: thimble_wasm::GlobalType,
}

/// An instance of a module.
#[derive(Debug)]
pub(crate) struct Instance {
    pub module: Module,
    /// Handles of the imported functions.
    pub functions: Vec<u32>,
    /// Its tables among those of the store.
    pub tables: Vec<u32>,
    /// Its memories among those of the store.
    pub memories: Vec<u32>,
    /// The cells of the globals it defines. Their number never changes.
    pub globals: Vec<u32>,
    pub imported_globals: Vec<GlobalAddress>,
    /// A bit a segment: whether it was dropped. Element segments come first.
    pub dropped: Vec<u32>,
}

/// The signature of a function of the embedder, as [`ValueType`] bytes.
#[derive(Debug)]
pub(crate) enum HostSignature {
    Static(HostFunctionType),
    /// Parameters, then results.
    Owned {
        values: Vec<u8>,
        params: usize,
    },
}

impl HostSignature {
    /// The types of the parameters, and those of the results.
    pub(crate) fn types(&self) -> (&[u8], &[u8]) {
        match self {
            Self::Static(ty) => (ty.params, ty.results),
            Self::Owned { values, params } => values.split_at_checked(*params).unwrap_or_default(),
        }
    }
}

/// A call from one instance to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crossing {
    /// Who called.
    pub instance: u32,
    /// Where the call returns to, in its image.
    pub back: u32,
    /// The base of the call.
    pub base: u16,
}

/// One frame of a backtrace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    pub(crate) instance: u32,
    /// The function's index in its module.
    pub function: u32,
    /// Where in the module, in bytes from its start, if the image says.
    pub offset: Option<u32>,
}

/// All of a store that does not depend on the embedder's type.
#[derive(Debug)]
pub(crate) struct Inner {
    /// The store's number, which handles of its items bear.
    pub id: u32,
    pub config: StoreConfig,
    pub instances: Vec<Instance>,
    pub memories: Vec<Memory>,
    pub tables: Vec<Table>,
    pub host_functions: Vec<HostSignature>,
    pub host_globals: Vec<u32>,
    pub stack: Vec<u32>,
    /// Cells of the stack that calls in progress use.
    pub stack_used: usize,
    pub crossings: Vec<Crossing>,
    /// What other threads see and stop.
    pub watched: Shared<Watched>,
    pub fuel: u64,
    /// How many runs are under each other.
    pub depth: u32,
    pub backtrace: Vec<Frame>,
}

const BROKEN: Trap = Trap::Unreachable;

impl Inner {
    pub(crate) fn new(config: &Config, watched: Shared<Watched>) -> Self {
        Self {
            id: NEXT_STORE.fetch_add(1, Ordering::Relaxed),
            config: config.of_store(),
            instances: Vec::new(),
            memories: Vec::new(),
            tables: Vec::new(),
            host_functions: Vec::new(),
            host_globals: Vec::new(),
            stack: Vec::new(),
            stack_used: 0,
            crossings: Vec::new(),
            watched,
            fuel: 0,
            depth: 0,
            backtrace: Vec::new(),
        }
    }

    pub(crate) fn dispatch(&self) -> Dispatch {
        self.config.dispatch
    }

    fn instance(&self, instance: u32) -> Result<&Instance, Trap> {
        self.instances.get(instance as usize).ok_or(BROKEN)
    }

    /// A memory of an instance.
    pub(crate) fn memory(&mut self, instance: u32, memory: u16) -> Result<&mut Memory, Trap> {
        let index = self.instance(instance)?.memories.get(usize::from(memory));
        let index = *index.ok_or(BROKEN)? as usize;
        self.memories.get_mut(index).ok_or(BROKEN)
    }

    /// A table of an instance.
    pub(crate) fn table(&mut self, instance: u32, table: u16) -> Result<&mut Table, Trap> {
        let index = self.instance(instance)?.tables.get(usize::from(table));
        let index = *index.ok_or(BROKEN)? as usize;
        self.tables.get_mut(index).ok_or(BROKEN)
    }

    /// The bytes of all memories together, which lie in the address space at once.
    #[inline(never)]
    fn memory_bytes(&self) -> usize {
        self.memories.iter().map(Memory::length).sum()
    }

    /// Bytes that one more memory may have: the limit holds for all together.
    fn memory_room(&self) -> u64 {
        let limit = self.config.limits.memory_bytes;
        limit.saturating_sub(self.memory_bytes() as u64)
    }

    /// Makes a memory and returns its number among those of the store.
    pub(crate) fn add_memory(&mut self, ty: MemoryType) -> Result<u32, OutOfMemory> {
        let number = self.memories.len() as u32;
        let memory = Memory::new(ty, self.memory_room())?;
        self.memories.try_push_only(memory)?;
        self.watched.note_memory(self.memory_bytes());
        Ok(number)
    }

    /// Drops the memories from that number on.
    pub(crate) fn drop_memories(&mut self, from: usize) {
        self.memories.truncate(from);
        self.watched.note_memory(self.memory_bytes());
    }

    /// Elements that one more table may have: the limit holds for all together.
    pub(crate) fn table_room(&self) -> u32 {
        let used: u64 = self
            .tables
            .iter()
            .map(|table| u64::from(table.size()))
            .sum();
        let room = u64::from(self.config.limits.table_elements).saturating_sub(used);
        u32::try_from(room).unwrap_or(u32::MAX)
    }

    /// Adds pages to a memory of the store; see [`Memory::grow`].
    pub(crate) fn grow_memory(&mut self, index: u32, delta: u64) -> Option<u64> {
        let room = self.memory_room();
        let memory = self.memories.get_mut(index as usize)?;
        memory.set_limit(room.saturating_add(memory.length() as u64));
        let before = memory.grow(delta)?;
        self.watched.note_memory(self.memory_bytes());
        Some(before)
    }

    /// Adds elements to a table of the store; see [`Table::grow`].
    pub(crate) fn grow_table(&mut self, index: u32, delta: u32, element: u32) -> Option<u32> {
        let room = self.table_room();
        let table = self.tables.get_mut(index as usize)?;
        table.set_limit(room.saturating_add(table.size()));
        table.grow(delta, element)
    }

    /// The number of an instance's memory among those of the store.
    pub(crate) fn memory_number(&self, instance: u32, memory: u16) -> Result<u32, Trap> {
        let number = self.instance(instance)?.memories.get(usize::from(memory));
        number.copied().ok_or(BROKEN)
    }

    /// The number of an instance's table among those of the store.
    pub(crate) fn table_number(&self, instance: u32, table: u16) -> Result<u32, Trap> {
        let number = self.instance(instance)?.tables.get(usize::from(table));
        number.copied().ok_or(BROKEN)
    }

    /// The handle of a function by its index in an instance.
    pub(crate) fn function_handle(&self, instance: u32, index: u32) -> Result<u32, Trap> {
        let entity = self.instance(instance)?;
        match entity.functions.get(index as usize) {
            Some(&handle) => Ok(handle),
            None => Ok(make_handle(instance, index)),
        }
    }

    /// The handle of a function, if it is one of this store.
    pub(crate) fn resolve(&self, function: Func) -> Option<u32> {
        let known = is_function(&self.instances, &self.host_functions, function.handle);
        (function.store == self.id && known).then_some(function.handle)
    }

    /// The instance of a handle, if it is one of this store.
    pub(crate) fn entity(&self, instance: crate::instance::Instance) -> Option<&Instance> {
        if instance.store != self.id {
            return None;
        }
        self.instances.get(instance.number as usize)
    }

    /// The parameters and results of a function, as [`ValueType`] bytes.
    pub(crate) fn signature(&self, handle: u32) -> Option<(&[u8], &[u8])> {
        let (instance, index) = split_handle(handle);
        if instance == HOST {
            return self
                .host_functions
                .get(index as usize)
                .map(HostSignature::types);
        }
        self.instances
            .get(instance as usize)?
            .module
            .image()
            .signature(index)
    }

    /// The cells of a function's parameters.
    pub(crate) fn param_cells(&self, handle: u32) -> Result<u16, Trap> {
        let (params, _) = self.signature(handle).ok_or(BROKEN)?;
        Ok(cells(params) as u16)
    }

    /// Checks an indirect call of a function of another instance: types are
    /// compared by structure.
    pub(crate) fn check_type(&self, instance: u32, ty: u32, handle: u32) -> Result<(), Trap> {
        let expected = self.instance(instance)?.module.image().function_type(ty);
        if expected == self.signature(handle) && expected.is_some() {
            Ok(())
        } else {
            Err(Trap::IndirectCallTypeMismatch)
        }
    }

    /// The cells of a global.
    fn global_cells(&mut self, address: GlobalAddress) -> Option<&mut [u32]> {
        let cells = if address.owner == HOST {
            &mut self.host_globals
        } else {
            &mut self.instances.get_mut(address.owner as usize)?.globals
        };
        let width = cells_of(address.ty.value_type);
        let start = address.cell as usize;
        cells.get_mut(start..start.checked_add(width)?)
    }

    /// The bits of a global.
    pub(crate) fn global(&self, address: GlobalAddress) -> Option<u64> {
        let cells = if address.owner == HOST {
            &self.host_globals
        } else {
            &self.instances.get(address.owner as usize)?.globals
        };
        let width = cells_of(address.ty.value_type);
        let start = address.cell as usize;
        let cells = cells.get(start..start.checked_add(width)?)?;
        let high = cells.get(1).copied().unwrap_or_default();
        Some(u64::from(*cells.first()?) | u64::from(high) << 32)
    }

    /// Changes the bits of a global.
    pub(crate) fn set_global(&mut self, address: GlobalAddress, bits: u64) -> Option<()> {
        for (index, cell) in self.global_cells(address)?.iter_mut().enumerate() {
            *cell = (bits >> (index * 32)) as u32;
        }
        Some(())
    }

    fn imported(&self, instance: u32, global: u16) -> Result<GlobalAddress, Trap> {
        let globals = &self.instance(instance)?.imported_globals;
        globals.get(usize::from(global)).copied().ok_or(BROKEN)
    }

    /// The bits of an imported global.
    pub(crate) fn imported_global(&self, instance: u32, global: u16) -> Result<u64, Trap> {
        let address = self.imported(instance, global)?;
        self.global(address).ok_or(BROKEN)
    }

    /// Changes the bits of an imported global.
    pub(crate) fn set_imported_global(
        &mut self,
        instance: u32,
        global: u16,
        bits: u64,
    ) -> Result<(), Trap> {
        let address = self.imported(instance, global)?;
        self.set_global(address, bits).ok_or(BROKEN)
    }

    /// Two different items of a list: one to be changed, one to be read.
    fn pair<T>(items: &mut [T], changed: u32, read: u32) -> Option<(&mut T, &T)> {
        let (changed, read) = (changed as usize, read as usize);
        if changed < read {
            let (low, high) = items.split_at_mut_checked(read)?;
            Some((low.get_mut(changed)?, high.first()?))
        } else {
            let (low, high) = items.split_at_mut_checked(changed)?;
            Some((high.first_mut()?, low.get(read)?))
        }
    }

    /// `memory.copy`: target and source; to, from, length.
    pub(crate) fn memory_copy(
        &mut self,
        instance: u32,
        memories: [u16; 2],
        [to, from, length]: [u32; 3],
    ) -> Result<(), Trap> {
        let of = |memory: u16| {
            self.instance(instance)?
                .memories
                .get(usize::from(memory))
                .copied()
                .ok_or(BROKEN)
        };
        let [target, source] = [of(memories[0])?, of(memories[1])?];
        if target == source {
            return self
                .memory(instance, memories[0])?
                .copy_within(to, from, length);
        }
        let (target, source) = Self::pair(&mut self.memories, target, source).ok_or(BROKEN)?;
        target.write(to, source.bytes(), from, length)
    }

    /// `table.copy`: target and source; to, from, count.
    pub(crate) fn table_copy(
        &mut self,
        instance: u32,
        tables: [u16; 2],
        [to, from, count]: [u32; 3],
    ) -> Result<(), Trap> {
        let of = |table: u16| {
            self.instance(instance)?
                .tables
                .get(usize::from(table))
                .copied()
                .ok_or(BROKEN)
        };
        let [target, source] = [of(tables[0])?, of(tables[1])?];
        if target == source {
            return self
                .table(instance, tables[0])?
                .copy_within(to, from, count);
        }
        let (target, source) = Self::pair(&mut self.tables, target, source).ok_or(BROKEN)?;
        target.copy_from(source, to, from, count)
    }

    /// `memory.init`: memory and segment; to, from, length.
    pub(crate) fn memory_init(
        &mut self,
        instance: u32,
        memory: u16,
        segment: u32,
        [to, from, length]: [u32; 3],
    ) -> Result<(), Trap> {
        let entity = self.instance(instance)?;
        let module = entity.module.clone();
        let dropped = entity.is_dropped(segment, false);
        let data = module.image().data(segment).ok_or(BROKEN)?;
        let bytes = if dropped { &[] } else { data.bytes };
        self.memory(instance, memory)?
            .write(to, bytes, from, length)
    }

    /// `table.init`: table and segment; to, from, count.
    pub(crate) fn table_init(
        &mut self,
        instance: u32,
        table: u16,
        segment: u32,
        [to, from, count]: [u32; 3],
    ) -> Result<(), Trap> {
        let entity = self.instance(instance)?;
        let module = entity.module.clone();
        let dropped = entity.is_dropped(segment, true);
        let items = module.image().element(segment).ok_or(BROKEN)?.items;
        let length = if dropped { 0 } else { items.count() };
        if u64::from(from) + u64::from(count) > u64::from(length) {
            return Err(Trap::TableOutOfBounds);
        }
        // The whole range is checked before the first element changes.
        self.table(instance, table)?.range_mut(to, count)?;
        for index in 0..count {
            let element = match items.get(from + index).ok_or(BROKEN)? {
                Item::Null => 0,
                Item::Function(function) => self.function_handle(instance, function)?,
                Item::Global(global) => {
                    let address = self.instance_global(instance, global).ok_or(BROKEN)?;
                    self.global(address).ok_or(BROKEN)? as u32
                }
            };
            self.table(instance, table)?.set(to + index, element)?;
        }
        Ok(())
    }

    /// The address of a global by its index in an instance.
    pub(crate) fn instance_global(&self, instance: u32, global: u32) -> Option<GlobalAddress> {
        let entity = self.instances.get(instance as usize)?;
        if let Some(address) = entity.imported_globals.get(global as usize) {
            return Some(*address);
        }
        let (ty, cell, _) = entity.module.image().global(global)?;
        Some(GlobalAddress {
            owner: instance,
            cell: cell.into(),
            ty,
        })
    }

    /// `data.drop` and `elem.drop`.
    pub(crate) fn drop_segment(&mut self, instance: u32, segment: u32, element: bool) {
        if let Some(entity) = self.instances.get_mut(instance as usize) {
            let (word, bit) = entity.segment_bit(segment, element);
            if let Some(word) = entity.dropped.get_mut(word) {
                *word |= bit;
            }
        }
    }

    /// Gives the stack room for so many cells.
    pub(crate) fn reserve_stack(&mut self, cells: usize) -> Result<(), Trap> {
        if cells <= self.stack.len() {
            return Ok(());
        }
        let limit = self.config.limits.stack_cells as usize;
        if cells > limit {
            return Err(Trap::StackOverflow);
        }
        // Growth by half keeps the copying in proportion.
        let more = cells
            .max(self.stack.len() / 2 * 3)
            .clamp(64, limit.max(64))
            .min(limit);
        let grown = self.stack.try_resize(more.max(cells), 0);
        grown
            .or_else(|_| self.stack.try_resize(cells, 0))
            .map_err(|_| Trap::OutOfMemory)?;
        self.watched.note_stack(self.stack.capacity() * 4);
        Ok(())
    }

    /// Whether calls may go to that instance.
    pub(crate) fn enter_instance(&self, instance: u32) -> Result<(), Trap> {
        self.instance(instance).map(|_| ())
    }

    /// Notes a call to another instance.
    pub(crate) fn push_crossing(&mut self, crossing: Crossing) -> Result<(), Trap> {
        // A crossing stands for a frame, and a frame has a cell at least.
        if self.crossings.len() >= self.config.limits.stack_cells as usize {
            return Err(Trap::StackOverflow);
        }
        self.crossings
            .try_push(crossing)
            .map_err(|_| Trap::OutOfMemory)
    }

    /// A back edge or call found the interrupt word set.
    #[cold]
    #[inline(never)]
    pub(crate) fn interrupted(&mut self) -> Step {
        let word = self.watched.interrupt.load(Ordering::Relaxed);
        if word & STOP != 0 {
            // One stop ends one run.
            self.watched.interrupt.fetch_and(!STOP, Ordering::Relaxed);
            return Err(Exit::Trap(Trap::Interrupted));
        }
        if word & FUEL != 0 {
            match self.fuel.checked_sub(1) {
                Some(left) => self.fuel = left,
                None => return Err(Exit::Trap(Trap::OutOfFuel)),
            }
        }
        Ok(())
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Whoever watches may live on.
        self.watched.note_memory(0);
        self.watched.note_stack(0);
    }
}

impl Instance {
    fn segment_bit(&self, segment: u32, element: bool) -> (usize, u32) {
        let first = if element {
            0
        } else {
            self.module.image().element_count()
        };
        let bit = first + segment;
        (bit as usize / 32, 1 << (bit % 32))
    }

    fn is_dropped(&self, segment: u32, element: bool) -> bool {
        let (word, bit) = self.segment_bit(segment, element);
        self.dropped.get(word).is_none_or(|word| word & bit != 0)
    }
}

/// Whether that is the handle of a function.
pub(crate) fn is_function(instances: &[Instance], hosts: &[HostSignature], handle: u32) -> bool {
    let (instance, index) = split_handle(handle);
    if instance == HOST {
        return (index as usize) < hosts.len();
    }
    instances.get(instance as usize).is_some_and(|entity| {
        // Imported functions have the handles of those who define them.
        index as usize >= entity.functions.len() && index < entity.module.image().function_count()
    })
}

/// How many cells a value takes.
pub(crate) const fn cells_of(ty: ValueType) -> usize {
    match ty {
        ValueType::I64 | ValueType::F64 => 2,
        ValueType::V128 => 4,
        _ => 1,
    }
}

/// How many cells values of these types take.
#[inline(never)]
pub(crate) fn cells(types: &[u8]) -> usize {
    const WIDE: [u8; 2] = [ValueType::I64 as u8, ValueType::F64 as u8];
    let wide = types.iter().filter(|ty| WIDE.contains(ty)).count();
    let vectors = types.iter().filter(|&&ty| ty == ValueType::V128 as u8);
    types.len() + wide + vectors.count() * 3
}

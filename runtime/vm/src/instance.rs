//! Instances: modules with their imports resolved and their memories made.

use alloc::vec::Vec;

use thimble_wasm::fallible::TryVec;
use thimble_wasm::{ExternalKind, ImportType, SegmentMode};

use crate::error::Error;
use crate::func::{Func, TypedFunc};
use crate::inner::{HOST, Inner, make_handle};
use crate::items::{Global, Memory, Table};
use crate::module::Module;
use crate::store::{AsContext, Store};
use crate::trap::Trap;
use crate::values::WasmTypes;

/// An item that can be imported and exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extern {
    /// A function.
    Func(Func),
    /// A table.
    Table(Table),
    /// A memory.
    Memory(Memory),
    /// A global.
    Global(Global),
}

macro_rules! extern_from {
    ($($name:ident $into:ident;)*) => {$(
        impl From<$name> for Extern {
            fn from(item: $name) -> Self {
                Self::$name(item)
            }
        }

        impl Extern {
            /// The item, if it is of this kind.
            #[must_use]
            pub const fn $into(self) -> Option<$name> {
                match self {
                    Self::$name(item) => Some(item),
                    _ => None,
                }
            }
        }
    )*};
}

extern_from! {
    Func into_func;
    Table into_table;
    Memory into_memory;
    Global into_global;
}

/// An instance of a module in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instance {
    pub(crate) number: u32,
    /// The number of its store.
    pub(crate) store: u32,
}

impl Instance {
    /// The instance that called a host function.
    pub(crate) fn of_caller(number: u32, store: u32) -> Option<Self> {
        (number < HOST).then_some(Self { number, store })
    }

    /// An export.
    pub fn get_export(&self, store: impl AsContext, name: &str) -> Option<Extern> {
        let inner = &store.store().inner;
        let entity = inner.entity(*self)?;
        let export = entity.module.exports().find(|export| export.name == name)?;
        self.item(inner, export.kind, export.index)
    }

    /// The item with an index of the instance.
    fn item(self, inner: &Inner, kind: ExternalKind, index: u32) -> Option<Extern> {
        let entity = inner.entity(self)?;
        let store = inner.id;
        let number = index as usize;
        Some(match kind {
            ExternalKind::Function => Extern::Func(Func {
                handle: inner.function_handle(self.number, index).ok()?,
                store,
            }),
            ExternalKind::Table => Extern::Table(Table {
                index: *entity.tables.get(number)?,
                store,
            }),
            ExternalKind::Memory => Extern::Memory(Memory {
                index: *entity.memories.get(number)?,
                store,
            }),
            ExternalKind::Global => Extern::Global(Global {
                address: inner.instance_global(self.number, index)?,
                store,
            }),
        })
    }

    /// The exports, in the module's order.
    pub fn exports<'a, T>(
        &self,
        store: &'a Store<T>,
    ) -> impl Iterator<Item = (&'a str, Extern)> + use<'a, T> {
        let instance = *self;
        let entity = store.inner.entity(instance);
        entity
            .into_iter()
            .flat_map(|entity| entity.module.exports())
            .filter_map(move |export| {
                Some((
                    export.name,
                    instance.item(&store.inner, export.kind, export.index)?,
                ))
            })
    }

    /// An exported function.
    pub fn get_func(&self, store: impl AsContext, name: &str) -> Option<Func> {
        self.get_export(store, name)?.into_func()
    }

    /// An exported function with Rust types.
    ///
    /// # Errors
    /// [`Error::Usage`] when there is no such function, or it has another type.
    pub fn get_typed_func<P: WasmTypes, R: WasmTypes>(
        &self,
        store: impl AsContext,
        name: &str,
    ) -> Result<TypedFunc<P, R>, Error> {
        let function = self.get_func(&store, name);
        function
            .ok_or(Error::Usage("no function is exported by that name"))?
            .typed(&store)
    }

    /// An exported memory.
    pub fn get_memory(&self, store: impl AsContext, name: &str) -> Option<Memory> {
        self.get_export(store, name)?.into_memory()
    }

    /// An exported table.
    pub fn get_table(&self, store: impl AsContext, name: &str) -> Option<Table> {
        self.get_export(store, name)?.into_table()
    }

    /// An exported global.
    pub fn get_global(&self, store: impl AsContext, name: &str) -> Option<Global> {
        self.get_export(store, name)?.into_global()
    }
}

/// Whether sizes of an item that is given fit what is asked for.
fn limits_fit(given: (u64, Option<u64>), asked: (u64, Option<u64>)) -> bool {
    given.0 >= asked.0
        && asked
            .1
            .is_none_or(|asked| given.1.is_some_and(|given| given <= asked))
}

impl Inner {
    /// Whether an item has the type that is asked for (section 3.4 of the
    /// specification, "Import subtyping").
    fn fits(&self, module: &Module, given: Extern, asked: ImportType) -> bool {
        match (given, asked) {
            (Extern::Func(function), ImportType::Function(ty)) => {
                let asked = module.image().function_type(ty);
                let given = self.resolve(function);
                asked.is_some() && asked == given.and_then(|handle| self.signature(handle))
            }
            (Extern::Table(table), ImportType::Table(asked)) => {
                table.of(self).is_some_and(|table| {
                    let given = table.ty();
                    let wide = |ty: thimble_wasm::TableType| {
                        (u64::from(ty.minimum), ty.maximum.map(u64::from))
                    };
                    given.element == asked.element && limits_fit(wide(given), wide(asked))
                })
            }
            (Extern::Memory(memory), ImportType::Memory(asked)) => {
                memory.of(self).is_some_and(|memory| {
                    let given = memory.ty();
                    given.page_size_log2 == asked.page_size_log2
                        && limits_fit(
                            (given.minimum, given.maximum),
                            (asked.minimum, asked.maximum),
                        )
                })
            }
            (Extern::Global(global), ImportType::Global(asked)) => {
                global.store == self.id && global.address.ty == asked
            }
            _ => false,
        }
    }

    /// Makes an instance, up to its start function.
    #[inline(never)]
    pub(crate) fn instantiate(
        &mut self,
        module: &Module,
        imports: &[Extern],
    ) -> Result<Instance, Error> {
        let number = self.instances.len() as u32;
        if number >= self.config.limits.instances.min(HOST - 1) {
            return Err(Error::Limit("instances of a store"));
        }
        self.import(module, imports)?;
        self.initialize(number, module)?;
        Ok(Instance {
            number,
            store: self.id,
        })
    }

    /// Adds an instance with these imports. Apart, since what it takes of the native stack
    /// is free again when constant expressions are evaluated.
    #[inline(never)]
    fn import(&mut self, module: &Module, imports: &[Extern]) -> Result<(), Error> {
        let mut entity = crate::inner::Instance {
            module: module.clone(),
            functions: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            imported_globals: Vec::new(),
            dropped: Vec::new(),
        };
        for (index, asked) in module.imports().enumerate() {
            let given = imports.get(index).copied();
            let index = index as u32;
            let given = given.ok_or(Error::UnknownImport { index })?;
            if !self.fits(module, given, asked.import) {
                return Err(Error::IncompatibleImport { index });
            }
            match given {
                Extern::Func(function) => entity.functions.try_push(function.handle)?,
                Extern::Table(table) => entity.tables.try_push(table.index)?,
                Extern::Memory(memory) => entity.memories.try_push(memory.index)?,
                Extern::Global(global) => entity.imported_globals.try_push(global.address)?,
            }
        }
        let (tables, memories) = (self.tables.len(), self.memories.len());
        if let Err(error) = self.add_instance(entity) {
            // Nothing refers to what it would have had.
            self.tables.truncate(tables);
            self.drop_memories(memories);
            return Err(error);
        }
        Ok(())
    }

    /// Adds an instance whose imports are resolved, with what it defines.
    #[inline(never)]
    fn add_instance(&mut self, mut entity: crate::inner::Instance) -> Result<(), Error> {
        let module = entity.module.clone();
        let image = module.image();
        for index in entity.tables.len() as u32..image.table_count() {
            let ty = image.table(index).ok_or(Error::Usage("not an image"))?;
            let table = crate::table::Table::new(ty, self.table_room())?;
            entity.tables.try_push(self.tables.len() as u32)?;
            self.tables.try_push_only(table)?;
        }
        for index in entity.memories.len() as u32..image.memory_count() {
            let ty = image.memory(index).ok_or(Error::Usage("not an image"))?;
            entity.memories.try_push(self.add_memory(ty)?)?;
        }
        entity
            .globals
            .try_resize(image.global_cells() as usize, 0)?;
        let segments = image.element_count() + image.data_count();
        entity
            .dropped
            .try_resize(segments.div_ceil(32) as usize, 0)?;
        Ok(self.instances.try_push_only(entity)?)
    }

    /// Sets globals and applies active segments, in the module's order
    /// (section 4.5.4).
    #[inline(never)]
    fn initialize(&mut self, instance: u32, module: &Module) -> Result<(), Error> {
        let image = module.image();
        let imported = self
            .instances
            .get(instance as usize)
            .map_or(0, |entity| entity.imported_globals.len() as u32);
        for index in imported..image.global_count() {
            let Some((_, _, initial)) = image.global(index) else {
                break;
            };
            let bits = self.evaluate(instance, initial)?;
            let address = self
                .instance_global(instance, index)
                .ok_or(Trap::Unreachable)?;
            self.set_global(address, bits);
        }
        for index in 0..image.element_count() {
            let Some(segment) = image.element(index) else {
                break;
            };
            if let SegmentMode::Active { index: table } = segment.mode {
                let to = self.evaluate(instance, segment.offset)? as u32;
                let count = segment.items.count();
                self.table_init(instance, table as u16, index, [to, 0, count])?;
            }
            if segment.mode != SegmentMode::Passive {
                self.drop_segment(instance, index, true);
            }
        }
        for index in 0..image.data_count() {
            let Some(segment) = image.data(index) else {
                break;
            };
            if let SegmentMode::Active { index: memory } = segment.mode {
                let to = self.evaluate(instance, segment.offset)? as u32;
                let length = segment.bytes.len() as u32;
                self.memory_init(instance, memory as u16, index, [to, 0, length])?;
                self.drop_segment(instance, index, false);
            }
        }
        Ok(())
    }
}

impl<T> Store<T> {
    /// Makes an instance and runs its start function.
    pub(crate) fn instantiate(
        &mut self,
        module: &Module,
        imports: &[Extern],
    ) -> Result<Instance, Error> {
        // Constant expressions run on the stack.
        self.give_up_suspended();
        let instance = self.inner.instantiate(module, imports)?;
        if let Some(start) = module.image().start() {
            let handle = self.inner.function_handle(instance.number, start)?;
            debug_assert_ne!(handle, make_handle(HOST, 0xf_ffff));
            let base = self.inner.stack_used;
            self.invoke(handle, base, false)?;
        }
        Ok(instance)
    }
}

impl Instance {
    /// Makes an instance of a module, whose imports are given in the module's
    /// order, and runs its start function. A [`Linker`](crate::Linker) finds
    /// imports by name.
    ///
    /// # Errors
    /// [`Error::UnknownImport`] when imports are missing,
    /// [`Error::IncompatibleImport`] (also when they belong to another store), [`Error::OutOfMemory`], and the traps of
    /// segments that do not fit and of the start function.
    pub fn new<T>(
        store: &mut Store<T>,
        module: &Module,
        imports: &[Extern],
    ) -> Result<Self, Error> {
        store.instantiate(module, imports)
    }
}

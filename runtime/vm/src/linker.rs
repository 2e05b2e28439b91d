//! Finding imports by name.

use alloc::boxed::Box;
use alloc::vec::Vec;

use thimble_wasm::fallible::{OutOfMemory, TryVec};

use crate::engine::Engine;
use crate::error::Error;
use crate::host::{Definition, IntoHostFunction};
use crate::host_table::{HostCode, HostTable};
use crate::instance::{Extern, Instance};
use crate::module::Module;
use crate::shared::{Shared, try_box};
use crate::store::Store;

/// A name: in the program, or a copy.
#[derive(Clone, Debug)]
enum Name {
    Static(&'static str),
    /// The bytes of a text.
    Copied(Vec<u8>),
}

impl Name {
    fn copy(name: &str) -> Result<Self, OutOfMemory> {
        let mut bytes = Vec::new();
        bytes.try_extend(name.as_bytes())?;
        Ok(Self::Copied(bytes))
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Static(name) => name.as_bytes(),
            Self::Copied(name) => name,
        }
    }
}

enum Item<T> {
    Extern(Extern),
    Host(Definition<T>),
}

enum Entry<T> {
    One {
        module: Name,
        name: Name,
        item: Item<T>,
    },
    Table(Shared<Box<dyn HostTable<T>>>),
}

impl<T> Entry<T> {
    /// Whether it defines that name and no other.
    fn is(&self, module: &[u8], name: &[u8]) -> bool {
        match self {
            Self::One {
                module: own,
                name: own_name,
                ..
            } => own.bytes() == module && own_name.bytes() == name,
            Self::Table(_) => false,
        }
    }

    /// What it defines under that name in a store.
    fn find(
        &self,
        module: &str,
        name: &str,
        store: &mut Store<T>,
    ) -> Result<Option<Extern>, Error> {
        let function = match self {
            Self::One { item, .. } if self.is(module.as_bytes(), name.as_bytes()) => match item {
                Item::Extern(item) => return Ok(Some(*item)),
                Item::Host(definition) => definition.in_store(store)?,
            },
            Self::One { .. } => return Ok(None),
            Self::Table(table) => match table.find(module, name) {
                Some((function, ty)) => {
                    let function = HostCode::Table(table.clone(), function, ty);
                    Definition { ty, function }.in_store(store)?
                }
                None => return Ok(None),
            },
        };
        Ok(Some(Extern::Func(function)))
    }
}

/// Definitions by module and name, from which imports are resolved.
///
/// Host functions are of no store: a linker with nothing else serves any number
/// of stores.
pub struct Linker<T> {
    entries: Vec<Entry<T>>,
}

impl<T> core::fmt::Debug for Linker<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Linker")
            .field("definitions", &self.entries.len())
            .finish()
    }
}

impl<T: 'static> Linker<T> {
    /// A linker without definitions.
    #[must_use]
    pub const fn new(_engine: &Engine) -> Self {
        Self {
            entries: Vec::new(),
        }
    }

    /// Adds an item, in place of one of the same names.
    fn add(&mut self, module: Name, name: Name, item: Item<T>) -> Result<&mut Self, Error> {
        let same = |old: &Entry<T>| old.is(module.bytes(), name.bytes());
        let old = self.entries.iter().position(same);
        self.entries.try_push(Entry::One { module, name, item })?;
        if let Some(old) = old {
            self.entries.remove(old);
        }
        Ok(self)
    }

    /// Defines the functions of a table, in place of what has their names. They
    /// take memory in a store when they are imported, and none before.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn table(&mut self, table: impl HostTable<T> + 'static) -> Result<&mut Self, Error> {
        let table: Box<dyn HostTable<T>> = try_box(table)?;
        self.entries
            .try_push(Entry::Table(Shared::try_new(table)?))?;
        Ok(self)
    }

    /// Defines a host function: a closure over Rust numbers, which may take a
    /// [`Caller`](crate::Caller) first.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn func<P>(
        &mut self,
        module: &'static str,
        name: &'static str,
        closure: impl IntoHostFunction<T, P>,
    ) -> Result<&mut Self, Error> {
        let item = Item::Host(Definition::new(closure)?);
        self.add(Name::Static(module), Name::Static(name), item)
    }

    /// Defines an item of a store. Copies the names.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn define(
        &mut self,
        module: &str,
        name: &str,
        item: impl Into<Extern>,
    ) -> Result<&mut Self, Error> {
        let item = Item::Extern(item.into());
        self.add(Name::copy(module)?, Name::copy(name)?, item)
    }

    /// Defines all exports of an instance under the name of a module.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn instance(
        &mut self,
        store: &Store<T>,
        module: &str,
        instance: Instance,
    ) -> Result<&mut Self, Error> {
        for (name, item) in instance.exports(store) {
            self.define(module, name, item)?;
        }
        Ok(self)
    }

    /// Makes an instance of a module and runs its start function.
    ///
    /// # Errors
    /// [`Error::UnknownImport`] and [`Error::IncompatibleImport`] say which
    /// import is wrong, [`Error::Trap`] that segments or the start function
    /// trapped; [`Error::OutOfMemory`].
    pub fn instantiate(&self, store: &mut Store<T>, module: &Module) -> Result<Instance, Error> {
        let mut imports = Vec::new();
        for (index, import) in module.imports().enumerate() {
            // What was defined last counts.
            let mut found = None;
            for entry in self.entries.iter().rev() {
                found = entry.find(import.module, import.name, store)?;
                if found.is_some() {
                    break;
                }
            }
            let index = index as u32;
            imports.try_push(found.ok_or(Error::UnknownImport { index })?)?;
        }
        store.instantiate(module, &imports)
    }
}

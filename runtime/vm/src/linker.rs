//! Finding imports by name.

use alloc::vec::Vec;

use thimble_wasm::fallible::{OutOfMemory, TryVec};

use crate::engine::Engine;
use crate::error::Error;
use crate::host::{Definition, IntoHostFunction};
use crate::instance::{Extern, Instance};
use crate::module::Module;
use crate::store::Store;

/// A name: in the program, or a copy.
#[derive(Clone, Debug)]
enum Name {
    Static(&'static str),
    Copied(Vec<u8>),
}

impl Name {
    fn copy(name: &str) -> Result<Self, OutOfMemory> {
        let mut bytes = Vec::new();
        bytes.try_extend(name.as_bytes())?;
        Ok(Self::Copied(bytes))
    }

    fn is(&self, name: &str) -> bool {
        match self {
            Self::Static(own) => *own == name,
            Self::Copied(own) => own.as_slice() == name.as_bytes(),
        }
    }
}

enum Item<T> {
    Extern(Extern),
    Host(Definition<T>),
}

struct Entry<T> {
    module: Name,
    name: Name,
    item: Item<T>,
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

    /// Adds an entry, in place of one of the same names.
    fn add(&mut self, entry: Entry<T>) -> Result<&mut Self, Error> {
        let same = |name: &Name, other: &Name| match other {
            Name::Static(other) => name.is(other),
            Name::Copied(other) => core::str::from_utf8(other).is_ok_and(|other| name.is(other)),
        };
        let old = self
            .entries
            .iter_mut()
            .find(|old| same(&old.module, &entry.module) && same(&old.name, &entry.name));
        match old {
            Some(old) => *old = entry,
            None => self.entries.try_push(entry)?,
        }
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
        self.add(Entry {
            module: Name::Static(module),
            name: Name::Static(name),
            item,
        })
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
        self.add(Entry {
            module: Name::copy(module)?,
            name: Name::copy(name)?,
            item,
        })
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
            let entry = self
                .entries
                .iter()
                .find(|entry| entry.module.is(import.module) && entry.name.is(import.name));
            let entry = entry.ok_or(Error::UnknownImport {
                index: index as u32,
            })?;
            imports.try_push(match &entry.item {
                Item::Extern(item) => *item,
                Item::Host(definition) => Extern::Func(definition.clone().add(store)?),
            })?;
        }
        store.instantiate(module, &imports)
    }
}

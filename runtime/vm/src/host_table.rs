//! Host functions that stand in a table: a linker looks them up by name, and only
//! those that a module imports take memory.

use alloc::boxed::Box;

use crate::error::Error;
use crate::func::{reader, types, with_cells};
use crate::host::Caller;
use crate::instance::Instance;
use crate::shared::Shared;
use crate::store::{HostFunction, Store};

/// Parameters and results that a function of a table has at most, of each.
const MOST: usize = 16;

/// The type of a host function: value types as the bytes of
/// [`ValueType`](crate::ValueType).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostFunctionType {
    /// The types of the parameters, at most 16.
    pub params: &'static [u8],
    /// The types of the results, at most 16.
    pub results: &'static [u8],
}

/// Functions of the embedder under numbers of its own, for
/// [`Linker::table`](crate::Linker::table).
pub trait HostTable<T>: Send + Sync {
    /// The number of the function with that name, and its type; nothing if there
    /// is none.
    fn find(&self, module: &str, name: &str) -> Option<(u32, HostFunctionType)>;

    /// Calls the function with a number that [`find`](Self::find) gave. Arguments
    /// and results are bits, those of 32-bit numbers in the low half; there are
    /// as many as the function's type says.
    ///
    /// # Errors
    /// What ends the guest: [`Error::exit`], a trap, an error of the embedder's.
    fn call(
        &self,
        function: u32,
        caller: Caller<'_, T>,
        arguments: &[u64],
        results: &mut [u64],
    ) -> Result<(), Error>;
}

/// A function of the embedder as a store keeps it.
pub(crate) enum HostCode<T> {
    Closure(Shared<HostFunction<T>>),
    Table(Shared<Box<dyn HostTable<T>>>, u32, HostFunctionType),
}

impl<T> Clone for HostCode<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Closure(closure) => Self::Closure(closure.clone()),
            Self::Table(table, function, ty) => Self::Table(table.clone(), *function, *ty),
        }
    }
}

impl<T> HostCode<T> {
    /// Whether both are one function.
    pub(crate) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Closure(closure), Self::Closure(other)) => closure.is(other),
            (Self::Table(table, function, _), Self::Table(other, other_function, _)) => {
                table.is(other) && function == other_function
            }
            _ => false,
        }
    }

    /// Calls the function for an instance; its arguments are at `base` on the
    /// stack, where its results come.
    pub(crate) fn call(
        &self,
        store: &mut Store<T>,
        instance: u32,
        base: usize,
    ) -> Result<(), Error> {
        match self {
            Self::Closure(closure) => closure(store, instance, base),
            Self::Table(table, function, ty) => {
                call_table(&***table, *function, *ty, store, instance, base)
            }
        }
    }
}

fn call_table<T>(
    table: &dyn HostTable<T>,
    function: u32,
    ty: HostFunctionType,
    store: &mut Store<T>,
    instance: u32,
    base: usize,
) -> Result<(), Error> {
    const TOO_MANY: Error = Error::Limit("16 parameters or results of a host function");
    let (mut arguments, mut results) = ([0; MOST], [0; MOST]);
    let arguments = arguments.get_mut(..ty.params.len()).ok_or(TOO_MANY)?;
    let results = results.get_mut(..ty.results.len()).ok_or(TOO_MANY)?;
    let mut cells = reader(&store.inner, base);
    for (argument, ty) in arguments.iter_mut().zip(types(ty.params)) {
        *argument = cells.take(ty);
    }
    let instance = Instance::of_caller(instance, store.inner.id);
    table.call(function, Caller { store, instance }, arguments, results)?;
    let width = crate::inner::cells(ty.results);
    with_cells(&mut store.inner, base, width, None, |writer| {
        for (ty, bits) in types(ty.results).zip(results) {
            writer.put(ty, *bits);
        }
    })
}

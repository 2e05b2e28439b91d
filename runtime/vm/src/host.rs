//! Host functions: closures of the embedder that a guest imports.

use core::marker::PhantomData;

use thimble_wasm::fallible::TryVec;

use crate::error::Error;
use crate::func::{Func, reader, with_cells};
use crate::host_table::{HostCode, HostFunctionType};
use crate::inner::{HostSignature, Inner};
use crate::instance::{Extern, Instance};
use crate::items::Memory;
use crate::shared::{Shared, try_box};
use crate::store::{AsContext, AsContextMut, HostFunction, Store};
use crate::values::{Val, WasmType, WasmTypes};

/// What a host function gets of the store that calls it.
#[derive(Debug)]
pub struct Caller<'a, T> {
    pub(crate) store: &'a mut Store<T>,
    /// The instance that called; none if the embedder did.
    pub(crate) instance: Option<Instance>,
}

impl<T> AsContext for Caller<'_, T> {
    type Data = T;
    fn store(&self) -> &Store<T> {
        self.store
    }
}

impl<T> AsContextMut for Caller<'_, T> {
    fn store_mut(&mut self) -> &mut Store<T> {
        self.store
    }
}

impl<T> Caller<'_, T> {
    /// The embedder's data.
    #[must_use]
    pub const fn data(&self) -> &T {
        self.store.data()
    }

    /// The embedder's data, to be changed.
    pub const fn data_mut(&mut self) -> &mut T {
        self.store.data_mut()
    }

    /// An export of the instance that called.
    #[must_use]
    pub fn get_export(&self, name: &str) -> Option<Extern> {
        self.instance?.get_export(&*self.store, name)
    }

    /// Memory 0 of the instance that called.
    #[must_use]
    pub fn memory(&self) -> Option<Memory> {
        let inner = &self.store.inner;
        let index = *inner.entity(self.instance?)?.memories.first()?;
        Some(Memory {
            index,
            store: inner.id,
        })
    }

    /// The bytes of memory 0 of the instance that called, and the embedder's data.
    pub fn memory_and_data_mut(&mut self) -> Option<(&mut [u8], &mut T)> {
        let memory = self.memory()?;
        let (inner, data) = self.store.split();
        let memory = inner.memories.get_mut(memory.index as usize)?;
        Some((memory.bytes_mut(), data))
    }
}

impl<T> Store<T> {
    /// The store's parts.
    pub(crate) const fn split(&mut self) -> (&mut Inner, &mut T) {
        let Self { inner, data, .. } = self;
        (inner, data)
    }
}

/// What a host function may return: nothing, values, or a [`Result`] of these.
pub trait HostResult {
    /// The values.
    type Values: WasmTypes;
    /// The values, or the error.
    ///
    /// # Errors
    /// What the host function returned.
    fn into_result(self) -> Result<Self::Values, Error>;
}

impl<V: WasmTypes> HostResult for V {
    type Values = V;
    fn into_result(self) -> Result<V, Error> {
        Ok(self)
    }
}

impl<V: WasmTypes> HostResult for Result<V, Error> {
    type Values = V;
    fn into_result(self) -> Self {
        self
    }
}

/// A closure that can be a host function: it takes values, optionally a
/// [`Caller`] before them, and returns a [`HostResult`].
///
/// `P` is inferred.
pub trait IntoHostFunction<T, P>: Send + Sync + 'static {
    /// Types of the parameters.
    const PARAMS: &'static [u8];
    /// Types of the results.
    const RESULTS: &'static [u8];
    #[doc(hidden)]
    fn invoke(&self, store: &mut Store<T>, instance: u32, base: usize) -> Result<(), Error>;
}

/// Marks closures that take a [`Caller`].
#[derive(Debug)]
pub struct WithCaller<P>(PhantomData<P>);

fn put_results<V: WasmTypes>(inner: &mut Inner, base: usize, values: V) -> Result<(), Error> {
    let cells = crate::inner::cells(V::TYPES);
    with_cells(inner, base, cells, Some(V::TYPES), |writer| {
        values.write(writer);
    })
}

macro_rules! into_host_function {
    ($($($name:ident)*;)*) => {$(
        impl<T, Closure, Returned, $($name: WasmType),*> IntoHostFunction<T, ($($name,)*)> for Closure
        where
            Closure: Fn($($name),*) -> Returned + Send + Sync + 'static,
            Returned: HostResult,
        {
            const PARAMS: &'static [u8] = <($($name,)*) as WasmTypes>::TYPES;
            const RESULTS: &'static [u8] = Returned::Values::TYPES;
            #[allow(non_snake_case, reason = "a tuple of any length")]
            fn invoke(&self, store: &mut Store<T>, _: u32, base: usize) -> Result<(), Error> {
                let ($($name,)*) = WasmTypes::read(&mut reader(&store.inner, base));
                let values = self($($name),*).into_result()?;
                put_results(&mut store.inner, base, values)
            }
        }

        impl<T, Closure, Returned, $($name: WasmType),*> IntoHostFunction<T, WithCaller<($($name,)*)>>
            for Closure
        where
            Closure: Fn(Caller<'_, T>, $($name),*) -> Returned + Send + Sync + 'static,
            Returned: HostResult,
        {
            const PARAMS: &'static [u8] = <($($name,)*) as WasmTypes>::TYPES;
            const RESULTS: &'static [u8] = Returned::Values::TYPES;
            #[allow(non_snake_case, reason = "a tuple of any length")]
            fn invoke(&self, store: &mut Store<T>, instance: u32, base: usize) -> Result<(), Error> {
                let ($($name,)*) = WasmTypes::read(&mut reader(&store.inner, base));
                let instance = Instance::of_caller(instance, store.inner.id);
                let caller = Caller { store, instance };
                let values = self(caller, $($name),*).into_result()?;
                put_results(&mut store.inner, base, values)
            }
        }
    )*};
}

into_host_function! {
    ;
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H;
    A B C D E F G H I; A B C D E F G H I J; A B C D E F G H I J K; A B C D E F G H I J K L;
}

/// A host function that is not in a store yet.
pub(crate) struct Definition<T> {
    pub ty: HostFunctionType,
    pub function: HostCode<T>,
}

impl<T: 'static> Definition<T> {
    pub(crate) fn new<P, F: IntoHostFunction<T, P>>(closure: F) -> Result<Self, Error> {
        let function: HostFunction<T> = try_box(move |store: &mut Store<T>, instance, base| {
            closure.invoke(store, instance, base)
        })?;
        Ok(Self {
            ty: HostFunctionType {
                params: F::PARAMS,
                results: F::RESULTS,
            },
            function: HostCode::Closure(Shared::try_new(function)?),
        })
    }
}

impl<T> Definition<T> {
    /// The function in a store.
    pub(crate) fn in_store(&self, store: &mut Store<T>) -> Result<Func, Error> {
        Ok(Func {
            handle: store.function(self.ty, &self.function)?,
            store: store.inner.id,
        })
    }
}

impl Func {
    /// Makes a closure a function of a store.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn wrap<T: 'static, P>(
        mut store: impl AsContextMut<Data = T>,
        closure: impl IntoHostFunction<T, P>,
    ) -> Result<Self, Error> {
        Definition::new(closure)?.in_store(store.store_mut())
    }

    /// Makes a closure over values of types that are known at run time only a
    /// function of a store. The closure gets the arguments, and results to be
    /// overwritten, at most 16 of each.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`]; [`Error::Limit`] with too many parameters or results.
    pub fn new<T: 'static>(
        mut store: impl AsContextMut<Data = T>,
        params: &[thimble_wasm::ValueType],
        results: &[thimble_wasm::ValueType],
        closure: impl Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        const MOST: usize = 16;
        if params.len() > MOST || results.len() > MOST {
            return Err(Error::Limit(
                "16 parameters or results of a dynamic host function",
            ));
        }
        let mut values = alloc::vec::Vec::new();
        for &ty in params.iter().chain(results) {
            values.try_push(ty as u8)?;
        }
        let count = params.len();
        let mut types = alloc::vec::Vec::new();
        types.try_extend(params)?;
        types.try_extend(results)?;
        let function: HostFunction<T> = try_box(move |store: &mut Store<T>, instance, base| {
            let (params, results) = types.split_at_checked(count).unwrap_or_default();
            let mut arguments = [Val::I32(0); MOST];
            let mut cells = reader(&store.inner, base);
            for (argument, &ty) in arguments.iter_mut().zip(params) {
                *argument = Val::from_bits(ty, cells.take(ty));
            }
            let mut returned = [Val::I32(0); MOST];
            for (value, &ty) in returned.iter_mut().zip(results) {
                *value = Val::default_of(ty);
            }
            let arguments = arguments.get(..params.len()).unwrap_or_default();
            let returned = returned.get_mut(..results.len()).unwrap_or_default();
            let instance = Instance::of_caller(instance, store.inner.id);
            closure(Caller { store, instance }, arguments, returned)?;
            if returned
                .iter()
                .zip(results)
                .any(|(value, &ty)| value.ty() != ty)
            {
                return Err(Error::Usage(
                    "a host function returned values of other types",
                ));
            }
            let width = results.iter().map(|&ty| crate::inner::cells_of(ty)).sum();
            with_cells(&mut store.inner, base, width, None, |writer| {
                for value in &*returned {
                    writer.put(value.ty(), value.bits());
                }
            })
        })?;
        let signature = HostSignature::Owned {
            values,
            params: count,
        };
        let store = store.store_mut();
        Ok(Self {
            handle: store.add_function(signature, HostCode::Closure(Shared::try_new(function)?))?,
            store: store.inner.id,
        })
    }
}

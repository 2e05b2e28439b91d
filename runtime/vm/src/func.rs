//! Functions, as the embedder calls them.

use core::marker::PhantomData;

use thimble_wasm::ValueType;

use crate::error::Error;
use crate::inner::Inner;
use crate::store::{AsContext, AsContextMut, Store, Suspended};
use crate::values::{CellReader, CellWriter, Val, WasmTypes};

/// A function of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Func {
    pub(crate) handle: u32,
    /// The number of its store.
    pub(crate) store: u32,
}

/// The types of a function's parameters and results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FuncType<'a> {
    params: &'a [u8],
    results: &'a [u8],
}

impl<'a> FuncType<'a> {
    /// The parameters' types.
    pub fn params(&self) -> impl ExactSizeIterator<Item = ValueType> + use<'a> {
        types(self.params)
    }

    /// The results' types.
    pub fn results(&self) -> impl ExactSizeIterator<Item = ValueType> + use<'a> {
        types(self.results)
    }
}

pub(crate) fn types(bytes: &[u8]) -> impl ExactSizeIterator<Item = ValueType> + use<'_> {
    // The bytes of a signature are those of value types.
    bytes
        .iter()
        .map(|&byte| ValueType::from_byte(byte).unwrap_or(ValueType::I32))
}

pub(crate) const FOREIGN: Error = Error::Usage("the function does not belong to this store");
const WRONG_ARGUMENTS: Error = Error::Usage("the arguments do not fit the function's type");

impl Func {
    /// The function with that handle (low half) and store; none for null.
    pub(crate) fn from_bits(bits: u64) -> Option<Self> {
        let (handle, store) = (bits as u32, (bits >> 32) as u32);
        (handle != 0).then_some(Self { handle, store })
    }

    /// Parameters and results.
    fn signature(self, inner: &Inner) -> Result<(&[u8], &[u8]), Error> {
        let handle = inner.resolve(self).ok_or(FOREIGN)?;
        inner.signature(handle).ok_or(FOREIGN)
    }

    /// The function's type.
    ///
    /// # Errors
    /// [`Error::Usage`] when the function does not belong to the store.
    pub fn ty<'a, T: 'a>(&self, store: &'a Store<T>) -> Result<FuncType<'a>, Error> {
        let (params, results) = self.signature(&store.inner)?;
        Ok(FuncType { params, results })
    }

    /// Calls the function. `arguments` and `results` must be as many as the
    /// function has; what `results` hold before does not matter.
    ///
    /// # Errors
    /// [`Error::Trap`], what a host function returned, or [`Error::Usage`] when the
    /// arguments do not fit, or they or the function belong to another store.
    pub fn call(
        &self,
        mut store: impl AsContextMut,
        arguments: &[Val],
        results: &mut [Val],
    ) -> Result<(), Error> {
        let store = store.store_mut();
        store.give_up_suspended();
        let base = store.inner.stack_used;
        let ty = self.ty(store)?;
        let fit = ty.params().len() == arguments.len()
            && ty
                .params()
                .zip(arguments)
                .all(|(ty, value)| ty == value.ty())
            && ty.results().len() == results.len();
        if !fit {
            return Err(WRONG_ARGUMENTS);
        }
        let cells = crate::inner::cells(ty.params).max(crate::inner::cells(ty.results));
        for (ty, result) in ty.results().zip(results.iter_mut()) {
            *result = Val::default_of(ty);
        }
        // Their types were compared already.
        with_cells(&mut store.inner, base, cells, None, |writer| {
            for value in arguments {
                writer.put(value.ty(), value.bits());
            }
        })?;
        store.invoke(self.handle, base, false)?;
        let mut reader = reader(&store.inner, base);
        for result in results {
            *result = Val::from_bits(result.ty(), reader.take(result.ty()));
        }
        Ok(())
    }

    /// The function with Rust types.
    ///
    /// # Errors
    /// [`Error::Usage`] when the types are not those of the function, or it does
    /// not belong to the store.
    pub fn typed<P: WasmTypes, R: WasmTypes>(
        &self,
        store: impl AsContext,
    ) -> Result<TypedFunc<P, R>, Error> {
        let store = store.store();
        let (params, results) = self.signature(&store.inner)?;
        if params == P::TYPES && results == R::TYPES {
            Ok(TypedFunc {
                func: *self,
                types: PhantomData,
            })
        } else {
            Err(Error::Usage("the function has another type"))
        }
    }
}

/// Reserves cells of the stack and writes values of these types to them.
pub(crate) fn with_cells(
    inner: &mut Inner,
    base: usize,
    cells: usize,
    types: Option<&[u8]>,
    write: impl FnOnce(&mut CellWriter<'_>),
) -> Result<(), Error> {
    inner.reserve_stack(base + cells)?;
    let cells = inner.stack.get_mut(base..).unwrap_or_default();
    let mut writer = CellWriter {
        cells: cells.iter_mut(),
        types: types.map(<[u8]>::iter),
        instances: &inner.instances,
        host_functions: &inner.host_functions,
        store: inner.id,
        error: None,
    };
    write(&mut writer);
    writer.finish()
}

/// Reads the stack from a cell on.
pub(crate) fn reader(inner: &Inner, base: usize) -> CellReader<'_> {
    CellReader {
        cells: inner.stack.get(base..).unwrap_or_default().iter(),
        store: inner.id,
    }
}

/// A function whose parameters and results are Rust types.
#[derive(Debug)]
pub struct TypedFunc<P, R> {
    func: Func,
    types: PhantomData<fn(P) -> R>,
}

impl<P, R> Clone for TypedFunc<P, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, R> Copy for TypedFunc<P, R> {}

/// How a resumable call went on.
#[derive(Debug)]
pub enum Invocation<R> {
    /// The function returned.
    Finished(R),
    /// A host function suspended the run, or the fuel is used up.
    Suspended(Suspension<R>),
}

/// A run that waits to be resumed. A store keeps one: the next call from
/// outside the guest gives it up, and so does making an instance.
#[derive(Debug)]
pub struct Suspension<R> {
    number: u32,
    /// The number of its store.
    store: u32,
    /// Why the run waits: [`Error::Suspended`] or the trap
    /// [`OutOfFuel`](crate::Trap::OutOfFuel).
    pub reason: Error,
    results: PhantomData<R>,
}

impl<P: WasmTypes, R: WasmTypes> TypedFunc<P, R> {
    /// The function without its types.
    #[must_use]
    pub const fn func(&self) -> Func {
        self.func
    }

    fn start(
        &self,
        store: &mut Store<impl Sized>,
        params: P,
        resumable: bool,
    ) -> Result<usize, Error> {
        store.give_up_suspended();
        let handle = store.inner.resolve(self.func).ok_or(FOREIGN)?;
        let base = store.inner.stack_used;
        let cells = crate::inner::cells(P::TYPES).max(crate::inner::cells(R::TYPES));
        with_cells(&mut store.inner, base, cells, Some(P::TYPES), |writer| {
            params.write(writer);
        })?;
        store.invoke(handle, base, resumable)?;
        Ok(base)
    }

    /// Calls the function.
    ///
    /// # Errors
    /// [`Error::Trap`], what a host function returned, or [`Error::Usage`] when the
    /// function or an argument belongs to another store.
    pub fn call(&self, mut store: impl AsContextMut, params: P) -> Result<R, Error> {
        let store = store.store_mut();
        let base = self.start(store, params, false)?;
        Ok(R::read(&mut reader(&store.inner, base)))
    }

    /// Calls the function so that it can go on after a host function has
    /// suspended it, and after the fuel was used up.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub fn call_resumable(
        &self,
        mut store: impl AsContextMut,
        params: P,
    ) -> Result<Invocation<R>, Error> {
        let store = store.store_mut();
        let result = self.start(store, params, true);
        invocation(store, result)
    }
}

fn invocation<R: WasmTypes>(
    store: &Store<impl Sized>,
    result: Result<usize, Error>,
) -> Result<Invocation<R>, Error> {
    match (result, &store.suspended) {
        (Ok(base), _) => Ok(Invocation::Finished(R::read(&mut reader(
            &store.inner,
            base,
        )))),
        (Err(reason), Some(suspended)) => Ok(Invocation::Suspended(Suspension {
            number: suspended.number,
            store: store.inner.id,
            reason,
            results: PhantomData,
        })),
        (Err(error), None) => Err(error),
    }
}

impl<R: WasmTypes> Suspension<R> {
    /// Goes on, after fuel was added or what the host function waited for has
    /// come. `host_results` are the results of the host function that suspended
    /// the run, `()` if it has none or if the fuel was used up.
    ///
    /// # Errors
    /// As [`TypedFunc::call`]; [`Error::Usage`] when the run was given up or is
    /// another store's, or the results are not those of the host function.
    pub fn resume<H: WasmTypes>(
        self,
        mut store: impl AsContextMut,
        host_results: H,
    ) -> Result<Invocation<R>, Error> {
        let store = store.store_mut();
        let taken = store
            .suspended
            .take_if(|suspended| suspended.number == self.number && self.store == store.inner.id);
        let Some(Suspended {
            mut run,
            base,
            handle,
            host,
            ..
        }) = taken
        else {
            return Err(Error::Usage("the suspended run was given up"));
        };
        let results = match host {
            Some((index, _)) => {
                let handle = crate::inner::make_handle(crate::inner::HOST, index);
                store
                    .inner
                    .signature(handle)
                    .map_or(&[][..], |(_, results)| results)
            }
            None => &[],
        };
        if results != H::TYPES {
            run.end(&mut store.inner);
            return Err(Error::Usage(
                "not the results of the host function that suspended",
            ));
        }
        if let Some((_, at)) = host {
            let cells = crate::inner::cells(H::TYPES);
            let written = with_cells(&mut store.inner, at, cells, Some(H::TYPES), |writer| {
                host_results.write(writer);
            });
            if let Err(error) = written {
                run.end(&mut store.inner);
                return Err(error);
            }
            run.after_host(&store.inner, at);
        }
        let result = store.drive(run, base, handle, true).map(|()| base);
        invocation(store, result)
    }
}

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

fn types(bytes: &[u8]) -> impl ExactSizeIterator<Item = ValueType> + use<'_> {
    // The bytes of a signature are those of value types.
    bytes
        .iter()
        .map(|&byte| ValueType::from_byte(byte).unwrap_or(ValueType::I32))
}

const FOREIGN: Error = Error::Usage("the function does not belong to this store");
const WRONG_ARGUMENTS: Error = Error::Usage("the arguments do not fit the function's type");

impl Func {
    pub(crate) fn from_handle(handle: u32) -> Option<Self> {
        (handle != 0).then_some(Self { handle })
    }

    /// The function's type.
    ///
    /// # Errors
    /// [`Error::Usage`] when the function does not belong to the store.
    pub fn ty<'a, T: 'a>(&self, store: &'a Store<T>) -> Result<FuncType<'a>, Error> {
        let (params, results) = store.inner.signature(self.handle).ok_or(FOREIGN)?;
        Ok(FuncType { params, results })
    }

    /// Calls the function. `arguments` and `results` must be as many as the
    /// function has; what `results` hold before does not matter.
    ///
    /// # Errors
    /// [`Error::Trap`], what a host function returned, or [`Error::Usage`].
    pub fn call(
        &self,
        mut store: impl AsContextMut,
        arguments: &[Val],
        results: &mut [Val],
    ) -> Result<(), Error> {
        let store = store.store_mut();
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
        with_cells(&mut store.inner, base, cells, |writer| {
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
    /// [`Error::Usage`] when the types are not those of the function.
    pub fn typed<P: WasmTypes, R: WasmTypes>(
        &self,
        store: impl AsContext,
    ) -> Result<TypedFunc<P, R>, Error> {
        let (params, results) = store.store().inner.signature(self.handle).ok_or(FOREIGN)?;
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

/// Reserves cells of the stack and writes to them.
pub(crate) fn with_cells(
    inner: &mut Inner,
    base: usize,
    cells: usize,
    write: impl FnOnce(&mut CellWriter<'_>),
) -> Result<(), Error> {
    inner.reserve_stack(base + cells)?;
    let cells = inner.stack.get_mut(base..).unwrap_or_default();
    write(&mut CellWriter {
        cells: cells.iter_mut(),
    });
    Ok(())
}

/// Reads the stack from a cell on.
pub(crate) fn reader(inner: &Inner, base: usize) -> CellReader<'_> {
    CellReader {
        cells: inner.stack.get(base..).unwrap_or_default().iter(),
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
/// outside the guest gives it up.
#[derive(Debug)]
pub struct Suspension<R> {
    number: u32,
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
        let base = store.inner.stack_used;
        let cells = crate::inner::cells(P::TYPES).max(crate::inner::cells(R::TYPES));
        with_cells(&mut store.inner, base, cells, |writer| params.write(writer))?;
        store.invoke(self.func.handle, base, resumable)?;
        Ok(base)
    }

    /// Calls the function.
    ///
    /// # Errors
    /// [`Error::Trap`], or what a host function returned.
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
    /// As [`TypedFunc::call`]; [`Error::Usage`] when the run was given up, or the
    /// results are not those of the host function.
    pub fn resume<H: WasmTypes>(
        self,
        mut store: impl AsContextMut,
        host_results: H,
    ) -> Result<Invocation<R>, Error> {
        let store = store.store_mut();
        let taken = store
            .suspended
            .take_if(|suspended| suspended.number == self.number);
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
            with_cells(
                &mut store.inner,
                at,
                crate::inner::cells(H::TYPES),
                |writer| {
                    host_results.write(writer);
                },
            )?;
            run.after_host(&store.inner, at);
        }
        let result = store.drive(run, base, handle, true).map(|()| base);
        invocation(store, result)
    }
}

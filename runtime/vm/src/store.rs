//! Stores: what instances, memories, tables and globals live in.

use alloc::boxed::Box;
use alloc::vec::Vec;

use portable_atomic::Ordering;
use thimble_wasm::fallible::TryVec;

use crate::engine::Engine;
use crate::error::Error;
use crate::execute::{Outcome, Run};
use crate::host_table::{HostCode, HostFunctionType};
use crate::inner::{FUEL, Frame, HOST, HostSignature, Inner, cells, split_handle};
use crate::monitor::{InterruptHandle, Monitor, Watched};
use crate::shared::Shared;
use crate::trap::Trap;

/// A function of the embedder: gets the store, the instance that called, and
/// the cell of the stack where the arguments are and the results go.
pub(crate) type HostFunction<T> =
    Box<dyn Fn(&mut Store<T>, u32, usize) -> Result<(), Error> + Send + Sync>;

/// The error of a run whose store a host function has moved away.
const EXCHANGED: Error = Error::Usage("a host function exchanged the store of the run");

/// What instances, memories, tables and globals live in, with data of the
/// embedder's. Dropping it gives back all of it.
pub struct Store<T> {
    pub(crate) inner: Inner,
    pub(crate) functions: Vec<HostCode<T>>,
    pub(crate) data: T,
    /// The run that a host function suspended or that ran out of fuel.
    pub(crate) suspended: Option<Suspended>,
    suspensions: u32,
}

/// A run that can be resumed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Suspended {
    pub number: u32,
    pub run: Run,
    pub base: usize,
    pub handle: u32,
    /// The host function that suspended, and the cell of its results.
    pub host: Option<(u32, usize)>,
}

impl<T: core::fmt::Debug> core::fmt::Debug for Store<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Store")
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

impl<T> Store<T> {
    /// An empty store.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn new(engine: &Engine, data: T) -> Result<Self, Error> {
        let watched = Shared::try_new(Watched::default())?;
        Ok(Self {
            inner: Inner::new(&engine.config, watched),
            functions: Vec::new(),
            data,
            suspended: None,
            suspensions: 0,
        })
    }

    /// The embedder's data.
    pub const fn data(&self) -> &T {
        &self.data
    }

    /// The embedder's data, to be changed.
    pub const fn data_mut(&mut self) -> &mut T {
        &mut self.data
    }

    /// Ends the store and returns the embedder's data.
    pub fn into_data(self) -> T {
        self.data
    }

    /// Bounds execution from now on to `fuel` back edges and calls; `None`
    /// removes the bound. A run that is out of fuel ends with
    /// [`Trap::OutOfFuel`], or can be resumed if it was called resumably.
    pub fn set_fuel(&mut self, fuel: Option<u64>) {
        let word = &self.inner.watched.interrupt;
        match fuel {
            Some(_) => word.fetch_or(FUEL, Ordering::Relaxed),
            None => word.fetch_and(!FUEL, Ordering::Relaxed),
        };
        self.inner.fuel = fuel.unwrap_or_default();
    }

    /// The fuel that is left; `None` if there is no bound.
    pub fn fuel(&self) -> Option<u64> {
        let bounded = self.inner.watched.interrupt.load(Ordering::Relaxed) & FUEL != 0;
        bounded.then_some(self.inner.fuel)
    }

    /// A handle that stops the guests of this store from another thread.
    pub fn interrupt_handle(&self) -> InterruptHandle {
        InterruptHandle(self.inner.watched.clone())
    }

    /// A handle that tells another thread how much this store uses.
    pub fn monitor(&self) -> Monitor {
        Monitor(self.inner.watched.clone())
    }

    /// Where the last trap happened, innermost function first. At most
    /// [`Limits::backtrace_frames`](crate::Limits::backtrace_frames) frames.
    pub fn backtrace(&self) -> impl Iterator<Item = (Frame, Option<&str>)> {
        self.inner.backtrace.iter().map(|frame| {
            let entity = self.inner.instances.get(frame.instance as usize);
            (
                *frame,
                entity.and_then(|entity| entity.module.function_name(frame.function)),
            )
        })
    }

    /// The handle of a function of the embedder, which is added unless it is there.
    pub(crate) fn function(
        &mut self,
        ty: HostFunctionType,
        function: &HostCode<T>,
    ) -> Result<u32, Error> {
        match self.functions.iter().position(|known| known.same(function)) {
            Some(index) => Ok(crate::inner::make_handle(HOST, index as u32)),
            None => self.add_function(HostSignature::Static(ty), function.clone()),
        }
    }

    /// Adds a function of the embedder and returns its handle.
    pub(crate) fn add_function(
        &mut self,
        signature: HostSignature,
        function: HostCode<T>,
    ) -> Result<u32, Error> {
        let index = self.functions.len() as u32;
        if index >= crate::inner::MAX_FUNCTIONS {
            return Err(Error::Limit("host functions of a store"));
        }
        self.functions.try_push(function)?;
        if let Err(error) = self.inner.host_functions.try_push(signature) {
            self.functions.pop();
            return Err(error.into());
        }
        Ok(crate::inner::make_handle(HOST, index))
    }

    /// Calls a function whose arguments are at `base` on the stack, where its
    /// results come.
    pub(crate) fn invoke(
        &mut self,
        handle: u32,
        base: usize,
        resumable: bool,
    ) -> Result<(), Error> {
        if self.inner.depth >= self.inner.config.limits.host_depth {
            return Err(Error::Trap(Trap::StackOverflow));
        }
        if self.inner.depth == 0 {
            self.inner.backtrace.clear();
        }
        let (instance, index) = split_handle(handle);
        if instance == HOST {
            return self.call_host(index, u32::MAX, base);
        }
        let run = Run::start(&mut self.inner, handle, base)?;
        self.drive(run, base, handle, resumable)
    }

    /// Forgets the suspended run: whoever uses the stack anew has given it up.
    pub(crate) fn give_up_suspended(&mut self) {
        if let Some(suspended) = self.suspended.take() {
            suspended.run.end(&mut self.inner);
            self.inner.stack_used = suspended.base;
        }
    }

    /// Calls a function of the embedder.
    fn call_host(&mut self, index: u32, instance: u32, base: usize) -> Result<(), Error> {
        let function = self.functions.get(index as usize).cloned();
        let function = function.ok_or(Error::Usage("no such host function"))?;
        let signature = self.inner.host_functions.get(index as usize);
        let (params, results) = signature.map(HostSignature::types).unwrap_or_default();
        let store = self.inner.id;
        let before = self.inner.stack_used;
        let used = base + cells(params).max(cells(results));
        self.inner.reserve_stack(used)?;
        self.inner.stack_used = used;
        self.inner.depth += 1;
        let result = function.call(self, instance, base);
        if self.inner.id != store {
            return Err(EXCHANGED);
        }
        self.inner.depth -= 1;
        self.inner.stack_used = before;
        result
    }

    /// Runs until the function returns, calling the embedder's functions.
    pub(crate) fn drive(
        &mut self,
        mut run: Run,
        base: usize,
        handle: u32,
        resumable: bool,
    ) -> Result<(), Error> {
        let store = self.inner.id;
        self.inner.depth += 1;
        let (error, host) = loop {
            match run.resume(&mut self.inner) {
                Outcome::Finished => break (None, None),
                Outcome::Trap(trap) => break (Some(Error::Trap(trap)), None),
                Outcome::Host { index, base } => {
                    // The run itself counts for the call's depth.
                    self.inner.depth -= 1;
                    let result = self.call_host(index, run.instance, base);
                    if self.inner.id != store {
                        // The run is of a store that is elsewhere now, or nowhere.
                        return Err(EXCHANGED);
                    }
                    self.inner.depth += 1;
                    match result {
                        Ok(()) => {
                            // What a run below noted was handled.
                            self.inner.backtrace.clear();
                            run.after_host(&self.inner, base);
                        }
                        Err(error) => break (Some(error), Some((index, base))),
                    }
                }
            }
        };
        self.inner.depth -= 1;
        let Some(error) = error else { return Ok(()) };
        // Without fuel a run goes on where it stopped, but not behind a host
        // function that failed for want of fuel and so has no results.
        let suspends = match error {
            Error::Suspended => host.is_some(),
            Error::Trap(Trap::OutOfFuel) => host.is_none(),
            _ => false,
        };
        if resumable && suspends && self.inner.depth == 0 {
            self.suspensions = self.suspensions.wrapping_add(1);
            self.suspended = Some(Suspended {
                number: self.suspensions,
                run,
                base,
                handle,
                host,
            });
            return Err(error);
        }
        // The innermost run knows best where it happened.
        if self.inner.backtrace.is_empty() {
            run.note_backtrace(&mut self.inner);
        }
        run.end(&mut self.inner);
        Err(error)
    }
}

/// What is, or leads to, a store.
pub trait AsContext {
    /// The embedder's data in the store.
    type Data;
    /// The store.
    fn store(&self) -> &Store<Self::Data>;
}

/// What is, or leads to, a store that can be changed.
pub trait AsContextMut: AsContext {
    /// The store.
    fn store_mut(&mut self) -> &mut Store<Self::Data>;
}

impl<T> AsContext for Store<T> {
    type Data = T;
    fn store(&self) -> &Self {
        self
    }
}

impl<T> AsContextMut for Store<T> {
    fn store_mut(&mut self) -> &mut Self {
        self
    }
}

impl<C: AsContext> AsContext for &C {
    type Data = C::Data;
    fn store(&self) -> &Store<C::Data> {
        C::store(self)
    }
}

impl<C: AsContext> AsContext for &mut C {
    type Data = C::Data;
    fn store(&self) -> &Store<C::Data> {
        C::store(self)
    }
}

impl<C: AsContextMut> AsContextMut for &mut C {
    fn store_mut(&mut self) -> &mut Store<C::Data> {
        C::store_mut(self)
    }
}

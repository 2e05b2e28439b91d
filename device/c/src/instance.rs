//! Instances: a store for each, and who may use it when.

use core::cell::{Cell, UnsafeCell};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, Ordering};

#[cfg(feature = "wasi")]
use thimble::wasi::WasiContext;
use thimble::{Error, InterruptHandle, Linker, Memory, Monitor, Store, Trap};
use thimble_platform::{Platform, WakeHandle};

use crate::abi;
use crate::arguments::NULL;
use crate::error::{Failure, Kind};
use crate::module::Owner;

/// There is none.
#[cfg(not(feature = "wasi"))]
type WasiContext = core::convert::Infallible;

/// The data of a store.
#[derive(Debug)]
#[cfg_attr(not(feature = "wasi"), allow(dead_code, reason = "there is none"))]
pub(crate) struct Data {
    /// A program's side of WASI.
    pub(crate) wasi: Option<WasiContext>,
}

/// A wake object, which ends the waits of a program; destroyed with this.
pub(crate) struct Wake {
    platform: &'static dyn Platform,
    handle: WakeHandle,
}

#[cfg_attr(not(feature = "wasi"), allow(dead_code, reason = "for programs only"))]
impl Wake {
    pub(crate) fn new(platform: &'static dyn Platform) -> Result<Self, Failure> {
        Ok(Self {
            platform,
            handle: platform.wakes().create()?,
        })
    }

    pub(crate) const fn handle(&self) -> WakeHandle {
        self.handle
    }
}

impl Drop for Wake {
    fn drop(&mut self) {
        // Nobody polls with it any more.
        let _ = self.platform.wakes().destroy(self.handle);
    }
}

/// Defines what a program imports beside native functions.
pub(crate) type Define = fn(&mut Linker<Data>) -> Result<(), Error>;

/// What an instance has of WASI.
#[cfg_attr(not(feature = "wasi"), allow(dead_code, reason = "for programs only"))]
pub(crate) struct Wasi {
    pub(crate) context: WasiContext,
    pub(crate) wake: Wake,
    pub(crate) define: Define,
}

/// `struct thimble_instance`. Cells are used by the one thread that may use the
/// instance; the fields from `stopped` on by any. Dropped in the order of the fields.
pub struct Instance {
    store: UnsafeCell<Store<Data>>,
    /// The way to the store for whoever may use it now: null while a guest runs; while
    /// a native function does, what that was lent.
    current: Cell<*mut Store<Data>>,
    /// Calls with this instance that have not returned.
    calls: Cell<u32>,
    /// The guest, or why it could not be made; none before that was tried.
    pub(crate) guest: Cell<Option<Result<thimble::Instance, Error>>>,
    pub(crate) memory: Cell<Option<Memory>>,
    pub(crate) natives: &'static [abi::Native],
    pub(crate) define: Option<Define>,
    error: Cell<abi::Error>,
    stopped: AtomicBool,
    interrupt: InterruptHandle,
    pub(crate) monitor: Monitor,
    wake: Option<Wake>,
    /// The image may lie where the module keeps it.
    pub(crate) module: Owner,
}

pub(crate) const BUSY: Failure = Failure::new(Kind::Busy, "the instance is in use");

impl Instance {
    /// An instance whose guest is not made; [`settle`](Self::settle) completes it.
    pub(crate) fn new(
        store: Store<Data>,
        module: Owner,
        natives: &'static [abi::Native],
        wasi: Option<(Wake, Define)>,
    ) -> Self {
        let (interrupt, monitor) = (store.interrupt_handle(), store.monitor());
        let (wake, define) = wasi.unzip();
        Self {
            store: UnsafeCell::new(store),
            current: Cell::new(null_mut()),
            calls: Cell::new(0),
            guest: Cell::new(None),
            memory: Cell::new(None),
            natives,
            define,
            error: Cell::new(abi::Error {
                status: 0,
                message_length: 0,
                message: "".as_ptr(),
                subject: [0; 40],
            }),
            stopped: AtomicBool::new(false),
            interrupt,
            monitor,
            wake,
            module,
        }
    }

    /// Lets the store be used, now that the instance is where it stays.
    pub(crate) fn settle(&self) {
        self.current.set(self.store.get());
    }

    /// Whether nobody uses the instance.
    pub(crate) fn is_idle(&self) -> bool {
        self.calls.get() == 0
    }

    /// Uses the store, unless a guest runs.
    fn enter<R>(&self, work: impl FnOnce(&mut Store<Data>) -> R) -> Result<R, Failure> {
        let pointer = self.current.replace(null_mut());
        // SAFETY: `current` is null or leads to the store in a way that nobody else
        // uses: from `settle` on it is the only one, and `lend` puts there one that it
        // was given exclusively. It is null until `work` is done.
        let store = unsafe { pointer.as_mut() }.ok_or(BUSY)?;
        self.calls.set(self.calls.get().saturating_add(1));
        let result = work(store);
        self.calls.set(self.calls.get().saturating_sub(1));
        self.current.set(pointer);
        Ok(result)
    }

    /// Lets others use the store, which this thread has, while `work` is done.
    pub(crate) fn lend<R>(&self, store: &mut Store<Data>, work: impl FnOnce() -> R) -> R {
        let before = self.current.replace(store);
        let result = work();
        self.current.set(before);
        result
    }

    /// Does the work of a call with this instance, and turns what comes of it into what
    /// C is told; `subject` is what it is about.
    pub(crate) fn answer(
        &self,
        subject: &str,
        work: impl FnOnce(&mut Store<Data>) -> Result<(), Failure>,
    ) -> i32 {
        match self.enter(work) {
            Ok(Ok(())) => 0,
            Ok(Err(failure)) => {
                self.error.set(self.explain(failure, subject));
                failure.status()
            }
            // The error is for the thread that uses the instance to set.
            Err(failure) => failure.status(),
        }
    }

    fn explain(&self, failure: Failure, subject: &str) -> abi::Error {
        let mut imports = self.module.program().imports();
        let import = failure
            .import()
            .and_then(|index| imports.nth(index as usize));
        match import {
            Some(import) => failure.about(&[import.module, ".", import.name]),
            None => failure.about(&[subject]),
        }
    }

    /// The last error, where it is kept.
    pub(crate) fn error(&self) -> *const abi::Error {
        self.error.as_ptr()
    }

    pub(crate) fn stop(&self) {
        // Before the guest can see that it is interrupted.
        self.stopped.store(true, Ordering::Release);
        self.interrupt.stop();
        if let Some(wake) = &self.wake {
            // It is destroyed only with the instance.
            let _ = wake.platform.wakes().wake(wake.handle);
        }
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    /// Fails if the instance was stopped: what was told to the store is forgotten once
    /// a run has ended.
    pub(crate) fn check_stopped(&self) -> Result<(), Error> {
        match self.is_stopped() {
            true => Err(Error::Trap(Trap::Interrupted)),
            false => Ok(()),
        }
    }
}

/// As [`Instance::answer`], for a handle from C.
///
/// # Safety
///
/// The instance lives, or is null.
pub(crate) unsafe fn answer(
    instance: *const Instance,
    subject: &str,
    work: impl FnOnce(&Instance, &mut Store<Data>) -> Result<(), Failure>,
) -> i32 {
    // SAFETY: by this function's own condition.
    match unsafe { instance.as_ref() } {
        Some(instance) => instance.answer(subject, |store| work(instance, store)),
        None => NULL.status(),
    }
}

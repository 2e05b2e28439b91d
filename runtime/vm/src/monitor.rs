//! What another thread may see of a store, and stop, while its guests run.

use portable_atomic::{AtomicU32, AtomicUsize, Ordering};

use crate::inner::STOP;
use crate::shared::Shared;

/// The part of a store that other threads reach.
#[derive(Debug, Default)]
pub(crate) struct Watched {
    /// Not 0 when a back edge or call is to look closer.
    pub interrupt: AtomicU32,
    memory_bytes: AtomicUsize,
    stack_bytes: AtomicUsize,
}

impl Watched {
    pub(crate) fn note_memory(&self, bytes: usize) {
        self.memory_bytes.store(bytes, Ordering::Relaxed);
    }

    pub(crate) fn note_stack(&self, bytes: usize) {
        self.stack_bytes.store(bytes, Ordering::Relaxed);
    }
}

/// Stops the guests of a store from another thread.
#[derive(Clone, Debug)]
pub struct InterruptHandle(pub(crate) Shared<Watched>);

impl InterruptHandle {
    /// Stops the run in progress, or the next one, at its next back edge or
    /// call: it ends with [`Trap::Interrupted`](crate::Trap::Interrupted). A host
    /// function that blocks is woken by what the embedder gave it to be woken by.
    pub fn stop(&self) {
        self.0.interrupt.fetch_or(STOP, Ordering::Relaxed);
    }
}

/// Tells how much a store uses, from any thread and while its guests run. It
/// may outlive the store, which then uses nothing.
#[derive(Clone, Debug)]
pub struct Monitor(pub(crate) Shared<Watched>);

impl Monitor {
    /// The bytes of all linear memories of the store together.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.0.memory_bytes.load(Ordering::Relaxed)
    }

    /// The bytes allocated for the stack of the guests, which grows as calls
    /// need it and does not shrink.
    #[must_use]
    pub fn stack_bytes(&self) -> usize {
        self.0.stack_bytes.load(Ordering::Relaxed)
    }
}

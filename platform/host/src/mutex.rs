//! Mutexes that know their owner.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::ThreadId;

use thimble_platform::{ErrorKind, MutexHandle, Mutexes, Result};

use crate::table::{Table, locked};

/// All mutexes.
#[derive(Debug, Default)]
pub(crate) struct HostMutexes(Table<HostMutex>);

impl HostMutexes {
    pub(crate) fn get(&self, mutex: MutexHandle) -> Result<Arc<HostMutex>> {
        self.0.get(mutex.raw())
    }
}

/// One mutex. `std`'s cannot be unlocked by another call than the one that
/// locked it, so it guards the state of this one instead.
#[derive(Debug, Default)]
pub(crate) struct HostMutex {
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    owner: Option<ThreadId>,
    waiting: usize,
}

impl HostMutex {
    pub(crate) fn lock(&self) -> Result<()> {
        let current = std::thread::current().id();
        let mut state = locked(&self.state);
        if state.owner == Some(current) {
            return Err(ErrorKind::Deadlock.into());
        }
        state.waiting += 1;
        while state.owner.is_some() {
            state = self
                .freed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.waiting -= 1;
        state.owner = Some(current);
        Ok(())
    }

    pub(crate) fn unlock(&self) -> Result<()> {
        let mut state = locked(&self.state);
        if state.owner != Some(std::thread::current().id()) {
            return Err(ErrorKind::NotPermitted.into());
        }
        state.owner = None;
        drop(state);
        self.freed.notify_one();
        Ok(())
    }
}

impl Mutexes for HostMutexes {
    fn create(&self) -> Result<MutexHandle> {
        self.0
            .insert(HostMutex::default())
            .map(MutexHandle::from_raw)
    }

    fn lock(&self, mutex: MutexHandle) -> Result<()> {
        self.get(mutex)?.lock()
    }

    fn try_lock(&self, mutex: MutexHandle) -> Result<bool> {
        let mutex = self.get(mutex)?;
        let mut state = locked(&mutex.state);
        if state.owner.is_some() {
            return Ok(false);
        }
        state.owner = Some(std::thread::current().id());
        Ok(true)
    }

    fn unlock(&self, mutex: MutexHandle) -> Result<()> {
        self.get(mutex)?.unlock()
    }

    fn destroy(&self, mutex: MutexHandle) -> Result<()> {
        self.0
            .remove_if(mutex.raw(), |mutex| {
                let state = locked(&mutex.state);
                if state.owner.is_some() || state.waiting > 0 {
                    return Err(ErrorKind::Busy.into());
                }
                Ok(())
            })
            .map(drop)
    }
}

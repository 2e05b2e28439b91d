//! Mutual exclusion.

use thimble_platform::{MutexHandle, Mutexes, Result};

use crate::platform::CPlatform;
use crate::status::{done, flag, handle};

unsafe extern "C" {
    fn thimble_platform_mutex_create(mutex: *mut usize) -> i32;
    safe fn thimble_platform_mutex_lock(mutex: usize) -> i32;
    safe fn thimble_platform_mutex_try_lock(mutex: usize) -> i32;
    safe fn thimble_platform_mutex_unlock(mutex: usize) -> i32;
    safe fn thimble_platform_mutex_destroy(mutex: usize) -> i32;
}

impl Mutexes for CPlatform {
    fn create(&self) -> Result<MutexHandle> {
        // SAFETY: `handle` gives a pointer that can be written during the
        // call, and the shim does not keep it.
        handle(|mutex| unsafe { thimble_platform_mutex_create(mutex) }).map(MutexHandle::from_raw)
    }

    fn lock(&self, mutex: MutexHandle) -> Result<()> {
        done(thimble_platform_mutex_lock(mutex.raw()))
    }

    fn try_lock(&self, mutex: MutexHandle) -> Result<bool> {
        flag(thimble_platform_mutex_try_lock(mutex.raw()))
    }

    fn unlock(&self, mutex: MutexHandle) -> Result<()> {
        done(thimble_platform_mutex_unlock(mutex.raw()))
    }

    fn destroy(&self, mutex: MutexHandle) -> Result<()> {
        done(thimble_platform_mutex_destroy(mutex.raw()))
    }
}

//! A value behind a mutex of the platform's.

use core::ops::{Deref, DerefMut};

use spin::{Mutex, MutexGuard};
use thimble_platform::{ConditionHandle, ErrorKind, MutexHandle, Platform, Result};

/// A value that one thread at a time uses. Others wait as the platform lets them,
/// with its inheritance of priorities.
pub(crate) struct Guarded<T> {
    platform: &'static dyn Platform,
    mutex: MutexHandle,
    /// Locked only by the thread that has `mutex`, so that nobody ever spins: with
    /// fixed priorities that could be for ever.
    value: Mutex<T>,
}

impl<T> Guarded<T> {
    /// # Errors
    /// Those of making a mutex.
    pub(crate) fn new(platform: &'static dyn Platform, value: T) -> Result<Self> {
        Ok(Self {
            platform,
            mutex: platform.mutexes().create()?,
            value: Mutex::new(value),
        })
    }

    /// Waits for the value.
    ///
    /// # Errors
    /// Those of the platform; `Deadlock` for a thread that has it already.
    pub(crate) fn lock(&self) -> Result<Guard<'_, T>> {
        self.platform.mutexes().lock(self.mutex)?;
        self.take(Held(self.platform, self.mutex))
    }

    /// The value, for the thread that has the mutex.
    fn take(&self, held: Held) -> Result<Guard<'_, T>> {
        let value = self.value.try_lock().ok_or(ErrorKind::Deadlock)?;
        Ok(Guard {
            value,
            held,
            of: self,
        })
    }
}

impl<T> Drop for Guarded<T> {
    fn drop(&mut self) {
        // Nobody can have it or wait for it: they would borrow the value.
        let _ = self.platform.mutexes().destroy(self.mutex);
    }
}

/// A mutex that this thread has.
struct Held(&'static dyn Platform, MutexHandle);

impl Drop for Held {
    fn drop(&mut self) {
        // This thread has it.
        let _ = self.0.mutexes().unlock(self.1);
    }
}

/// A value that this thread may use. Given back in the order of the fields.
pub(crate) struct Guard<'a, T> {
    value: MutexGuard<'a, T>,
    held: Held,
    of: &'a Guarded<T>,
}

impl<T> Guard<'_, T> {
    /// Lets others have the value until one of them notifies, or for at most `timeout`
    /// nanoseconds.
    ///
    /// # Errors
    /// Those of the platform; the value is given back then.
    pub(crate) fn wait(self, condition: ConditionHandle, timeout: Option<u64>) -> Result<Self> {
        let Self { value, held, of } = self;
        drop(value);
        let conditions = held.0.conditions();
        conditions.wait(condition, held.1, timeout)?;
        of.take(held)
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

//! Mutual exclusion.

use crate::{MutexHandle, Result};

/// Mutual exclusion. Mandatory.
///
/// Mutexes are not recursive, and belong to the thread that locked them. An
/// unknown handle is [`ErrorKind::BadDescriptor`](crate::ErrorKind::BadDescriptor)
/// everywhere.
pub trait Mutexes: Sync {
    /// Makes an unlocked mutex.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`](crate::ErrorKind::OutOfMemory) or
    /// [`ErrorKind::TooManyOpen`](crate::ErrorKind::TooManyOpen).
    fn create(&self) -> Result<MutexHandle>;

    /// Waits until the mutex is free and takes it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Deadlock`](crate::ErrorKind::Deadlock) when the calling
    /// thread has it already.
    fn lock(&self, mutex: MutexHandle) -> Result<()>;

    /// Takes the mutex if it is free; returns whether it was.
    ///
    /// `Ok(false)` also when the calling thread has it already.
    ///
    /// # Errors
    ///
    /// Only those of every call.
    fn try_lock(&self, mutex: MutexHandle) -> Result<bool>;

    /// Gives the mutex back.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotPermitted`](crate::ErrorKind::NotPermitted) when the
    /// calling thread does not have it.
    fn unlock(&self, mutex: MutexHandle) -> Result<()>;

    /// Ends the mutex and its handle.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Busy`](crate::ErrorKind::Busy) while a thread has it or
    /// waits for it; the mutex stays.
    fn destroy(&self, mutex: MutexHandle) -> Result<()>;
}

//! Wake objects: how one thread ends the wait of another.

use crate::{Result, WakeHandle};

/// Wake objects. Mandatory.
///
/// A wake object is set or not set. While it is set, every
/// [`Poll::poll`](crate::Poll::poll) that names it returns at once, so a wake
/// that comes just before the wait begins is not lost. An unknown handle is
/// [`ErrorKind::BadDescriptor`](crate::ErrorKind::BadDescriptor) everywhere.
pub trait Wakes: Sync {
    /// Makes a wake object that is not set.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`](crate::ErrorKind::OutOfMemory) or
    /// [`ErrorKind::TooManyOpen`](crate::ErrorKind::TooManyOpen).
    fn create(&self) -> Result<WakeHandle>;

    /// Sets the object, from any thread. Setting it twice is as once.
    ///
    /// # Errors
    ///
    /// Only those of every call.
    fn wake(&self, wake: WakeHandle) -> Result<()>;

    /// Takes the object back to not set.
    ///
    /// # Errors
    ///
    /// Only those of every call.
    fn clear(&self, wake: WakeHandle) -> Result<()>;

    /// Ends the object and its handle.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Busy`](crate::ErrorKind::Busy) while a thread polls with
    /// it; the object stays.
    fn destroy(&self, wake: WakeHandle) -> Result<()>;
}

//! Conditions: waiting for what another thread does.

use crate::{ConditionHandle, MutexHandle, Result};

/// Why [`Conditions::wait`] came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitOutcome {
    /// Another thread notified, or the system woke the thread for no reason:
    /// the caller looks at its state again.
    Notified,
    /// The timeout is over. The state may have changed all the same.
    TimedOut,
}

/// Conditions. Mandatory.
///
/// An unknown handle is [`ErrorKind::BadDescriptor`](crate::ErrorKind::BadDescriptor)
/// everywhere.
pub trait Conditions: Sync {
    /// Makes a condition that nobody waits on.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`](crate::ErrorKind::OutOfMemory) or
    /// [`ErrorKind::TooManyOpen`](crate::ErrorKind::TooManyOpen).
    fn create(&self) -> Result<ConditionHandle>;

    /// Gives back `mutex`, waits to be notified or for at most `timeout`
    /// nanoseconds of monotonic time, and takes `mutex` again.
    ///
    /// Giving back and starting to wait are one step: a notification by a
    /// thread that takes `mutex` afterwards is not lost. All threads that
    /// wait on a condition at one time use the same mutex. A back end checks
    /// the clock before it answers [`WaitOutcome::TimedOut`]: it never does
    /// so early.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotPermitted`](crate::ErrorKind::NotPermitted) when the
    /// calling thread does not have `mutex`. After an error the thread still
    /// has it, if it had it before.
    fn wait(
        &self,
        condition: ConditionHandle,
        mutex: MutexHandle,
        timeout: Option<u64>,
    ) -> Result<WaitOutcome>;

    /// Wakes at least one of the threads that wait, if any does.
    ///
    /// # Errors
    ///
    /// Only those of every call.
    fn notify_one(&self, condition: ConditionHandle) -> Result<()>;

    /// Wakes all threads that wait.
    ///
    /// # Errors
    ///
    /// Only those of every call.
    fn notify_all(&self, condition: ConditionHandle) -> Result<()>;

    /// Ends the condition and its handle.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Busy`](crate::ErrorKind::Busy) while a thread waits; the
    /// condition stays.
    fn destroy(&self, condition: ConditionHandle) -> Result<()>;
}

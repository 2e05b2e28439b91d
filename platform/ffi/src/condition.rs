//! Conditions.

use thimble_platform::{ConditionHandle, Conditions, MutexHandle, Result, WaitOutcome};

use crate::abi;
use crate::platform::CPlatform;
use crate::status::{done, error, handle, timeout};

unsafe extern "C" {
    fn thimble_platform_condition_create(condition: *mut usize) -> i32;
    safe fn thimble_platform_condition_wait(condition: usize, mutex: usize, timeout: u64) -> i32;
    safe fn thimble_platform_condition_notify_one(condition: usize) -> i32;
    safe fn thimble_platform_condition_notify_all(condition: usize) -> i32;
    safe fn thimble_platform_condition_destroy(condition: usize) -> i32;
}

impl Conditions for CPlatform {
    fn create(&self) -> Result<ConditionHandle> {
        // SAFETY: `handle` gives a pointer that can be written during the
        // call, and the shim does not keep it.
        handle(|condition| unsafe { thimble_platform_condition_create(condition) })
            .map(ConditionHandle::from_raw)
    }

    fn wait(
        &self,
        condition: ConditionHandle,
        mutex: MutexHandle,
        longest: Option<u64>,
    ) -> Result<WaitOutcome> {
        let (condition, mutex) = (condition.raw(), mutex.raw());
        match thimble_platform_condition_wait(condition, mutex, timeout(longest)) {
            abi::WAIT_TIMED_OUT => Ok(WaitOutcome::TimedOut),
            status if status < 0 => Err(error(status)),
            _ => Ok(WaitOutcome::Notified),
        }
    }

    fn notify_one(&self, condition: ConditionHandle) -> Result<()> {
        done(thimble_platform_condition_notify_one(condition.raw()))
    }

    fn notify_all(&self, condition: ConditionHandle) -> Result<()> {
        done(thimble_platform_condition_notify_all(condition.raw()))
    }

    fn destroy(&self, condition: ConditionHandle) -> Result<()> {
        done(thimble_platform_condition_destroy(condition.raw()))
    }
}

//! Conditions over `std`'s, which wait on the monotonic clock.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use thimble_platform::{ConditionHandle, Conditions, ErrorKind, MutexHandle, Result, WaitOutcome};

use crate::clock::now;
use crate::platform::Host;
use crate::table::{Table, locked};

/// All conditions.
pub(crate) type HostConditions = Table<HostCondition>;

/// One condition: how many wait, and the door they wait at.
#[derive(Debug, Default)]
pub(crate) struct HostCondition {
    waiting: Mutex<usize>,
    notified: Condvar,
}

impl HostCondition {
    /// Waits, with the number of waiters locked on the way in, until notified
    /// or `deadline` has passed. `leave` gives the caller's mutex back.
    fn wait(
        &self,
        deadline: Option<u64>,
        leave: impl FnOnce() -> Result<()>,
    ) -> Result<WaitOutcome> {
        let mut waiting = locked(&self.waiting);
        // A thread that takes the caller's mutex from here on cannot notify
        // before this one waits, because notifying takes `waiting`.
        leave()?;
        *waiting += 1;
        let outcome = loop {
            let Some(deadline) = deadline else {
                waiting = self
                    .notified
                    .wait(waiting)
                    .unwrap_or_else(PoisonError::into_inner);
                break WaitOutcome::Notified;
            };
            let left = deadline.saturating_sub(now());
            if left == 0 {
                break WaitOutcome::TimedOut;
            }
            let (guard, result) = self
                .notified
                .wait_timeout(waiting, Duration::from_nanos(left))
                .unwrap_or_else(PoisonError::into_inner);
            waiting = guard;
            if !result.timed_out() {
                break WaitOutcome::Notified;
            }
        };
        *waiting -= 1;
        Ok(outcome)
    }
}

impl Conditions for Host {
    fn create(&self) -> Result<ConditionHandle> {
        self.conditions
            .insert(HostCondition::default())
            .map(ConditionHandle::from_raw)
    }

    fn wait(
        &self,
        condition: ConditionHandle,
        mutex: MutexHandle,
        timeout: Option<u64>,
    ) -> Result<WaitOutcome> {
        let condition = self.conditions.get(condition.raw())?;
        let mutex = self.mutexes.get(mutex)?;
        // A deadline past the end of time is none.
        let deadline = timeout.and_then(|timeout| now().checked_add(timeout));
        let outcome = condition.wait(deadline, || mutex.unlock())?;
        mutex.lock()?;
        Ok(outcome)
    }

    fn notify_one(&self, condition: ConditionHandle) -> Result<()> {
        let condition = self.conditions.get(condition.raw())?;
        let _waiting = locked(&condition.waiting);
        condition.notified.notify_one();
        Ok(())
    }

    fn notify_all(&self, condition: ConditionHandle) -> Result<()> {
        let condition = self.conditions.get(condition.raw())?;
        let _waiting = locked(&condition.waiting);
        condition.notified.notify_all();
        Ok(())
    }

    fn destroy(&self, condition: ConditionHandle) -> Result<()> {
        self.conditions
            .remove_if(condition.raw(), |condition| {
                if *locked(&condition.waiting) > 0 {
                    return Err(ErrorKind::Busy.into());
                }
                Ok(())
            })
            .map(drop)
    }
}

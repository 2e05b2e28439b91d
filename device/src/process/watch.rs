//! Waiting for a program.

use super::table::{Phase, Thread};
use super::{Ending, ProcessError, ProcessId, Processes};

/// A program that somebody waits for. Its place is not given to another one before this
/// is dropped, so that how it ended stays known; to be dropped soon after. Only that of
/// one which was [abandoned](Ending::Abandoned) may be needed before.
#[derive(Debug)]
pub struct Watch<'a> {
    processes: &'a Processes,
    index: usize,
    id: ProcessId,
}

impl<'a> Watch<'a> {
    /// Of the program in a slot that counts this one.
    pub(super) const fn new(processes: &'a Processes, index: usize, id: ProcessId) -> Self {
        Self {
            processes,
            index,
            id,
        }
    }

    /// The program.
    #[must_use]
    pub const fn id(&self) -> ProcessId {
        self.id
    }

    /// As [`Processes::wait`].
    ///
    /// # Errors
    /// [`ProcessError::Platform`].
    pub fn wait(&self, timeout: Option<u64>) -> Result<Option<Ending>, ProcessError> {
        let processes = self.processes;
        let clock = processes.device.platform().clock();
        let until = timeout.map(|time| clock.now().saturating_add(time));
        let mut table = processes.table.lock()?;
        loop {
            let slot = table.slot(self.index).ok_or(ProcessError::NotFound)?;
            if slot.id != self.id {
                return Ok(Some(Ending::Abandoned));
            }
            if let Phase::Ended(ending) = slot.phase {
                if let Some(thread) = slot.take_thread() {
                    drop(table);
                    drop(processes.join(self.index, thread)?);
                    return Ok(Some(ending));
                }
                if slot.thread == Thread::Joined {
                    return Ok(Some(ending));
                }
            }
            let left = until.map(|until| until.saturating_sub(clock.now()));
            if left == Some(0) {
                return Ok(None);
            }
            table = table.wait(processes.changed, left)?;
        }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        // Fails only if the mutex is not one.
        let Ok(mut table) = self.processes.table.lock() else {
            return;
        };
        let is_free = table
            .slot(self.index)
            .filter(|slot| slot.id == self.id)
            .is_some_and(super::table::Slot::release);
        drop(table);
        if is_free {
            // Somebody may wait for the place.
            let conditions = self.processes.device.platform().conditions();
            let _ = conditions.notify_all(self.processes.changed);
        }
    }
}

impl Processes {
    /// Watches a program that runs, or of which something is still known.
    ///
    /// # Errors
    /// [`ProcessError::NotFound`], [`ProcessError::Platform`].
    pub fn watch(&self, id: ProcessId) -> Result<Watch<'_>, ProcessError> {
        let mut table = self.table.lock()?;
        let (index, slot) = table.find(id).ok_or(ProcessError::NotFound)?;
        slot.watchers += 1;
        drop(table);
        Ok(Watch::new(self, index, id))
    }

    /// Waits until a program has ended and all it had was given back, or for at most
    /// `timeout` nanoseconds: `None` then. What became of it is known until its place
    /// is needed for others; with a [`Watch`], until that is dropped.
    ///
    /// # Errors
    /// [`ProcessError::NotFound`], [`ProcessError::Platform`].
    pub fn wait(
        &self,
        id: ProcessId,
        timeout: Option<u64>,
    ) -> Result<Option<Ending>, ProcessError> {
        self.watch(id)?.wait(timeout)
    }
}

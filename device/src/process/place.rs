//! A program's place in the table, from its start to its end.

use thimble::{InterruptHandle, Monitor};
use thimble_platform::{Platform, Result, WakeHandle};

use super::{Ending, ProcessId, Processes};
use crate::device::{Device, Streams};

/// A wake object, destroyed with this.
pub(super) struct OwnedWake(&'static dyn Platform, WakeHandle);

impl OwnedWake {
    pub(super) fn new(platform: &'static dyn Platform) -> Result<Self> {
        Ok(Self(platform, platform.wakes().create()?))
    }

    pub(super) const fn handle(&self) -> WakeHandle {
        self.1
    }

    /// Leaves it to the table.
    pub(super) fn hand_over(self) {
        core::mem::forget(self);
    }
}

impl Drop for OwnedWake {
    fn drop(&mut self) {
        // Nobody polls with it any more.
        let _ = self.0.wakes().destroy(self.1);
    }
}

/// Streams that a program was given, closed with this.
pub(super) struct OpenStreams(&'static dyn Device, Option<Streams>);

impl OpenStreams {
    pub(super) const fn new(device: &'static dyn Device, streams: Option<Streams>) -> Self {
        Self(device, streams)
    }

    /// What was given; none are those of the console.
    pub(super) const fn given(&self) -> Option<Streams> {
        self.1
    }

    /// Leaves them to the table.
    pub(super) fn hand_over(mut self) {
        self.1 = None;
    }
}

impl Drop for OpenStreams {
    fn drop(&mut self) {
        if let Some(streams) = self.1.take() {
            self.0.close_streams(&streams);
        }
    }
}

/// A program's place. Dropped on the program's thread at its end, or on another when
/// no thread could be made. What is to be given back at the end is the table's, which
/// is there also when the thread is gone.
pub(super) struct Place {
    processes: &'static Processes,
    index: usize,
    id: ProcessId,
    wake: WakeHandle,
    streams: Streams,
    /// How the program ended; none while it was not started.
    pub(super) ending: Option<Ending>,
}

impl Place {
    pub(super) const fn new(
        processes: &'static Processes,
        index: usize,
        id: ProcessId,
        wake: WakeHandle,
        streams: Streams,
    ) -> Self {
        Self {
            processes,
            index,
            id,
            wake,
            streams,
            ending: None,
        }
    }

    pub(super) fn device(&self) -> &'static dyn Device {
        self.processes.device
    }

    pub(super) fn platform(&self) -> &'static dyn Platform {
        self.device().platform()
    }

    pub(super) const fn id(&self) -> ProcessId {
        self.id
    }

    pub(super) const fn wake(&self) -> WakeHandle {
        self.wake
    }

    pub(super) const fn streams(&self) -> Streams {
        self.streams
    }

    /// Whether the program was told to end.
    pub(super) fn is_stopped(&self) -> bool {
        let table = self.processes.table.lock();
        table.is_ok_and(|mut table| table.slot(self.index).is_some_and(|slot| slot.is_stopped()))
    }

    /// The program begins, and is stopped and watched by these.
    pub(super) fn run(&self, interrupt: InterruptHandle, monitor: Monitor) -> Result<()> {
        let mut table = self.processes.table.lock()?;
        if let Some(slot) = table.slot(self.index) {
            slot.run(interrupt, monitor);
        }
        Ok(())
    }

    /// Where the output of the program is kept.
    pub(super) const fn record(&self) -> Record {
        Record(self.processes, self.index)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.processes.end(self.index, self.ending);
    }
}

/// Keeps the output of a program, as long as it runs.
#[derive(Clone, Copy)]
pub(super) struct Record(&'static Processes, usize);

impl Record {
    pub(super) fn push(self, bytes: &[u8]) {
        if let Ok(mut table) = self.0.table.lock()
            && let Some(slot) = table.slot(self.1)
        {
            slot.log.push(bytes);
        }
    }
}

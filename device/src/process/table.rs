//! The table of programs.

use alloc::vec::Vec;

use thimble::fallible::{OutOfMemory, TryVec};
use thimble::{InterruptHandle, Monitor};
use thimble_platform::{Platform, ThreadHandle, WakeHandle};

use super::log::Log;
use super::text::Name;
use super::{Ending, ProcessId, State};
use crate::device::Streams;

/// How far a slot's program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// There is none.
    Vacant,
    Loading,
    Running,
    Ended(Ending),
}

/// The thread of a slot's program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thread {
    /// Being made: whoever makes it will say.
    Unknown,
    /// To be joined once its program has ended, by whoever takes it from here.
    Known(ThreadHandle),
    /// Being joined.
    Taken,
    /// There is none any more.
    Joined,
}

/// Whether a program was told to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stopped {
    /// None of that number runs.
    Not,
    First,
    /// It was told before.
    Again,
}

/// What is to come before a slot is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Nothing will.
    None,
    /// A thread of a program that has ended is made or joined.
    Thread,
    /// Somebody watches a program that has ended.
    Watch,
}

/// A place for a program, also for what is known of one that has ended. It has no
/// heap then but its log, which it always has.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) id: ProcessId,
    pub(super) name: Name,
    pub(super) phase: Phase,
    pub(super) thread: Thread,
    /// When it was started.
    pub(super) started: u64,
    /// When it is to be stopped.
    deadline: Option<u64>,
    /// What it was told to end with.
    stop: Option<Ending>,
    /// Ends its waits; destroyed at its end.
    wake: Option<WakeHandle>,
    /// What it was given, to be closed at its end.
    streams: Option<Streams>,
    /// Ends its computing.
    interrupt: Option<InterruptHandle>,
    pub(super) monitor: Option<Monitor>,
    pub(super) log: Log,
    /// How many watch the program, whose slot nobody else gets until all have seen what
    /// became of it; but for one whose thread was deleted, since who did that may have
    /// deleted who watches as well.
    pub(super) watchers: u32,
}

impl Slot {
    fn is_active(&self) -> bool {
        matches!(self.phase, Phase::Loading | Phase::Running)
    }

    /// Whether another program can have the slot.
    fn is_free(&self) -> bool {
        let is_kept = self.watchers > 0 && self.phase != Phase::Ended(Ending::Abandoned);
        !self.is_active() && self.thread == Thread::Joined && !is_kept
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.is_some()
    }

    /// Tells the program to end, unless it has ended; the first reason counts.
    fn stop(&mut self, platform: &dyn Platform, ending: Ending) -> Stopped {
        if !self.is_active() {
            return Stopped::Not;
        }
        let stopped = match self.stop {
            Some(_) => Stopped::Again,
            None => Stopped::First,
        };
        self.stop.get_or_insert(ending);
        self.deadline = None;
        if let Some(interrupt) = &self.interrupt {
            interrupt.stop();
        }
        if let Some(wake) = self.wake {
            // It is destroyed only after it is no more here.
            let _ = platform.wakes().wake(wake);
        }
        stopped
    }

    /// One watches it less; whether its place became free by that.
    pub(super) fn release(&mut self) -> bool {
        self.watchers = self.watchers.saturating_sub(1);
        self.watchers == 0 && !self.is_active()
    }

    /// The program is loaded, and can be stopped and watched by these from now on.
    pub(super) fn run(&mut self, interrupt: InterruptHandle, monitor: Monitor) {
        if self.is_stopped() {
            interrupt.stop();
        }
        self.phase = Phase::Running;
        self.interrupt = Some(interrupt);
        self.monitor = Some(monitor);
    }

    /// Takes what is to be given back before the program counts as ended.
    pub(super) const fn take_given(&mut self) -> (Option<Streams>, Option<WakeHandle>) {
        (self.streams.take(), self.wake.take())
    }

    /// The program has ended, or without `ending` was not started. Returns what it ended
    /// with.
    pub(super) fn end(&mut self, ending: Option<Ending>) -> Option<Ending> {
        // One that was stopped failed for that reason.
        let stopped = self.stop.filter(|_| ending == Some(Ending::Failed));
        let ending = stopped.or(ending);
        self.phase = match ending {
            Some(ending) => Phase::Ended(ending),
            None => {
                self.thread = Thread::Joined;
                Phase::Vacant
            }
        };
        self.deadline = None;
        self.interrupt = None;
        self.monitor = None;
        ending
    }

    /// Takes the thread, to be joined, if the program has ended and nobody did before.
    pub(super) fn take_thread(&mut self) -> Option<ThreadHandle> {
        match self.thread {
            Thread::Known(thread) if !self.is_active() => {
                self.thread = Thread::Taken;
                Some(thread)
            }
            _ => None,
        }
    }

    pub(super) fn state(&self) -> Option<State> {
        Some(match self.phase {
            Phase::Vacant => return None,
            Phase::Ended(ending) => State::Ended(ending),
            _ if self.is_stopped() => State::Stopping,
            Phase::Loading => State::Loading,
            Phase::Running => State::Running,
        })
    }
}

/// What a program is entered with.
pub(super) struct Entry {
    pub(super) name: Name,
    pub(super) wake: WakeHandle,
    pub(super) streams: Option<Streams>,
    pub(super) now: u64,
    pub(super) deadline: Option<u64>,
}

/// All slots.
#[derive(Debug)]
pub(super) struct Table {
    slots: Vec<Slot>,
    /// The number that was given last.
    last: u32,
}

impl Table {
    pub(super) fn new(count: usize, log: usize) -> Result<Self, OutOfMemory> {
        let mut slots = Vec::new();
        slots.try_reserve_exact(count).map_err(|_| OutOfMemory)?;
        for _ in 0..count {
            slots.try_push(Slot {
                id: ProcessId::NONE,
                name: Name::default(),
                phase: Phase::Vacant,
                thread: Thread::Joined,
                started: 0,
                deadline: None,
                stop: None,
                wake: None,
                streams: None,
                interrupt: None,
                monitor: None,
                log: Log::new(log)?,
                watchers: 0,
            })?;
        }
        Ok(Self { slots, last: 0 })
    }

    pub(super) fn slot(&mut self, index: usize) -> Option<&mut Slot> {
        self.slots.get_mut(index)
    }

    /// A program that runs, or of which something is still known.
    pub(super) fn find(&mut self, id: ProcessId) -> Option<(usize, &mut Slot)> {
        let mut slots = self.slots.iter_mut().enumerate();
        slots.find(|(_, slot)| slot.id == id && slot.phase != Phase::Vacant)
    }

    /// The program with the least number above this one's.
    pub(super) fn after(&self, id: ProcessId) -> Option<&Slot> {
        let known = self.slots.iter().filter(|slot| slot.phase != Phase::Vacant);
        known.filter(|slot| slot.id > id).min_by_key(|slot| slot.id)
    }

    /// Takes a thread that is gone, to be joined, of a program that has not ended.
    /// Nothing that the thread has allocated is in the table then.
    pub(super) fn take_gone(&mut self, thread: ThreadHandle) -> Option<usize> {
        let mut slots = self.slots.iter_mut().enumerate();
        let (index, slot) =
            slots.find(|(_, slot)| slot.is_active() && slot.thread == Thread::Known(thread))?;
        slot.thread = Thread::Taken;
        slot.interrupt = None;
        slot.monitor = None;
        Some(index)
    }

    /// Takes the thread of a program that has ended, to be joined.
    pub(super) fn take_ended(&mut self) -> Option<(usize, ThreadHandle)> {
        let slots = self.slots.iter_mut().enumerate();
        for (index, slot) in slots {
            if let Some(thread) = slot.take_thread() {
                return Some((index, thread));
            }
        }
        None
    }

    /// What keeps the slot of a program that has ended from becoming free.
    pub(super) fn change(&self) -> Change {
        let mut ended = self.slots.iter().filter(|slot| !slot.is_active());
        if ended.clone().any(|slot| slot.thread != Thread::Joined) {
            Change::Thread
        } else if ended.any(|slot| slot.watchers > 0) {
            Change::Watch
        } else {
            Change::None
        }
    }

    /// Enters a program that is watched, in place of one that has ended if there is no
    /// other.
    pub(super) fn enter(&mut self, entry: Entry) -> Option<(usize, ProcessId)> {
        let id = self.next_id();
        let free = self
            .slots
            .iter_mut()
            .enumerate()
            .filter(|(_, slot)| slot.is_free());
        // First those that nobody had, then the one that has been over for longest, if
        // possible one that nobody watches.
        let (index, slot) = free.min_by_key(|(_, slot)| match slot.phase {
            Phase::Ended(_) => (slot.watchers > 0, true, slot.started),
            _ => (false, false, 0),
        })?;
        slot.id = id;
        slot.name = entry.name;
        slot.phase = Phase::Loading;
        slot.thread = Thread::Unknown;
        slot.started = entry.now;
        slot.deadline = entry.deadline;
        slot.stop = None;
        slot.wake = Some(entry.wake);
        slot.streams = entry.streams;
        slot.watchers = 1;
        slot.log.clear();
        self.last = id.0;
        Some((index, id))
    }

    /// A number that no program in the table has; none has had it before, until all
    /// numbers were given.
    fn next_id(&self) -> ProcessId {
        let mut number = self.last;
        loop {
            number = number.wrapping_add(1).max(1);
            if !self.slots.iter().any(|slot| slot.id.0 == number) {
                return ProcessId(number);
            }
        }
    }

    /// Tells a program to end.
    pub(super) fn stop(&mut self, platform: &dyn Platform, id: ProcessId) -> Stopped {
        self.find(id).map_or(Stopped::Not, |(_, slot)| {
            slot.stop(platform, Ending::Stopped)
        })
    }

    /// Stops the programs whose time is over; returns when the next one's is.
    pub(super) fn stop_overdue(&mut self, platform: &dyn Platform, now: u64) -> Option<u64> {
        for slot in &mut self.slots {
            if slot.deadline.is_some_and(|deadline| deadline <= now) {
                slot.stop(platform, Ending::TimedOut);
            }
        }
        self.slots.iter().filter_map(|slot| slot.deadline).min()
    }
}

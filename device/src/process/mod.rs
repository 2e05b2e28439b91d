//! Programs that run, each on a thread of its own.
//!
//! | file | what |
//! |---|---|
//! | `request.rs`, `text.rs`, `error.rs` | what is asked for, and why it is refused |
//! | `status.rs` | what others are told of a program |
//! | `table.rs`, `log.rs` | what is known of each program, also after its end |
//! | `place.rs` | a program's place in the table, from start to end |
//! | `watch.rs` | waiting for its end |
//! | `run.rs`, `explain.rs` | what a program's thread does |
//! | `given.rs`, `given_disabled.rs` | what a program has of WASI |
//! | `describe.rs`, `install.rs`, `compile.rs` | what it does instead |
//! | `output.rs` | what a program writes |

#[cfg(all(feature = "translate", feature = "files"))]
mod compile;
mod describe;
mod error;
mod explain;
#[cfg_attr(not(feature = "wasi"), path = "given_disabled.rs")]
mod given;
mod install;
mod log;
mod output;
mod place;
mod request;
mod run;
mod status;
mod table;
mod text;
mod watch;

use core::fmt;

use thimble_platform::{ConditionHandle, Error, ErrorKind, Task, ThreadHandle, ThreadOptions};

pub use error::{ProcessError, StartError};
pub use request::Request;
pub use status::{Ending, ProcessId, State, Status};
pub use watch::Watch;

use crate::device::{Device, Usage};
use crate::guarded::{Guard, Guarded};
use crate::load;
use crate::message::message;
use log::PIECE;
use place::{OpenStreams, OwnedWake, Place};
use table::{Change, Entry, Phase, Stopped, Table, Thread};
use text::Name;

/// How long a program that is to be started waits for those who watch one that has
/// ended, in nanoseconds. They look much sooner.
const PATIENCE: u64 = 1_000_000_000;

/// The programs of a device. Any thread that is not a program's may use it.
pub struct Processes {
    device: &'static dyn Device,
    table: Guarded<Table>,
    /// Notified when a program has ended or its thread was joined.
    changed: ConditionHandle,
}

impl fmt::Debug for Processes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Processes")
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        // Nobody waits: programs and who waits for them borrow it.
        let _ = self.device.platform().conditions().destroy(self.changed);
    }
}

impl Processes {
    /// A table without programs, which has all the memory that it will ever have.
    ///
    /// # Errors
    /// [`StartError::OutOfMemory`], [`StartError::Platform`].
    pub fn new(device: &'static dyn Device) -> Result<Self, StartError> {
        let settings = device.settings();
        let table = Table::new(settings.processes, settings.log)?;
        let platform = device.platform();
        Ok(Self {
            device,
            table: Guarded::new(platform, table)?,
            changed: platform.conditions().create()?,
        })
    }

    /// The device.
    #[must_use]
    pub fn device(&self) -> &'static dyn Device {
        self.device
    }

    /// What the command of the shell is called.
    pub(crate) fn command(&self) -> &'static str {
        self.device.settings().command
    }

    /// Starts a program. Its streams are closed also when this fails.
    ///
    /// # Errors
    /// Says why it was not started. What is wrong with the program itself is found on
    /// its own thread.
    pub fn start(&'static self, request: Request) -> Result<ProcessId, StartError> {
        Ok(self.start_watched(request)?.id())
    }

    /// As [`start`](Self::start), for who will wait for the program.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    // Not inlined: what it takes of a shell's stack is not to be there while the shell
    // waits for the program.
    #[inline(never)]
    pub fn start_watched(
        &'static self,
        mut request: Request,
    ) -> Result<Watch<'static>, StartError> {
        let streams = OpenStreams::new(self.device, request.streams.take());
        let settings = self.device.settings();
        request.check(settings)?;
        load::find(self.device, request.name())?;
        let platform = self.device.platform();
        let wake = OwnedWake::new(platform)?;
        let now = platform.clock().now();
        let name = Name::new(request.name());
        let deadline = request.timeout.map(|time| now.saturating_add(time));
        let (index, id) = self.enter(|| Entry {
            name,
            wake: wake.handle(),
            streams: streams.given(),
            now,
            deadline,
        })?;
        let watch = Watch::new(self, index, id);
        let given = streams.given().unwrap_or_default();
        let place = Place::new(self, index, id, wake.handle(), given);
        wake.hand_over();
        streams.hand_over();
        let options = ThreadOptions {
            stack_size: request.stack_size(settings),
            priority: request.priority.or(settings.priority),
            name: name.as_str(),
        };
        let asked = request.priority.is_some();
        let task = Task::new(move || run::run(place, request))?;
        let thread = platform.threads().spawn(&options, task);
        let thread = thread.map_err(|error| match error.kind() {
            ErrorKind::InvalidArgument | ErrorKind::PermissionDenied if asked => {
                StartError::Priority
            }
            ErrorKind::TooManyOpen => StartError::TooMany,
            _ => error.into(),
        })?;
        let mut table = self.table.lock()?;
        let mut ended = false;
        if let Some(slot) = table.slot(index) {
            slot.thread = Thread::Known(thread);
            ended = matches!(slot.phase, Phase::Ended(_));
        }
        drop(table);
        if ended {
            // Whoever was told of the end did not know the thread.
            self.notify(now);
        } else if let Some(deadline) = deadline {
            self.device.schedule_tick(deadline);
        }
        Ok(watch)
    }

    /// Enters a program in the table, with a watch, as soon as the threads of those that
    /// have ended are gone.
    fn enter(&self, entry: impl Fn() -> Entry) -> Result<(usize, ProcessId), StartError> {
        let clock = self.device.platform().clock();
        let until = clock.now().saturating_add(PATIENCE);
        let mut table = self.reap()?;
        loop {
            if let Some(entered) = table.enter(entry()) {
                return Ok(entered);
            }
            let left = until.saturating_sub(clock.now());
            let timeout = match table.change() {
                Change::Thread => None,
                Change::Watch if left > 0 => Some(left),
                _ => return Err(StartError::TooMany),
            };
            drop(table.wait(self.changed, timeout)?);
            table = self.reap()?;
        }
    }

    /// Joins the threads of all programs that have ended.
    fn reap(&self) -> Result<Guard<'_, Table>, Error> {
        let mut table = self.table.lock()?;
        while let Some((index, thread)) = table.take_ended() {
            drop(table);
            table = self.join(index, thread)?;
        }
        Ok(table)
    }

    /// Joins a thread that was taken from the table.
    fn join(&self, index: usize, thread: ThreadHandle) -> Result<Guard<'_, Table>, Error> {
        let platform = self.device.platform();
        // It is a thread that nobody has joined, and not this one.
        let joined = platform.threads().join(thread);
        let mut table = self.table.lock()?;
        if let Some(slot) = table.slot(index) {
            slot.thread = Thread::Joined;
        }
        let notified = platform.conditions().notify_all(self.changed);
        joined.and(notified)?;
        Ok(table)
    }

    /// A program has ended, or without `ending` was not started: gives back what the
    /// table had for it.
    fn end(&self, index: usize, ending: Option<Ending>) {
        let platform = self.device.platform();
        // Locking fails only if the mutex is not one.
        let given = self.table.lock().ok().and_then(|mut table| {
            let slot = table.slot(index)?;
            Some(slot.take_given())
        });
        let (streams, wake) = given.unwrap_or_default();
        if let Some(streams) = streams {
            self.device.close_streams(&streams);
        }
        if let Some(wake) = wake {
            // Nobody polls with it any more.
            let _ = platform.wakes().destroy(wake);
        }
        let ended = self.table.lock().ok().and_then(|mut table| {
            let slot = table.slot(index)?;
            Some((slot.end(ending)?, slot.id, slot.name))
        });
        if let Some((ending, id, name)) = ended {
            message!(Info, "program {id} ({}): {ending}", name.as_str());
        }
        self.notify(platform.clock().now());
    }

    /// Tells everybody that a program has ended.
    fn notify(&self, now: u64) {
        // Only an unknown handle is refused.
        let _ = self.device.platform().conditions().notify_all(self.changed);
        self.device.schedule_tick(now);
    }

    /// Tells a program to end, wherever it is: while it is loaded, computes or waits.
    ///
    /// # Errors
    /// [`ProcessError::NotFound`] also when it has ended; [`ProcessError::Platform`].
    pub fn stop(&self, id: ProcessId) -> Result<(), ProcessError> {
        let stopped = self.table.lock()?.stop(self.device.platform(), id);
        match stopped {
            Stopped::First => {}
            Stopped::Again => message!(Warn, "program {id} was told to end again"),
            Stopped::Not => return Err(ProcessError::NotFound),
        }
        Ok(())
    }

    /// The thread of a program is gone, and has not ended the program: somebody has
    /// deleted it, which is a mistake, and the back end has noticed. Its place becomes
    /// free, its streams are closed, and who waits is told [`Ending::Abandoned`].
    ///
    /// What the program had, its memory and what it has opened, was the thread's. It
    /// cannot be dropped: nobody knows what the thread was about to do with it. But
    /// nobody else has anything of what the thread has allocated, so that a back end
    /// which knows these blocks may release them when the thread is joined here.
    ///
    /// # Errors
    /// [`ProcessError::NotFound`] when this is not the thread of a program that runs,
    /// or not yet: a back end calls again for a thread that nobody joins.
    /// [`ProcessError::Platform`].
    pub fn abandon(&self, thread: ThreadHandle) -> Result<(), ProcessError> {
        let taken = self.table.lock()?.take_gone(thread);
        let index = taken.ok_or(ProcessError::NotFound)?;
        let joined = self.join(index, thread).map(drop);
        self.end(index, Some(Ending::Abandoned));
        Ok(joined?)
    }

    /// Shows `visit` the programs that run, and those that have ended as long as
    /// something is known of them, by number. `visit` may use the table.
    ///
    /// # Errors
    /// [`ProcessError::Platform`].
    pub fn list(&self, visit: &mut dyn FnMut(&Status<'_>)) -> Result<(), ProcessError> {
        let now = self.device.platform().clock().now();
        let mut last = ProcessId::NONE;
        loop {
            let table = self.table.lock()?;
            let Some((slot, state)) = table
                .after(last)
                .and_then(|slot| Some((slot, slot.state()?)))
            else {
                return Ok(());
            };
            last = slot.id;
            let (name, started) = (slot.name, slot.started);
            // Asked for while the thread cannot be joined.
            let usage = match (state, slot.thread) {
                (State::Ended(_), _) => Usage::default(),
                (_, Thread::Known(thread)) => self.device.usage(thread),
                _ => Usage::default(),
            };
            let monitor = slot.monitor.as_ref();
            let memory = monitor.map_or(0, |monitor| monitor.memory_bytes());
            let stack = monitor.map_or(0, |monitor| monitor.stack_bytes());
            drop(table);
            visit(&Status {
                id: last,
                name: name.as_str(),
                state,
                age: now.saturating_sub(started),
                usage,
                memory,
                stack,
            });
        }
    }

    /// Shows `visit` what is kept of a program's output, oldest first, in pieces that
    /// do not cut characters of UTF-8. `visit` may use the table.
    ///
    /// # Errors
    /// [`ProcessError::NotFound`], [`ProcessError::Platform`].
    pub fn log(&self, id: ProcessId, visit: &mut dyn FnMut(&[u8])) -> Result<(), ProcessError> {
        let (mut from, mut end) = (0, None);
        let mut piece = [0; PIECE];
        loop {
            let mut table = self.table.lock()?;
            let (_, slot) = table.find(id).ok_or(ProcessError::NotFound)?;
            // What comes in meanwhile is left out, or this might never end.
            let end = *end.get_or_insert(slot.log.end());
            let (next, length) = slot.log.read(from, end, &mut piece);
            drop(table);
            if length == 0 {
                return Ok(());
            }
            visit(piece.get(..length).unwrap_or_default());
            from = next;
        }
    }

    /// Stops the programs whose time is over, and gives back the threads of those that
    /// have ended. Called as [`Device::schedule_tick`] asks for it.
    pub fn tick(&self) {
        let platform = self.device.platform();
        let now = platform.clock().now();
        let next = match self.table.lock() {
            Ok(mut table) => table.stop_overdue(platform, now),
            // As good as impossible; whatever was due is due again later.
            Err(_) => Some(now.saturating_add(1_000_000_000)),
        };
        // What cannot be joined now is when the next program is started.
        drop(self.reap());
        if let Some(next) = next {
            self.device.schedule_tick(next);
        }
    }
}

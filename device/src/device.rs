//! What the firmware offers beside the platform contract.

use thimble::TrustedImage;
use thimble_platform::{Platform, Stream, ThreadHandle};

use crate::storage::Storage;

/// The firmware that programs run in. One value for as long as it runs.
pub trait Device: Sync {
    /// The system below.
    fn platform(&self) -> &'static dyn Platform;

    /// Limits and defaults; the same at every call.
    fn settings(&self) -> &Settings;

    /// The programs that are part of the firmware, by number; `None` after the last.
    fn built_in(&self, index: usize) -> Option<BuiltIn>;

    /// Where programs are installed, if there is such a place.
    fn storage(&self) -> Option<&dyn Storage> {
        None
    }

    /// What a thread uses, as far as the system keeps account. Any thread may ask,
    /// for one that is not joined before this returns. Like
    /// [`schedule_tick`](Self::schedule_tick) it calls nothing of
    /// [`Processes`](crate::Processes): it is called with a lock held.
    fn usage(&self, thread: ThreadHandle) -> Usage {
        let _ = thread;
        Usage::default()
    }

    /// What the heap of the runtime has, if an account is kept.
    fn heap(&self) -> Option<Heap> {
        None
    }

    /// Asks that [`Processes::tick`](crate::Processes::tick) is called at this
    /// monotonic time, or as soon after as can be, on a thread that no program has.
    /// Called again, the earlier of the times counts until a tick came. It must not
    /// call `tick` itself.
    fn schedule_tick(&self, at: u64);

    /// The fuel after which a program that computes is interrupted for
    /// [`pause`](Self::pause); `None` never. For systems where a thread that never
    /// waits keeps even more urgent ones from running.
    fn slice(&self) -> Option<u64> {
        None
    }

    /// Lets others run, between slices.
    fn pause(&self) {}

    /// The program that was given these streams has ended, or was not started: called
    /// once for each [`Request`](crate::Request) with streams that
    /// [`Processes::start`](crate::Processes::start) got, from any thread.
    fn close_streams(&self, streams: &Streams) {
        let _ = streams;
    }
}

/// Limits and defaults. Times are in nanoseconds, sizes in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// What the command of the shell is called, in its messages.
    pub command: &'static str,
    /// Programs that run at once, at most.
    pub processes: usize,
    /// The size that the memories of a program together do not grow beyond, unless
    /// the one who starts it asks for less.
    pub memory: u64,
    /// The guest's stack of a program, in cells of 4 bytes, at most.
    pub stack_cells: u32,
    /// Elements of a program's tables, at most.
    pub table_elements: u32,
    /// Frames that are noted of a trap.
    pub backtrace_frames: u32,
    /// Host functions of a program under each other, at most.
    pub host_depth: u32,
    /// Descriptors of a program, its streams and directories included, at most.
    pub descriptors: u32,
    /// Directories that a program can be given, at most.
    pub directories: usize,
    /// Connections to a program that wait to be accepted, at most.
    pub backlog: u32,
    /// Bytes that are moved at once between a program and the system.
    pub transfer: usize,
    /// The native stack of a program's thread.
    pub thread_stack: usize,
    /// The priority of a program's thread in the system's numbering, unless the one
    /// who starts it asks for another.
    pub priority: Option<i32>,
    /// The priorities that may be asked for, least and greatest number.
    pub priorities: Option<(i32, i32)>,
    /// Bytes of each program's output that are kept for `wasm log`, by the process
    /// table, from its start; 0 keeps none.
    pub log: usize,
}

/// A program that is part of the firmware.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// What it is called by.
    pub name: &'static str,
    /// The program.
    pub content: Content,
}

/// A program in the firmware's read-only data.
#[derive(Clone, Copy, Debug)]
pub enum Content {
    /// A WebAssembly module.
    Module(&'static [u8]),
    /// An image that the firmware's build made; it runs where it lies.
    Image(TrustedImage),
}

/// The standard streams of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streams {
    /// Standard input; `None` is at its end from the start.
    pub input: Option<Stream>,
    /// Standard output.
    pub output: Stream,
    /// Standard error.
    pub error: Stream,
}

/// Those of the system's console, without input.
impl Default for Streams {
    fn default() -> Self {
        Self {
            input: None,
            output: Stream::OUTPUT,
            error: Stream::ERROR,
        }
    }
}

/// What a thread uses. `None` where no account is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Processor time in nanoseconds.
    pub time: Option<u64>,
    /// Bytes that it has allocated and not given back, its stack not included.
    pub heap: Option<usize>,
    /// The most of its stack that it has used, in bytes.
    pub stack_peak: Option<usize>,
    /// Its stack in bytes.
    pub stack_size: Option<usize>,
    /// Whether it waits for something rather than run or be ready to.
    pub waits: Option<bool>,
}

/// What a heap has, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heap {
    /// Allocated now.
    pub allocated: u64,
    /// The most that was allocated at once.
    pub peak: u64,
    /// Left.
    pub free: u64,
}

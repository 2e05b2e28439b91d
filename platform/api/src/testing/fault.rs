//! Errors on demand: the n-th call fails with a kind of choice.

use core::sync::atomic::{AtomicU32, Ordering::SeqCst};

use crate::{
    Clock, Conditions, Console, Error, ErrorKind, Files, Memory, Mutexes, Platform, Poll, Random,
    Result, Sockets, Threads, Wakes, WallClock,
};

macro_rules! calls {
    ($($name:ident = $bit:literal, $what:literal;)*) => {
        /// A group of calls that can fail.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u32)]
        pub enum Call {
            $(#[doc = $what] $name = 1 << $bit,)*
        }

        impl Call {
            /// Every group.
            pub const ALL: &'static [Call] = &[$(Call::$name,)*];
        }
    };
}

calls! {
    Thread = 0, "Threads: spawn and join.";
    Mutex = 1, "Mutexes: create, lock, try to lock.";
    Condition = 2, "Conditions: create and wait.";
    Clock = 3, "The wall clock, and the time that a thread used.";
    Random = 4, "Random numbers.";
    ConsoleRead = 5, "Reading from the console.";
    ConsoleWrite = 6, "Writing to the console.";
    Memory = 7, "Memory: reserve, commit, seal, synchronise.";
    Wake = 8, "Wake objects: create, set, clear.";
    Poll = 9, "Waiting.";
    FileOpen = 10, "Files: open and duplicate.";
    FileRead = 11, "Files: read.";
    FileWrite = 12, "Files: write, set the size, synchronise.";
    FileList = 13, "Files: list, and read links.";
    FileMetadata = 14, "Files: metadata and times.";
    FileName = 15, "Files: make, remove, rename and link.";
    SocketOpen = 16, "Sockets: listen, connect, accept.";
    SocketData = 17, "Sockets: receive and send.";
    SocketState = 18, "Sockets: shut down, and ask for addresses.";
}

/// A platform that does as another one does, until it is told to fail.
///
/// Calls that give something back (unlock, notify, close, destroy, release)
/// never fail on demand, since their failure would lose what they give back.
/// A call that fails on demand has not reached the platform below.
pub struct FaultInjector<'a> {
    pub(super) below: &'a dyn Platform,
    /// Bits of the groups that count.
    groups: AtomicU32,
    /// Calls until one fails; 0 for none.
    left: AtomicU32,
    /// The number of the kind.
    kind: AtomicU32,
    /// Calls of the groups that count, since the last [`fail`](Self::fail).
    seen: AtomicU32,
}

impl<'a> FaultInjector<'a> {
    /// A decorator of `below` that counts all calls and lets all through.
    pub fn new(below: &'a dyn Platform) -> FaultInjector<'a> {
        FaultInjector {
            below,
            groups: AtomicU32::new(u32::MAX),
            left: AtomicU32::new(0),
            kind: AtomicU32::new(0),
            seen: AtomicU32::new(0),
        }
    }

    /// Lets the `nth` call from now on, of those in `calls`, fail with `kind`:
    /// 1 is the next one, 0 none. Later calls are let through again. Counting
    /// starts anew.
    ///
    /// One thread at a time tells the injector; while others call, which of
    /// theirs is the `nth` is open.
    pub fn fail(&self, calls: &[Call], nth: u32, kind: ErrorKind) {
        let groups = calls.iter().fold(0, |bits, call| bits | *call as u32);
        self.left.store(0, SeqCst);
        self.groups.store(groups, SeqCst);
        self.kind.store(kind as u32, SeqCst);
        self.seen.store(0, SeqCst);
        self.left.store(nth, SeqCst);
    }

    /// How many calls of the groups given to [`fail`](Self::fail) have come
    /// since.
    pub fn seen(&self) -> u32 {
        self.seen.load(SeqCst)
    }

    /// Counts a call; an error if it is the one to fail.
    pub(super) fn pass(&self, call: Call) -> Result<()> {
        if self.groups.load(SeqCst) & call as u32 == 0 {
            return Ok(());
        }
        let seen = self.seen.fetch_add(1, SeqCst).wrapping_add(1);
        if seen != self.left.load(SeqCst) {
            return Ok(());
        }
        let kind = u8::try_from(self.kind.load(SeqCst)).ok();
        let kind = kind.and_then(ErrorKind::from_number);
        Err(Error::new(kind.unwrap_or(ErrorKind::Other)))
    }
}

impl Platform for FaultInjector<'_> {
    fn threads(&self) -> &dyn Threads {
        self
    }

    fn mutexes(&self) -> &dyn Mutexes {
        self
    }

    fn conditions(&self) -> &dyn Conditions {
        self
    }

    fn clock(&self) -> &dyn Clock {
        self
    }

    fn random(&self) -> &dyn Random {
        self
    }

    fn console(&self) -> &dyn Console {
        self
    }

    fn memory(&self) -> &dyn Memory {
        self
    }

    fn wakes(&self) -> &dyn Wakes {
        self
    }

    fn poll(&self) -> &dyn Poll {
        self
    }

    fn wall_clock(&self) -> Option<&dyn WallClock> {
        self.below.wall_clock().map(|_| self as _)
    }

    fn files(&self) -> Option<&dyn Files> {
        self.below.files().map(|_| self as _)
    }

    fn sockets(&self) -> Option<&dyn Sockets> {
        self.below.sockets().map(|_| self as _)
    }
}

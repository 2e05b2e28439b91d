//! The platform below a guest here: one thread, a clock that counts instructions, and a console on
//! the computer that emulates.

use semihosting::io::{Read, Write, stderr, stdin, stdout};
use thimble_platform::{
    Clock, ConditionHandle, Conditions, Console, Error, ErrorKind, Interest, Memory, MutexHandle,
    Mutexes, Platform, Poll, PollEntry, PollOutcome, PollTarget, Random, Readiness, Region, Result,
    Stream, Task, ThreadHandle, ThreadOptions, Threads, WaitOutcome, WakeHandle, Wakes,
};

use crate::machine::{RESOLUTION, instructions};

/// The platform.
pub static SYSTEM: System = System;

/// See [`SYSTEM`].
#[derive(Debug)]
pub struct System;

impl Platform for System {
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
}

const fn missing<T>() -> Result<T> {
    Err(Error::new(ErrorKind::NotSupported))
}

/// An instruction takes a nanosecond (`-icount shift=0`).
impl Clock for System {
    fn now(&self) -> u64 {
        instructions()
    }

    fn resolution(&self) -> u64 {
        RESOLUTION
    }
}

impl Console for System {
    fn read(&self, stream: Stream, buffer: &mut [u8]) -> Result<usize> {
        if stream != Stream::INPUT {
            return Err(Error::new(ErrorKind::BadDescriptor));
        }
        stdin()
            .and_then(|mut input| input.read(buffer))
            .map_err(|_| Error::new(ErrorKind::Io))
    }

    fn write(&self, stream: Stream, data: &[u8]) -> Result<usize> {
        let written = match stream {
            Stream::OUTPUT => stdout().and_then(|mut output| output.write(data)),
            Stream::ERROR => stderr().and_then(|mut output| output.write(data)),
            _ => return Err(Error::new(ErrorKind::BadDescriptor)),
        };
        written.map_err(|_| Error::new(ErrorKind::Io))
    }

    fn is_terminal(&self, _stream: Stream) -> bool {
        false
    }
}

/// The console can always be read and written; nothing else is there to wait for but time.
impl Poll for System {
    fn poll(
        &self,
        entries: &mut [PollEntry],
        timeout: Option<u64>,
        _wake: Option<WakeHandle>,
    ) -> Result<PollOutcome> {
        let start = instructions();
        let mut is_any_ready = false;
        for entry in entries.iter_mut() {
            let fits = matches!(
                (entry.target, entry.interest),
                (PollTarget::Stream(Stream::INPUT), Interest::Read)
                    | (
                        PollTarget::Stream(Stream::OUTPUT | Stream::ERROR),
                        Interest::Write
                    )
            );
            entry.readiness = if fits {
                Readiness::Ready {
                    bytes: 0,
                    hangup: false,
                }
            } else {
                Readiness::Failed(Error::new(ErrorKind::BadDescriptor))
            };
            is_any_ready = true;
        }
        if is_any_ready {
            return Ok(PollOutcome::Ready);
        }
        // Without an end there would be nothing that ends it.
        let Some(timeout) = timeout else {
            return Err(Error::new(ErrorKind::Deadlock));
        };
        while instructions() - start < timeout {}
        Ok(PollOutcome::TimedOut)
    }
}

impl Random for System {
    fn fill(&self, _buffer: &mut [u8]) -> Result<()> {
        missing()
    }
}

/// There is one thread.
impl Threads for System {
    fn spawn(&self, _options: &ThreadOptions<'_>, _task: Task) -> Result<ThreadHandle> {
        missing()
    }

    fn join(&self, _thread: ThreadHandle) -> Result<()> {
        Err(Error::new(ErrorKind::BadDescriptor))
    }

    fn yield_now(&self) {}
}

impl Mutexes for System {
    fn create(&self) -> Result<MutexHandle> {
        missing()
    }

    fn lock(&self, _mutex: MutexHandle) -> Result<()> {
        Err(Error::new(ErrorKind::BadDescriptor))
    }

    fn try_lock(&self, _mutex: MutexHandle) -> Result<bool> {
        Err(Error::new(ErrorKind::BadDescriptor))
    }

    fn unlock(&self, _mutex: MutexHandle) -> Result<()> {
        Err(Error::new(ErrorKind::BadDescriptor))
    }

    fn destroy(&self, _mutex: MutexHandle) -> Result<()> {
        Err(Error::new(ErrorKind::BadDescriptor))
    }
}

impl Conditions for System {
    fn create(&self) -> Result<ConditionHandle> {
        missing()
    }

    fn wait(
        &self,
        _condition: ConditionHandle,
        _mutex: MutexHandle,
        _timeout: Option<u64>,
    ) -> Result<WaitOutcome> {
        Err(Error::new(ErrorKind::BadDescriptor))
    }

    fn notify_one(&self, _condition: ConditionHandle) -> Result<()> {
        Err(Error::new(ErrorKind::BadDescriptor))
    }

    fn notify_all(&self, _condition: ConditionHandle) -> Result<()> {
        Err(Error::new(ErrorKind::BadDescriptor))
    }

    fn destroy(&self, _condition: ConditionHandle) -> Result<()> {
        Err(Error::new(ErrorKind::BadDescriptor))
    }
}

impl Memory for System {
    fn granule(&self) -> usize {
        1
    }

    fn reserve(&self, _length: usize) -> Result<Region> {
        missing()
    }

    fn commit(&self, _region: &Region, _offset: usize, _length: usize) -> Result<()> {
        missing()
    }

    fn seal(&self, _region: &Region, _offset: usize, _length: usize) -> Result<()> {
        missing()
    }

    fn sync_code(&self, _region: &Region, _offset: usize, _length: usize) -> Result<()> {
        missing()
    }

    fn release(&self, _region: Region) -> Result<()> {
        missing()
    }
}

impl Wakes for System {
    fn create(&self) -> Result<WakeHandle> {
        missing()
    }

    fn wake(&self, _wake: WakeHandle) -> Result<()> {
        Err(Error::new(ErrorKind::BadDescriptor))
    }

    fn clear(&self, _wake: WakeHandle) -> Result<()> {
        Err(Error::new(ErrorKind::BadDescriptor))
    }

    fn destroy(&self, _wake: WakeHandle) -> Result<()> {
        Err(Error::new(ErrorKind::BadDescriptor))
    }
}

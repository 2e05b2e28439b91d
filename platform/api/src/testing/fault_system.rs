//! Faults of all that is mandatory, and of the wall clock.

use super::fault::{Call, FaultInjector};
use crate::{
    Clock, ConditionHandle, Conditions, Console, Error, ErrorKind, Memory, MutexHandle, Mutexes,
    Poll, PollEntry, PollOutcome, Random, Region, Result, Stream, Task, ThreadHandle,
    ThreadOptions, Threads, WaitOutcome, WakeHandle, Wakes, WallClock,
};

impl Threads for FaultInjector<'_> {
    fn spawn(&self, options: &ThreadOptions<'_>, task: Task) -> Result<ThreadHandle> {
        self.pass(Call::Thread)?;
        self.below.threads().spawn(options, task)
    }

    fn join(&self, thread: ThreadHandle) -> Result<()> {
        self.pass(Call::Thread)?;
        self.below.threads().join(thread)
    }

    fn yield_now(&self) {
        self.below.threads().yield_now();
    }
}

impl Mutexes for FaultInjector<'_> {
    fn create(&self) -> Result<MutexHandle> {
        self.pass(Call::Mutex)?;
        self.below.mutexes().create()
    }

    fn lock(&self, mutex: MutexHandle) -> Result<()> {
        self.pass(Call::Mutex)?;
        self.below.mutexes().lock(mutex)
    }

    fn try_lock(&self, mutex: MutexHandle) -> Result<bool> {
        self.pass(Call::Mutex)?;
        self.below.mutexes().try_lock(mutex)
    }

    fn unlock(&self, mutex: MutexHandle) -> Result<()> {
        self.below.mutexes().unlock(mutex)
    }

    fn destroy(&self, mutex: MutexHandle) -> Result<()> {
        self.below.mutexes().destroy(mutex)
    }
}

impl Conditions for FaultInjector<'_> {
    fn create(&self) -> Result<ConditionHandle> {
        self.pass(Call::Condition)?;
        self.below.conditions().create()
    }

    fn wait(
        &self,
        condition: ConditionHandle,
        mutex: MutexHandle,
        timeout: Option<u64>,
    ) -> Result<WaitOutcome> {
        self.pass(Call::Condition)?;
        self.below.conditions().wait(condition, mutex, timeout)
    }

    fn notify_one(&self, condition: ConditionHandle) -> Result<()> {
        self.below.conditions().notify_one(condition)
    }

    fn notify_all(&self, condition: ConditionHandle) -> Result<()> {
        self.below.conditions().notify_all(condition)
    }

    fn destroy(&self, condition: ConditionHandle) -> Result<()> {
        self.below.conditions().destroy(condition)
    }
}

impl Clock for FaultInjector<'_> {
    fn now(&self) -> u64 {
        self.below.clock().now()
    }

    fn resolution(&self) -> u64 {
        self.below.clock().resolution()
    }

    fn thread_time(&self) -> Result<u64> {
        self.pass(Call::Clock)?;
        self.below.clock().thread_time()
    }
}

impl FaultInjector<'_> {
    /// The wall clock below, which is there if anybody can ask for it.
    fn wall(&self) -> Result<&dyn WallClock> {
        let clock = self.below.wall_clock();
        clock.ok_or(Error::new(ErrorKind::NotSupported))
    }
}

impl WallClock for FaultInjector<'_> {
    fn now(&self) -> Result<u64> {
        self.pass(Call::Clock)?;
        self.wall()?.now()
    }

    fn set(&self, time: u64) -> Result<()> {
        self.pass(Call::Clock)?;
        self.wall()?.set(time)
    }

    fn resolution(&self) -> u64 {
        self.wall().map_or(1, |clock| clock.resolution())
    }
}

impl Random for FaultInjector<'_> {
    fn fill(&self, buffer: &mut [u8]) -> Result<()> {
        self.pass(Call::Random)?;
        self.below.random().fill(buffer)
    }
}

impl Console for FaultInjector<'_> {
    fn read(&self, stream: Stream, buffer: &mut [u8]) -> Result<usize> {
        self.pass(Call::ConsoleRead)?;
        self.below.console().read(stream, buffer)
    }

    fn write(&self, stream: Stream, data: &[u8]) -> Result<usize> {
        self.pass(Call::ConsoleWrite)?;
        self.below.console().write(stream, data)
    }

    fn is_terminal(&self, stream: Stream) -> bool {
        self.below.console().is_terminal(stream)
    }
}

impl Memory for FaultInjector<'_> {
    fn granule(&self) -> usize {
        self.below.memory().granule()
    }

    fn reserve(&self, length: usize) -> Result<Region> {
        self.pass(Call::Memory)?;
        self.below.memory().reserve(length)
    }

    fn commit(&self, region: &Region, offset: usize, length: usize) -> Result<()> {
        self.pass(Call::Memory)?;
        self.below.memory().commit(region, offset, length)
    }

    fn seal(&self, region: &Region, offset: usize, length: usize) -> Result<()> {
        self.pass(Call::Memory)?;
        self.below.memory().seal(region, offset, length)
    }

    fn sync_code(&self, region: &Region, offset: usize, length: usize) -> Result<()> {
        self.pass(Call::Memory)?;
        self.below.memory().sync_code(region, offset, length)
    }

    fn release(&self, region: Region) -> Result<()> {
        self.below.memory().release(region)
    }
}

impl Wakes for FaultInjector<'_> {
    fn create(&self) -> Result<WakeHandle> {
        self.pass(Call::Wake)?;
        self.below.wakes().create()
    }

    fn wake(&self, wake: WakeHandle) -> Result<()> {
        self.pass(Call::Wake)?;
        self.below.wakes().wake(wake)
    }

    fn clear(&self, wake: WakeHandle) -> Result<()> {
        self.pass(Call::Wake)?;
        self.below.wakes().clear(wake)
    }

    fn destroy(&self, wake: WakeHandle) -> Result<()> {
        self.below.wakes().destroy(wake)
    }
}

impl Poll for FaultInjector<'_> {
    fn poll(
        &self,
        entries: &mut [PollEntry],
        timeout: Option<u64>,
        wake: Option<WakeHandle>,
    ) -> Result<PollOutcome> {
        self.pass(Call::Poll)?;
        self.below.poll().poll(entries, timeout, wake)
    }
}

//! Programs whose threads somebody else has deleted.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test"
)]

mod process_support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use process_support::messages::Messages;
use process_support::{Bench, CONSOLE, SETTINGS, TestDevice, request, request_with, silent_host};
use thimble_device::{Ending, ProcessError, ProcessId, Settings, StartError, State};
use thimble_platform::{
    Clock, Conditions, Console, Memory, Mutexes, Platform, Poll, PollEntry, PollOutcome, Random,
    Result, Task, ThreadHandle, ThreadOptions, Threads, WakeHandle, Wakes,
};
use thimble_platform_host::Host;

/// The host, on which threads of programs that wait for time to pass can be taken away: they
/// never come back from there.
struct Lossy {
    host: Host,
    /// Threads that wait, and those of them that are gone.
    waiting: Mutex<Vec<ThreadHandle>>,
    gone: Mutex<Vec<ThreadHandle>>,
    /// Threads that were joined although they were gone.
    buried: AtomicUsize,
    /// Wake objects that there are.
    wakes: AtomicUsize,
}

thread_local! {
    /// The handle of a thread, once whoever made it knows.
    static SELF: std::cell::RefCell<Option<Arc<Mutex<Option<ThreadHandle>>>>> =
        const { std::cell::RefCell::new(None) };
}

impl Lossy {
    fn leak() -> &'static &'static Self {
        let lossy: &'static Self = Box::leak(Box::new(Self {
            host: silent_host(),
            waiting: Mutex::default(),
            gone: Mutex::default(),
            buried: AtomicUsize::new(0),
            wakes: AtomicUsize::new(0),
        }));
        Box::leak(Box::new(lossy))
    }

    /// Takes away the thread of a program that waits; returns it.
    fn lose(&self, bench: &Bench) -> ThreadHandle {
        bench.until(|| !self.waiting.lock().unwrap().is_empty());
        let thread = self.waiting.lock().unwrap().remove(0);
        self.gone.lock().unwrap().push(thread);
        thread
    }
}

impl Platform for &'static Lossy {
    fn threads(&self) -> &dyn Threads {
        self
    }
    fn mutexes(&self) -> &dyn Mutexes {
        self.host.mutexes()
    }
    fn conditions(&self) -> &dyn Conditions {
        self.host.conditions()
    }
    fn clock(&self) -> &dyn Clock {
        Platform::clock(&self.host)
    }
    fn random(&self) -> &dyn Random {
        self.host.random()
    }
    fn console(&self) -> &dyn Console {
        self.host.console()
    }
    fn memory(&self) -> &dyn Memory {
        self.host.memory()
    }
    fn wakes(&self) -> &dyn Wakes {
        self
    }
    fn poll(&self) -> &dyn Poll {
        self
    }
}

impl Threads for &'static Lossy {
    fn spawn(&self, options: &ThreadOptions<'_>, task: Task) -> Result<ThreadHandle> {
        let known = Arc::new(Mutex::new(None));
        let mine = Arc::clone(&known);
        // Until it is known, the thread waits to know it.
        let mut handle = known.lock().unwrap();
        let task = Task::new(move || {
            SELF.set(Some(mine));
            task.run();
        })?;
        let thread = self.host.threads().spawn(options, task)?;
        *handle = Some(thread);
        drop(handle);
        Ok(thread)
    }

    fn join(&self, thread: ThreadHandle) -> Result<()> {
        if self.gone.lock().unwrap().contains(&thread) {
            self.buried.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        self.host.threads().join(thread)
    }

    fn yield_now(&self) {
        self.host.threads().yield_now();
    }
}

impl Wakes for &'static Lossy {
    fn create(&self) -> Result<WakeHandle> {
        self.wakes.fetch_add(1, Ordering::Relaxed);
        self.host.wakes().create()
    }
    fn wake(&self, wake: WakeHandle) -> Result<()> {
        self.host.wakes().wake(wake)
    }
    fn clear(&self, wake: WakeHandle) -> Result<()> {
        self.host.wakes().clear(wake)
    }
    fn destroy(&self, wake: WakeHandle) -> Result<()> {
        self.wakes.fetch_sub(1, Ordering::Relaxed);
        self.host.wakes().destroy(wake)
    }
}

impl Poll for &'static Lossy {
    /// A wait without entries is one for time: a thread in one can be lost.
    fn poll(
        &self,
        entries: &mut [PollEntry],
        timeout: Option<u64>,
        wake: Option<WakeHandle>,
    ) -> Result<PollOutcome> {
        let thread = SELF.with_borrow(|known| *known.as_ref()?.lock().unwrap());
        let Some(thread) = thread.filter(|_| entries.is_empty()) else {
            return Platform::poll(&self.host).poll(entries, timeout, wake);
        };
        self.waiting.lock().unwrap().push(thread);
        let outcome = Platform::poll(&self.host).poll(entries, timeout, wake);
        self.waiting
            .lock()
            .unwrap()
            .retain(|other| *other != thread);
        while self.gone.lock().unwrap().contains(&thread) {
            thread::park();
        }
        outcome
    }
}

const SLEEPS: &[&str] = &["clock", "1", "3600000"];

fn bench(lossy: &'static &'static Lossy, settings: Settings) -> Bench {
    TestDevice::new(lossy, settings).begin()
}

/// Loses a program that sleeps, with streams.
fn lose(lossy: &Lossy, bench: &Bench) -> (ProcessId, ThreadHandle) {
    let id = bench.start(request_with(SLEEPS, |request| request.streams(CONSOLE)));
    (id, lossy.lose(bench))
}

#[test]
fn a_program_whose_thread_is_gone_has_ended_and_its_place_is_free() {
    let lossy = Lossy::leak();
    let settings = Settings {
        processes: 2,
        ..SETTINGS
    };
    let bench = bench(lossy, settings);
    let other = bench.start(request(&["spin"]));
    for round in 1..10 {
        let (id, thread) = lose(lossy, &bench);
        // Nobody knows of it yet.
        assert_eq!(bench.state(id), Some(State::Running));
        bench.processes.abandon(thread).unwrap();
        assert_eq!(bench.state(id), Some(State::Ended(Ending::Abandoned)));
        assert_eq!(bench.wait(id), Ending::Abandoned);
        assert_eq!(bench.processes.stop(id), Err(ProcessError::NotFound));
        // What was given to it is back, and its thread was joined.
        assert_eq!(bench.device.closed.load(Ordering::Relaxed), round);
        assert_eq!(lossy.wakes.load(Ordering::Relaxed), 1);
        assert_eq!(lossy.buried.load(Ordering::Relaxed), round as usize);
        // Once is enough.
        let again = bench.processes.abandon(thread);
        assert_eq!(again, Err(ProcessError::NotFound));
    }
    bench.processes.stop(other).unwrap();
    assert_eq!(bench.wait(other), Ending::Stopped);
}

#[test]
fn who_waits_is_told() {
    let lossy = Lossy::leak();
    let bench = bench(lossy, SETTINGS);
    let (id, thread) = lose(lossy, &bench);
    let ready = Arc::new(Barrier::new(3));
    let waiters = [0, 1].map(|_| {
        let (processes, ready) = (bench.processes, Arc::clone(&ready));
        thread::spawn(move || {
            let watch = processes.watch(id).unwrap();
            ready.wait();
            watch.wait(None).unwrap()
        })
    });
    ready.wait();
    bench.processes.abandon(thread).unwrap();
    for waiter in waiters {
        assert_eq!(waiter.join().unwrap(), Some(Ending::Abandoned));
    }
}

#[test]
fn the_place_is_not_kept_for_those_who_may_be_gone_too() {
    let lossy = Lossy::leak();
    let settings = Settings {
        processes: 1,
        ..SETTINGS
    };
    let bench = bench(lossy, settings);
    let (id, thread) = lose(lossy, &bench);
    let (late, gone) = [0, 1].map(|_| bench.processes.watch(id).unwrap()).into();
    bench.processes.abandon(thread).unwrap();
    std::mem::forget(gone);
    let other = bench.processes.start_watched(request(&["spin"])).unwrap();
    // Who comes late is told so, and does not watch the other one.
    assert_eq!(late.wait(None), Ok(Some(Ending::Abandoned)));
    drop(late);
    bench.processes.stop(other.id()).unwrap();
    assert_eq!(other.wait(None), Ok(Some(Ending::Stopped)));
    let refused = bench.processes.start(request(&["hello"]));
    assert_eq!(refused, Err(StartError::TooMany));
    drop(other);
    assert_eq!(bench.run(request(&["hello"])).0, Ending::Exited(0));
}

#[test]
fn a_program_that_was_told_to_end_and_lost_its_thread_is_abandoned() {
    let lossy = Lossy::leak();
    let bench = bench(lossy, SETTINGS);
    let (id, thread) = lose(lossy, &bench);
    bench.processes.stop(id).unwrap();
    assert_eq!(bench.state(id), Some(State::Stopping));
    bench.processes.abandon(thread).unwrap();
    assert_eq!(bench.wait(id), Ending::Abandoned);
}

#[test]
fn a_thread_of_no_program_and_one_that_has_ended_its_program_are_not_found() {
    let lossy = Lossy::leak();
    let bench = bench(lossy, SETTINGS);
    let none = ThreadHandle::from_raw(usize::MAX);
    assert_eq!(bench.processes.abandon(none), Err(ProcessError::NotFound));
    let (ending, _) = bench.run(request(&["hello"]));
    assert_eq!(ending, Ending::Exited(0));
    assert_eq!(lossy.buried.load(Ordering::Relaxed), 0);
}

#[test]
fn the_log_says_so() {
    let messages = Messages::keep(log::LevelFilter::Info);
    let lossy = Lossy::leak();
    let bench = bench(lossy, SETTINGS);
    let (_, thread) = lose(lossy, &bench);
    bench.processes.abandon(thread).unwrap();
    let last = messages.take().pop();
    assert_eq!(
        last.as_deref(),
        Some("INFO: program 1 (clock): its thread was deleted")
    );
}

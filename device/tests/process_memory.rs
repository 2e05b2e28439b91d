//! Programs give back all they had, also when there is no memory at any point.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test"
)]

mod process_support;

use std::sync::Mutex;
use std::sync::atomic::{AtomicIsize, AtomicU64, Ordering};

use process_support::image::trusted;
use process_support::messages::Messages;
use process_support::{
    CONSOLE, GREETING, SETTINGS, Scratch, TestDevice, guest, request, silent_host,
};
use thimble_device::{Content, Ending, Request, Settings, StartError};
use thimble_platform::{
    Clock, ConditionHandle, Conditions, Console, Files, Memory, MutexHandle, Mutexes, Platform,
    Poll, PollEntry, PollOutcome, Random, Result, Stream, Task, ThreadHandle, ThreadOptions,
    Threads, WaitOutcome, WakeHandle, Wakes,
};
use thimble_platform_host::Host;
use thimble_tests_memory::allocator::{Allocator, Failing, failing, live, undisturbed};
use thimble_tests_memory::roomy::Roomy;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

/// The host with room for itself, which lets allocations fail on the threads that it
/// makes, and counts what is lost on them.
struct Scarce {
    host: Roomy,
    /// The allocation that fails on the next thread.
    fails: Mutex<Option<Failing>>,
    /// Bytes that threads have allocated and not given back.
    lost: AtomicIsize,
    /// Allocations that failed on threads.
    failed: AtomicU64,
    /// Wake objects and threads that there are.
    objects: AtomicIsize,
}

impl Platform for &'static Scarce {
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
        Platform::clock(&self.host)
    }
    fn random(&self) -> &dyn Random {
        Platform::random(&self.host)
    }
    fn console(&self) -> &dyn Console {
        self
    }
    fn memory(&self) -> &dyn Memory {
        Platform::memory(&self.host)
    }
    fn wakes(&self) -> &dyn Wakes {
        self
    }
    fn poll(&self) -> &dyn Poll {
        self
    }
    fn files(&self) -> Option<&dyn Files> {
        Platform::files(&self.host)
    }
}

impl Scarce {
    fn host(&self) -> &Host {
        &self.host.0
    }
}

impl Threads for &'static Scarce {
    fn spawn(&self, options: &ThreadOptions<'_>, task: Task) -> Result<ThreadHandle> {
        let this: &'static Scarce = self;
        let fails = this.fails.lock().expect("not poisoned").take();
        let run = move || {
            let before = live();
            let failed = match fails {
                Some(fails) => failing(fails, || task.run()).1,
                None => {
                    task.run();
                    0
                }
            };
            this.failed.fetch_add(failed, Ordering::SeqCst);
            this.lost.fetch_add(live() - before, Ordering::SeqCst);
        };
        undisturbed(|| {
            let thread = this.host().threads().spawn(options, Task::new(run)?)?;
            this.objects.fetch_add(1, Ordering::SeqCst);
            Ok(thread)
        })
    }

    fn join(&self, thread: ThreadHandle) -> Result<()> {
        self.objects.fetch_sub(1, Ordering::SeqCst);
        undisturbed(|| self.host().threads().join(thread))
    }

    fn yield_now(&self) {
        self.host().threads().yield_now();
    }
}

impl Wakes for &'static Scarce {
    fn create(&self) -> Result<WakeHandle> {
        self.objects.fetch_add(1, Ordering::SeqCst);
        undisturbed(|| self.host().wakes().create())
    }
    fn wake(&self, wake: WakeHandle) -> Result<()> {
        undisturbed(|| self.host().wakes().wake(wake))
    }
    fn clear(&self, wake: WakeHandle) -> Result<()> {
        undisturbed(|| self.host().wakes().clear(wake))
    }
    fn destroy(&self, wake: WakeHandle) -> Result<()> {
        self.objects.fetch_sub(1, Ordering::SeqCst);
        undisturbed(|| self.host().wakes().destroy(wake))
    }
}

macro_rules! calls {
    ($trait:ident by $of:ident: $($name:ident($($parameter:ident: $type:ty),*) -> $answer:ty;)*) => {
        impl $trait for &'static Scarce {
            $(fn $name(&self, $($parameter: $type),*) -> $answer {
                undisturbed(|| Platform::$of(self.host()).$name($($parameter),*))
            })*
        }
    };
}

calls! { Mutexes by mutexes:
    create() -> Result<MutexHandle>;
    lock(mutex: MutexHandle) -> Result<()>;
    try_lock(mutex: MutexHandle) -> Result<bool>;
    unlock(mutex: MutexHandle) -> Result<()>;
    destroy(mutex: MutexHandle) -> Result<()>;
}

calls! { Conditions by conditions:
    create() -> Result<ConditionHandle>;
    wait(condition: ConditionHandle, mutex: MutexHandle, timeout: Option<u64>) -> Result<WaitOutcome>;
    notify_one(condition: ConditionHandle) -> Result<()>;
    notify_all(condition: ConditionHandle) -> Result<()>;
    destroy(condition: ConditionHandle) -> Result<()>;
}

calls! { Console by console:
    read(stream: Stream, buffer: &mut [u8]) -> Result<usize>;
    write(stream: Stream, data: &[u8]) -> Result<usize>;
    is_terminal(stream: Stream) -> bool;
}

calls! { Poll by poll:
    poll(entries: &mut [PollEntry], timeout: Option<u64>, wake: Option<WakeHandle>) -> Result<PollOutcome>;
}

/// A device on which memory can be scarce.
struct Bench {
    platform: &'static Scarce,
    bench: process_support::Bench,
}

impl Bench {
    fn new() -> Self {
        let platform: &'static Scarce = Box::leak(Box::new(Scarce {
            host: Roomy(silent_host()),
            fails: Mutex::new(None),
            lost: AtomicIsize::new(0),
            failed: AtomicU64::new(0),
            objects: AtomicIsize::new(0),
        }));
        let settings = Settings {
            processes: 2,
            ..SETTINGS
        };
        let image = Content::Image(trusted(guest!("hello")));
        let device = TestDevice::new(Box::leak(Box::new(platform)), settings)
            .with("hello-image", image)
            .with(
                "freestanding",
                Content::Module(guest!("hello-freestanding")),
            );
        Self {
            platform,
            bench: device.begin(),
        }
    }

    /// Runs what `ask` asks for, with allocations failing on this thread while it is
    /// asked, and on the program's. Returns how it ended, what it wrote and how many
    /// failed. All must be back then.
    fn run(
        &self,
        ask: impl Fn() -> std::result::Result<Request, StartError>,
        here: Option<Failing>,
        there: Option<Failing>,
    ) -> (std::result::Result<Ending, StartError>, String, u64) {
        let before = live();
        *self.platform.fails.lock().unwrap() = there;
        let start = || self.bench.processes.start(ask()?);
        let (started, mut failed) = match here {
            Some(here) => failing(here, start),
            None => (start(), 0),
        };
        *self.platform.fails.lock().unwrap() = None;
        let ended = started.map(|id| (self.bench.wait(id), undisturbed(|| self.bench.log(id))));
        failed += self.platform.failed.swap(0, Ordering::SeqCst);
        let lost = live() - before + self.platform.lost.swap(0, Ordering::SeqCst);
        let (ending, text) = match ended {
            Ok((ending, text)) => (Ok(ending), text),
            Err(error) => (Err(error), String::new()),
        };
        assert_eq!(
            lost, 0,
            "{here:?} {there:?}: bytes lost, {ending:?}, {text}"
        );
        let objects = self.platform.objects.load(Ordering::SeqCst);
        assert_eq!(
            objects, 0,
            "{here:?} {there:?}: threads or wake objects lost"
        );
        (ending, text, failed)
    }
}

fn ask(program: &str, directory: &str) -> std::result::Result<Request, StartError> {
    let mut request = Request::new();
    request.program(program)?;
    request.argument("an argument")?;
    request.variable("NAME", "value")?;
    request.directory(directory, "/")?;
    request.streams(CONSOLE);
    Ok(request)
}

#[test]
fn two_hundred_runs_leave_nothing_behind() {
    let (bench, scratch) = (Bench::new(), Scratch::new());
    let file = scratch.write("hello.wasm", guest!("hello"));
    for run in 0..200 {
        let program = ["hello-image", "freestanding", &file, "trap"][run % 4];
        let (ending, text, _) = bench.run(|| ask(program, scratch.path()), None, None);
        match program {
            "trap" => assert_eq!(ending, Ok(Ending::Exited(2))),
            _ => assert_eq!((ending, text.as_str()), (Ok(Ending::Exited(0)), GREETING)),
        }
    }
}

#[test]
fn a_program_that_nobody_waits_for_is_cleared_away() {
    let bench = Bench::new();
    bench.bench.start(request(&["hello-image"]));
    let objects = || bench.platform.objects.load(Ordering::SeqCst);
    // Its thread and its wake object.
    bench.bench.until(|| objects() == 0);
}

#[test]
fn no_allocation_of_who_starts_a_program_is_needed() {
    let (bench, scratch) = (Bench::new(), Scratch::new());
    for which in [Failing::Only as fn(u64) -> Failing, Failing::From] {
        for number in 0.. {
            let fails = Some(which(number));
            let (ending, _, failed) = bench.run(|| ask("hello-image", scratch.path()), fails, None);
            if failed == 0 {
                assert_eq!(ending, Ok(Ending::Exited(0)));
                assert!(number > 4, "{number} allocations");
                break;
            }
            assert_eq!(ending, Err(StartError::OutOfMemory));
        }
    }
}

/// Fails every allocation of a program's thread in turn.
fn sweep(program: &str) {
    let (bench, scratch) = (Bench::new(), Scratch::new());
    let program = match program {
        "file" => scratch.write("file.wasm", guest!("hello-freestanding")),
        "image file" => scratch.write("file.thm", trusted(guest!("hello-freestanding")).as_bytes()),
        program => program.to_owned(),
    };
    for which in [Failing::Only as fn(u64) -> Failing, Failing::From] {
        for number in 0.. {
            let fails = Some(which(number));
            let (ending, text, failed) = bench.run(|| ask(&program, scratch.path()), None, fails);
            if failed == 0 {
                assert!(
                    matches!(ending, Ok(Ending::Exited(_))),
                    "{ending:?}: {text}"
                );
                assert!(number > 20, "{number} allocations");
                break;
            }
            match ending {
                // It was said, whichever words the runtime has for it.
                Ok(Ending::Failed) => assert!(text.contains("out of memory"), "{number}: {text}"),
                // Whoever fails to get a generous amount may ask for less.
                Ok(Ending::Exited(_)) => assert!(matches!(fails, Some(Failing::Only(_)))),
                other => panic!("{number}: {other:?}"),
            }
        }
    }
}

#[test]
fn any_allocation_for_compiling_may_fail() {
    let (bench, scratch) = (Bench::new(), Scratch::new());
    let module = scratch.write("file.wasm", guest!("hello-freestanding"));
    let image = scratch.write("file.thm", b"before");
    let ask = || {
        let mut request = Request::new();
        request.compile(&module, None)?;
        request.streams(CONSOLE);
        Ok(request)
    };
    for which in [Failing::Only as fn(u64) -> Failing, Failing::From] {
        for number in 0.. {
            std::fs::write(&image, b"before").unwrap();
            let fails = Some(which(number));
            let (ending, text, failed) = bench.run(ask, None, fails);
            let found = std::fs::read(&image).unwrap();
            assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 2);
            if failed == 0 {
                assert_eq!((ending, text.as_str()), (Ok(Ending::Exited(0)), ""));
                assert!(number > 8, "{number} allocations");
                break;
            }
            match ending {
                Ok(Ending::Failed) => {
                    assert!(text.contains("out of memory"), "{number}: {text}");
                    assert_eq!(found, b"before");
                }
                Ok(Ending::Exited(0)) => assert!(matches!(fails, Some(Failing::Only(_)))),
                other => panic!("{number}: {other:?}"),
            }
        }
    }
}

#[test]
fn want_of_memory_is_logged() {
    let messages = Messages::keep(log::LevelFilter::Warn);
    let (bench, scratch) = (Bench::new(), Scratch::new());
    let mut seen = Vec::new();
    for number in 0.. {
        let fails = Some(Failing::Only(number));
        let (_, _, failed) = bench.run(|| ask("freestanding", scratch.path()), None, fails);
        if failed == 0 {
            break;
        }
        seen.extend(messages.take());
    }
    for part in [
        ": no memory for its code",
        ": no memory for its 65536 bytes",
    ] {
        let is_about = |message: &String| message.ends_with(part);
        assert!(seen.iter().any(is_about), "{part}: {seen:?}");
    }
}

#[test]
fn any_allocation_for_a_module_may_fail() {
    sweep("freestanding");
}

#[test]
fn any_allocation_for_an_image_may_fail() {
    sweep("hello-image");
}

#[test]
fn any_allocation_for_a_module_in_a_file_may_fail() {
    sweep("file");
}

#[test]
fn any_allocation_for_an_image_in_a_file_may_fail() {
    sweep("image file");
}

//! Cases about threads.

use core::hint::black_box;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use thimble_platform::{ErrorKind, Task, ThreadHandle, ThreadOptions};

use crate::outcome::{Result, check, fails};
use crate::run::{Config, SHORT, cases};

cases![
    threads_run_and_join_waits,
    threads_run_beside_each_other,
    the_stack_is_as_large_as_asked,
    joining_twice_is_refused,
    joining_oneself_is_refused,
    impossible_priorities_are_refused,
    joined_threads_come_back,
];

fn threads_run_and_join_waits(config: &Config) -> Result {
    static DONE: AtomicBool = AtomicBool::new(false);
    DONE.store(false, SeqCst);
    let platform = config.platform;
    let thread = config.spawn(move || {
        let _ = platform.poll().poll(&mut [], Some(SHORT), None);
        DONE.store(true, SeqCst);
    })?;
    platform.threads().join(thread)?;
    check(DONE.load(SeqCst), "the thread to have ended")
}

fn threads_run_beside_each_other(config: &Config) -> Result {
    static TURN: AtomicUsize = AtomicUsize::new(0);
    TURN.store(0, SeqCst);
    let platform = config.platform;
    let thread = config.spawn(move || {
        while TURN.load(SeqCst) != 1 {
            let _ = platform.poll().poll(&mut [], Some(1_000_000), None);
        }
        TURN.store(2, SeqCst);
    })?;
    check(TURN.load(SeqCst) == 0, "the thread to wait")?;
    TURN.store(1, SeqCst);
    platform.threads().yield_now();
    let answered = config.wait_until(|| TURN.load(SeqCst) == 2)?;
    platform.threads().join(thread)?;
    check(answered, "the thread to answer")
}

/// Calls itself until `bytes` of stack below `start` are in use; returns how
/// many are.
#[inline(never)]
fn deep(start: usize, bytes: usize) -> usize {
    let frame = black_box([1u8; 64]);
    let used = start.abs_diff(frame.as_ptr().addr());
    let deepest = if used < bytes {
        deep(start, bytes)
    } else {
        used
    };
    // Needs the frame after the call, so that the call is no jump.
    deepest.max(usize::from(black_box(frame)[0]))
}

fn the_stack_is_as_large_as_asked(config: &Config) -> Result {
    static DEPTH: AtomicUsize = AtomicUsize::new(0);
    DEPTH.store(0, SeqCst);
    let options = ThreadOptions {
        stack_size: 4 * config.stack_size,
        priority: None,
        name: "a name that is longer than most systems keep",
    };
    // Some of the stack is the system's own.
    let most = 3 * config.stack_size;
    let task = Task::new(move || {
        let here = black_box(0u8);
        let start = core::ptr::from_ref(&here).addr();
        DEPTH.store(deep(start, most), SeqCst);
    })?;
    let threads = config.platform.threads();
    threads.join(threads.spawn(&options, task)?)?;
    check(DEPTH.load(SeqCst) >= most, "the stack to hold the calls")
}

fn joining_twice_is_refused(config: &Config) -> Result {
    let threads = config.platform.threads();
    let thread = config.spawn(|| {})?;
    threads.join(thread)?;
    fails(threads.join(thread), ErrorKind::BadDescriptor)?;
    let never = ThreadHandle::from_raw(usize::MAX);
    fails(threads.join(never), ErrorKind::BadDescriptor)
}

fn joining_oneself_is_refused(config: &Config) -> Result {
    static HANDLE: AtomicUsize = AtomicUsize::new(0);
    static TRIED: AtomicBool = AtomicBool::new(false);
    static KNOWN: AtomicBool = AtomicBool::new(false);
    static REFUSED: AtomicBool = AtomicBool::new(false);
    TRIED.store(false, SeqCst);
    KNOWN.store(false, SeqCst);
    REFUSED.store(false, SeqCst);
    let platform = config.platform;
    let thread = config.spawn(move || {
        while !KNOWN.load(SeqCst) {
            let _ = platform.poll().poll(&mut [], Some(1_000_000), None);
        }
        let result = platform
            .threads()
            .join(ThreadHandle::from_raw(HANDLE.load(SeqCst)));
        let refused = result.is_err_and(|error| error.kind() == ErrorKind::Deadlock);
        REFUSED.store(refused, SeqCst);
        TRIED.store(true, SeqCst);
    })?;
    HANDLE.store(thread.raw(), SeqCst);
    KNOWN.store(true, SeqCst);
    // Joined by another, the handle would be gone.
    let tried = config.wait_until(|| TRIED.load(SeqCst))?;
    check(tried, "the thread not to wait for itself")?;
    platform.threads().join(thread)?;
    check(REFUSED.load(SeqCst), "a thread not to join itself")
}

fn impossible_priorities_are_refused(config: &Config) -> Result {
    static RAN: AtomicBool = AtomicBool::new(false);
    static DROPPED: AtomicUsize = AtomicUsize::new(0);
    struct Counted;
    impl Drop for Counted {
        fn drop(&mut self) {
            DROPPED.store(DROPPED.load(SeqCst) + 1, SeqCst);
        }
    }
    RAN.store(false, SeqCst);
    DROPPED.store(0, SeqCst);
    let options = ThreadOptions {
        stack_size: config.stack_size,
        priority: Some(i32::MAX),
        name: "",
    };
    let counted = Counted;
    let task = Task::new(move || {
        let _held = &counted;
        RAN.store(true, SeqCst);
    })?;
    let result = config.platform.threads().spawn(&options, task);
    fails(result, ErrorKind::InvalidArgument)?;
    config.sleep(SHORT)?;
    check(!RAN.load(SeqCst), "the task not to run")?;
    check(DROPPED.load(SeqCst) == 1, "the task to be dropped once")
}

fn joined_threads_come_back(config: &Config) -> Result {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    RUNS.store(0, SeqCst);
    let threads = config.platform.threads();
    for _ in 0..100 {
        // One thread at a time, so that a load and a store will do.
        let thread = config.spawn(|| RUNS.store(RUNS.load(SeqCst) + 1, SeqCst))?;
        threads.join(thread)?;
    }
    check(RUNS.load(SeqCst) == 100, "every thread to run")
}

//! Cases about conditions.

use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use thimble_platform::{
    ConditionHandle, ErrorKind, MutexHandle, Platform, ThreadHandle, WaitOutcome,
};

use crate::outcome::{Result, check, fails};
use crate::run::{Config, LONG, SHORT, cases};

cases![
    a_timeout_is_reported_and_never_early,
    waiting_gives_the_mutex_back_and_takes_it_again,
    a_notification_ends_the_wait,
    notify_all_ends_every_wait,
    a_notification_without_a_waiter_is_not_kept,
    waiting_needs_the_mutex,
    a_condition_waited_on_cannot_be_destroyed,
    unknown_conditions_are_refused,
];

/// A mutex and a condition.
#[derive(Clone, Copy)]
struct Pair {
    platform: &'static dyn Platform,
    mutex: MutexHandle,
    condition: ConditionHandle,
}

impl Pair {
    fn new(config: &Config) -> Result<Pair> {
        Ok(Pair {
            platform: config.platform,
            mutex: config.platform.mutexes().create()?,
            condition: config.platform.conditions().create()?,
        })
    }

    fn lock(self) -> thimble_platform::Result<()> {
        self.platform.mutexes().lock(self.mutex)
    }

    fn unlock(self) -> thimble_platform::Result<()> {
        self.platform.mutexes().unlock(self.mutex)
    }

    fn wait(self, timeout: Option<u64>) -> thimble_platform::Result<WaitOutcome> {
        self.platform
            .conditions()
            .wait(self.condition, self.mutex, timeout)
    }

    /// Waits for as long as `state` holds, unless waiting fails.
    fn wait_while(self, state: impl Fn() -> bool) {
        while state() {
            if self.wait(None).is_err() {
                break;
            }
        }
    }

    fn destroy(self) -> Result {
        self.platform.conditions().destroy(self.condition)?;
        Ok(self.platform.mutexes().destroy(self.mutex)?)
    }
}

fn a_timeout_is_reported_and_never_early(config: &Config) -> Result {
    let pair = Pair::new(config)?;
    let clock = config.platform.clock();
    pair.lock()?;
    for timeout in [SHORT, 0, 1, SHORT + 1] {
        let start = clock.now();
        // A wait may end for no reason, but not for ever.
        while pair.wait(Some(timeout))? == WaitOutcome::Notified {
            check(clock.now() - start < LONG, "a timeout")?;
        }
        let passed = clock.now() - start;
        check(passed >= timeout, "the whole time to pass")?;
        check(passed < LONG, "no more than the time to pass")?;
    }
    pair.unlock()?;
    pair.destroy()
}

fn waiting_gives_the_mutex_back_and_takes_it_again(config: &Config) -> Result {
    static ENTERED: AtomicBool = AtomicBool::new(false);
    ENTERED.store(false, SeqCst);
    let pair = Pair::new(config)?;
    pair.lock()?;
    let thread = config.spawn(move || {
        if pair.lock().is_ok() {
            ENTERED.store(true, SeqCst);
            let _ = pair.unlock();
        }
    })?;
    let start = config.platform.clock().now();
    while !ENTERED.load(SeqCst) && config.platform.clock().now() - start < LONG {
        pair.wait(Some(SHORT))?;
    }
    check(ENTERED.load(SeqCst), "the mutex to be free during the wait")?;
    fails(pair.lock(), ErrorKind::Deadlock)?;
    pair.unlock()?;
    config.platform.threads().join(thread)?;
    pair.destroy()
}

fn a_notification_ends_the_wait(config: &Config) -> Result {
    static STATE: AtomicUsize = AtomicUsize::new(0);
    STATE.store(0, SeqCst);
    let pair = Pair::new(config)?;
    let thread = config.spawn(move || {
        let _ = pair.lock();
        STATE.store(1, SeqCst);
        pair.wait_while(|| STATE.load(SeqCst) == 1);
        STATE.store(3, SeqCst);
        let _ = pair.unlock();
    })?;
    check(
        config.wait_until(|| STATE.load(SeqCst) == 1)?,
        "a thread to start",
    )?;
    // With the mutex, the thread has begun to wait: nothing can be lost.
    pair.lock()?;
    STATE.store(2, SeqCst);
    config.platform.conditions().notify_one(pair.condition)?;
    pair.unlock()?;
    let ended = config.wait_until(|| STATE.load(SeqCst) == 3)?;
    check(ended, "the wait to end")?;
    config.platform.threads().join(thread)?;
    pair.destroy()
}

fn notify_all_ends_every_wait(config: &Config) -> Result {
    static WAITING: AtomicUsize = AtomicUsize::new(0);
    static GO: AtomicBool = AtomicBool::new(false);
    WAITING.store(0, SeqCst);
    GO.store(false, SeqCst);
    let pair = Pair::new(config)?;
    let mut threads = [ThreadHandle::from_raw(0); 3];
    for thread in &mut threads {
        *thread = config.spawn(move || {
            let _ = pair.lock();
            // The mutex makes loads and stores one step.
            WAITING.store(WAITING.load(SeqCst) + 1, SeqCst);
            pair.wait_while(|| !GO.load(SeqCst));
            WAITING.store(WAITING.load(SeqCst) - 1, SeqCst);
            let _ = pair.unlock();
        })?;
    }
    let all = config.wait_until(|| WAITING.load(SeqCst) == 3)?;
    check(all, "three threads to wait")?;
    pair.lock()?;
    GO.store(true, SeqCst);
    config.platform.conditions().notify_all(pair.condition)?;
    pair.unlock()?;
    let none = config.wait_until(|| WAITING.load(SeqCst) == 0)?;
    check(none, "every wait to end")?;
    for thread in threads {
        config.platform.threads().join(thread)?;
    }
    pair.destroy()
}

fn a_notification_without_a_waiter_is_not_kept(config: &Config) -> Result {
    let pair = Pair::new(config)?;
    let conditions = config.platform.conditions();
    conditions.notify_one(pair.condition)?;
    conditions.notify_all(pair.condition)?;
    pair.lock()?;
    // Notifications that were kept would end more than one of these.
    let mut timeouts = 0;
    for _ in 0..3 {
        if pair.wait(Some(SHORT))? == WaitOutcome::TimedOut {
            timeouts += 1;
        }
    }
    pair.unlock()?;
    check(timeouts >= 2, "the waits to time out")?;
    pair.destroy()
}

fn waiting_needs_the_mutex(config: &Config) -> Result {
    let pair = Pair::new(config)?;
    fails(pair.wait(Some(SHORT)), ErrorKind::NotPermitted)?;
    fails(pair.wait(None), ErrorKind::NotPermitted)?;
    pair.destroy()
}

fn a_condition_waited_on_cannot_be_destroyed(config: &Config) -> Result {
    static STATE: AtomicUsize = AtomicUsize::new(0);
    STATE.store(0, SeqCst);
    let pair = Pair::new(config)?;
    let thread = config.spawn(move || {
        let _ = pair.lock();
        STATE.store(1, SeqCst);
        pair.wait_while(|| STATE.load(SeqCst) == 1);
        let _ = pair.unlock();
    })?;
    check(
        config.wait_until(|| STATE.load(SeqCst) == 1)?,
        "a thread to start",
    )?;
    pair.lock()?;
    let conditions = config.platform.conditions();
    let refused = fails(conditions.destroy(pair.condition), ErrorKind::Busy);
    STATE.store(2, SeqCst);
    conditions.notify_all(pair.condition)?;
    pair.unlock()?;
    config.platform.threads().join(thread)?;
    refused?;
    pair.destroy()
}

fn unknown_conditions_are_refused(config: &Config) -> Result {
    let conditions = config.platform.conditions();
    let mutexes = config.platform.mutexes();
    let mutex = mutexes.create()?;
    let stale = conditions.create()?;
    conditions.destroy(stale)?;
    mutexes.lock(mutex)?;
    for condition in [stale, ConditionHandle::from_raw(usize::MAX)] {
        let wait = conditions.wait(condition, mutex, Some(0));
        fails(wait, ErrorKind::BadDescriptor)?;
        fails(conditions.notify_one(condition), ErrorKind::BadDescriptor)?;
        fails(conditions.notify_all(condition), ErrorKind::BadDescriptor)?;
        fails(conditions.destroy(condition), ErrorKind::BadDescriptor)?;
    }
    // The mutex is still held: unlocking it succeeds.
    mutexes.unlock(mutex)?;
    Ok(mutexes.destroy(mutex)?)
}

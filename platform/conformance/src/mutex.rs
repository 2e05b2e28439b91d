//! Cases about mutual exclusion.

use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use thimble_platform::{ErrorKind, MutexHandle, ThreadHandle};

use crate::outcome::{Result, check, fails};
use crate::run::{Config, SHORT, cases};

cases![
    a_mutex_excludes,
    lock_waits_until_unlocked,
    try_lock_does_not_wait,
    locking_twice_is_refused,
    only_the_owner_unlocks,
    a_locked_mutex_cannot_be_destroyed,
    unknown_mutexes_are_refused,
    destroyed_mutexes_come_back,
];

fn a_mutex_excludes(config: &Config) -> Result {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    COUNT.store(0, SeqCst);
    let platform = config.platform;
    let mutexes = platform.mutexes();
    let mutex = mutexes.create()?;
    let mut threads = [ThreadHandle::from_raw(0); 3];
    for thread in &mut threads {
        *thread = config.spawn(move || {
            for _ in 0..100 {
                let locked = platform.mutexes().lock(mutex).is_ok();
                let count = COUNT.load(SeqCst);
                // Another thread that got in now would lose this count.
                platform.threads().yield_now();
                if locked {
                    COUNT.store(count + 1, SeqCst);
                    let _ = platform.mutexes().unlock(mutex);
                }
            }
        })?;
    }
    for thread in threads {
        platform.threads().join(thread)?;
    }
    mutexes.destroy(mutex)?;
    check(COUNT.load(SeqCst) == 300, "every count to be kept")
}

fn lock_waits_until_unlocked(config: &Config) -> Result {
    static LOCKED: AtomicBool = AtomicBool::new(false);
    LOCKED.store(false, SeqCst);
    let platform = config.platform;
    let mutexes = platform.mutexes();
    let mutex = mutexes.create()?;
    mutexes.lock(mutex)?;
    let thread = config.spawn(move || {
        if platform.mutexes().lock(mutex).is_ok() {
            LOCKED.store(true, SeqCst);
            let _ = platform.mutexes().unlock(mutex);
        }
    })?;
    config.sleep(SHORT)?;
    let too_early = LOCKED.load(SeqCst);
    mutexes.unlock(mutex)?;
    platform.threads().join(thread)?;
    mutexes.destroy(mutex)?;
    check(!too_early, "the thread to wait")?;
    check(LOCKED.load(SeqCst), "the thread to go on")
}

fn try_lock_does_not_wait(config: &Config) -> Result {
    static TAKEN: AtomicBool = AtomicBool::new(true);
    TAKEN.store(true, SeqCst);
    let platform = config.platform;
    let mutexes = platform.mutexes();
    let mutex = mutexes.create()?;
    check(mutexes.try_lock(mutex)?, "a free mutex to be taken")?;
    check(!mutexes.try_lock(mutex)?, "one's own mutex not to be taken")?;
    let thread = config.spawn(move || {
        TAKEN.store(platform.mutexes().try_lock(mutex) != Ok(false), SeqCst);
    })?;
    platform.threads().join(thread)?;
    check(!TAKEN.load(SeqCst), "a held mutex not to be taken")?;
    mutexes.unlock(mutex)?;
    check(mutexes.try_lock(mutex)?, "a free mutex to be taken again")?;
    mutexes.unlock(mutex)?;
    Ok(mutexes.destroy(mutex)?)
}

fn locking_twice_is_refused(config: &Config) -> Result {
    let mutexes = config.platform.mutexes();
    let mutex = mutexes.create()?;
    mutexes.lock(mutex)?;
    fails(mutexes.lock(mutex), ErrorKind::Deadlock)?;
    mutexes.unlock(mutex)?;
    fails(mutexes.unlock(mutex), ErrorKind::NotPermitted)?;
    Ok(mutexes.destroy(mutex)?)
}

fn only_the_owner_unlocks(config: &Config) -> Result {
    static REFUSED: AtomicBool = AtomicBool::new(false);
    REFUSED.store(false, SeqCst);
    let platform = config.platform;
    let mutexes = platform.mutexes();
    let mutex = mutexes.create()?;
    mutexes.lock(mutex)?;
    let thread = config.spawn(move || {
        let result = platform.mutexes().unlock(mutex);
        let refused = result.is_err_and(|error| error.kind() == ErrorKind::NotPermitted);
        REFUSED.store(refused, SeqCst);
    })?;
    platform.threads().join(thread)?;
    check(REFUSED.load(SeqCst), "another thread not to unlock")?;
    mutexes.unlock(mutex)?;
    Ok(mutexes.destroy(mutex)?)
}

fn a_locked_mutex_cannot_be_destroyed(config: &Config) -> Result {
    let mutexes = config.platform.mutexes();
    let mutex = mutexes.create()?;
    mutexes.lock(mutex)?;
    fails(mutexes.destroy(mutex), ErrorKind::Busy)?;
    mutexes.unlock(mutex)?;
    Ok(mutexes.destroy(mutex)?)
}

fn unknown_mutexes_are_refused(config: &Config) -> Result {
    let mutexes = config.platform.mutexes();
    let stale = mutexes.create()?;
    mutexes.destroy(stale)?;
    for mutex in [stale, MutexHandle::from_raw(usize::MAX)] {
        fails(mutexes.lock(mutex), ErrorKind::BadDescriptor)?;
        fails(mutexes.try_lock(mutex), ErrorKind::BadDescriptor)?;
        fails(mutexes.unlock(mutex), ErrorKind::BadDescriptor)?;
        fails(mutexes.destroy(mutex), ErrorKind::BadDescriptor)?;
    }
    Ok(())
}

fn destroyed_mutexes_come_back(config: &Config) -> Result {
    let mutexes = config.platform.mutexes();
    for _ in 0..500 {
        mutexes.destroy(mutexes.create()?)?;
    }
    Ok(())
}

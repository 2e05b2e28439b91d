//! Cases about wake objects.

use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use thimble_platform::{
    ErrorKind, Interest, PollEntry, PollOutcome, PollTarget, Stream, WakeHandle,
};

use crate::outcome::{Result, check, fails};
use crate::run::{Config, LONG, SHORT, cases};

cases![
    a_wake_before_the_wait_is_kept,
    a_cleared_wake_does_not_end_the_wait,
    a_wake_ends_a_wait_without_end,
    a_wake_comes_before_readiness,
    a_wake_polled_with_cannot_be_destroyed,
    unknown_wakes_are_refused,
    destroyed_wakes_come_back,
];

fn a_wake_before_the_wait_is_kept(config: &Config) -> Result {
    let (wakes, poll) = (config.platform.wakes(), config.platform.poll());
    let wake = wakes.create()?;
    wakes.wake(wake)?;
    for timeout in [None, Some(LONG), Some(0)] {
        let outcome = poll.poll(&mut [], timeout, Some(wake))?;
        check(outcome == PollOutcome::Woken, "the wake to stay set")?;
    }
    Ok(wakes.destroy(wake)?)
}

fn a_cleared_wake_does_not_end_the_wait(config: &Config) -> Result {
    let (wakes, poll) = (config.platform.wakes(), config.platform.poll());
    let wake = wakes.create()?;
    let outcome = poll.poll(&mut [], Some(0), Some(wake))?;
    check(outcome == PollOutcome::TimedOut, "a new wake not to be set")?;
    wakes.clear(wake)?;
    wakes.wake(wake)?;
    wakes.wake(wake)?;
    wakes.clear(wake)?;
    let outcome = poll.poll(&mut [], Some(SHORT), Some(wake))?;
    check(outcome == PollOutcome::TimedOut, "one clear to be enough")?;
    Ok(wakes.destroy(wake)?)
}

fn a_wake_ends_a_wait_without_end(config: &Config) -> Result {
    let platform = config.platform;
    let wake = platform.wakes().create()?;
    let thread = config.spawn(move || {
        let _ = platform.poll().poll(&mut [], Some(SHORT), None);
        let _ = platform.wakes().wake(wake);
    })?;
    let start = platform.clock().now();
    let outcome = platform.poll().poll(&mut [], None, Some(wake))?;
    let passed = platform.clock().now() - start;
    platform.threads().join(thread)?;
    platform.wakes().destroy(wake)?;
    check(outcome == PollOutcome::Woken, "the wait to be ended")?;
    check(passed < LONG, "the wait to end at once")
}

fn a_wake_comes_before_readiness(config: &Config) -> Result {
    let (wakes, poll) = (config.platform.wakes(), config.platform.poll());
    let wake = wakes.create()?;
    wakes.wake(wake)?;
    let target = PollTarget::Stream(Stream::OUTPUT);
    let mut entries = [PollEntry::new(target, Interest::Write)];
    let outcome = poll.poll(&mut entries, None, Some(wake))?;
    check(outcome == PollOutcome::Woken, "the wake to be reported")?;
    Ok(wakes.destroy(wake)?)
}

fn a_wake_polled_with_cannot_be_destroyed(config: &Config) -> Result {
    static STATE: AtomicUsize = AtomicUsize::new(0);
    STATE.store(0, SeqCst);
    let platform = config.platform;
    let wakes = platform.wakes();
    let wake = wakes.create()?;
    let thread = config.spawn(move || {
        STATE.store(1, SeqCst);
        let outcome = platform.poll().poll(&mut [], None, Some(wake));
        let woken = outcome == Ok(PollOutcome::Woken);
        STATE.store(if woken { 2 } else { 3 }, SeqCst);
    })?;
    check(
        config.wait_until(|| STATE.load(SeqCst) == 1)?,
        "a thread to start",
    )?;
    config.sleep(SHORT)?;
    let refused = fails(wakes.destroy(wake), ErrorKind::Busy);
    wakes.wake(wake)?;
    platform.threads().join(thread)?;
    refused?;
    check(STATE.load(SeqCst) == 2, "the wait to be ended")?;
    Ok(wakes.destroy(wake)?)
}

fn unknown_wakes_are_refused(config: &Config) -> Result {
    let (wakes, poll) = (config.platform.wakes(), config.platform.poll());
    let stale = wakes.create()?;
    wakes.destroy(stale)?;
    for wake in [stale, WakeHandle::from_raw(usize::MAX)] {
        fails(wakes.wake(wake), ErrorKind::BadDescriptor)?;
        fails(wakes.clear(wake), ErrorKind::BadDescriptor)?;
        fails(wakes.destroy(wake), ErrorKind::BadDescriptor)?;
        let outcome = poll.poll(&mut [], Some(0), Some(wake));
        fails(outcome, ErrorKind::BadDescriptor)?;
    }
    Ok(())
}

fn destroyed_wakes_come_back(config: &Config) -> Result {
    let wakes = config.platform.wakes();
    for _ in 0..2000 {
        wakes.destroy(wakes.create()?)?;
    }
    Ok(())
}

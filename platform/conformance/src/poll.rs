//! Cases about waiting.

use thimble_platform::{
    Error, ErrorKind, FileHandle, Interest, PollEntry, PollOutcome, PollTarget, Readiness,
    SocketHandle, Stream,
};

use crate::outcome::{Result, check};
use crate::run::{Config, LONG, SHORT, cases};

cases![
    without_entries_it_sleeps,
    no_time_is_no_wait,
    the_end_of_time_does_not_come_early,
    unknown_targets_fail_at_once,
    every_entry_gets_an_answer,
];

fn without_entries_it_sleeps(config: &Config) -> Result {
    let (clock, poll) = (config.platform.clock(), config.platform.poll());
    for timeout in [1, SHORT, 3 * SHORT + 1] {
        let start = clock.now();
        let outcome = poll.poll(&mut [], Some(timeout), None)?;
        let passed = clock.now() - start;
        check(outcome == PollOutcome::TimedOut, "a timeout")?;
        check(passed >= timeout, "the whole time to pass")?;
        check(passed < LONG, "no more than the time to pass")?;
    }
    Ok(())
}

fn no_time_is_no_wait(config: &Config) -> Result {
    let outcome = config.platform.poll().poll(&mut [], Some(0), None)?;
    check(outcome == PollOutcome::TimedOut, "a timeout")
}

fn the_end_of_time_does_not_come_early(config: &Config) -> Result {
    let platform = config.platform;
    for timeout in [u64::MAX, u64::MAX / 2, u64::from(u32::MAX) * 1_000_000_000] {
        let wake = platform.wakes().create()?;
        let thread = config.spawn(move || {
            let _ = platform.poll().poll(&mut [], Some(SHORT), None);
            let _ = platform.wakes().wake(wake);
        })?;
        let outcome = platform.poll().poll(&mut [], Some(timeout), Some(wake));
        platform.threads().join(thread)?;
        platform.wakes().destroy(wake)?;
        check(outcome? == PollOutcome::Woken, "the wake, and no timeout")?;
    }
    Ok(())
}

/// Whether the answer is that the handle is unknown.
fn is_unknown(readiness: Readiness) -> bool {
    matches!(readiness, Readiness::Failed(error) if is_bad(error))
}

fn is_bad(error: Error) -> bool {
    error.kind() == ErrorKind::BadDescriptor
}

fn unknown_targets_fail_at_once(config: &Config) -> Result {
    let targets = [
        PollTarget::Stream(Stream::from_raw(usize::MAX)),
        PollTarget::File(FileHandle::from_raw(usize::MAX)),
        PollTarget::Socket(SocketHandle::from_raw(usize::MAX)),
    ];
    for target in targets {
        for interest in [Interest::Read, Interest::Write] {
            let mut entries = [PollEntry::new(target, interest)];
            let outcome = config.platform.poll().poll(&mut entries, None, None)?;
            check(outcome == PollOutcome::Ready, "an answer")?;
            let [entry] = entries;
            check(is_unknown(entry.readiness), "the handle to be refused")?;
        }
    }
    Ok(())
}

fn every_entry_gets_an_answer(config: &Config) -> Result {
    let unknown = PollTarget::Socket(SocketHandle::from_raw(usize::MAX));
    let output = PollTarget::Stream(Stream::OUTPUT);
    let mut entries = [
        PollEntry::new(unknown, Interest::Read),
        PollEntry::new(output, Interest::Write),
        PollEntry::new(output, Interest::Read),
        PollEntry::new(output, Interest::Write),
    ];
    let outcome = config
        .platform
        .poll()
        .poll(&mut entries, Some(LONG), None)?;
    check(outcome == PollOutcome::Ready, "an answer")?;
    let [first, second, third, fourth] = entries.map(|entry| entry.readiness);
    check(is_unknown(first), "the handle to be refused")?;
    check(is_unknown(third), "the direction to be refused")?;
    for ready in [second, fourth] {
        let is_ready = matches!(ready, Readiness::Ready { .. });
        check(is_ready, "standard output to be ready")?;
    }
    Ok(())
}

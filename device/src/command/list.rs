//! `wasm ps`, `wasm top` and `wasm log`: programs that run.

use core::fmt;

use super::arguments::{Words, number, time};
use super::{FAILED, PULSE, Session, Wrong, say};
use crate::process::{Ending, ProcessId, Processes, State, Status};

/// A quantity that may not be known.
struct Known<T>(Option<T>);

impl<T: fmt::Display> fmt::Display for Known<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(number) => number.fmt(f),
            None => f.pad("-"),
        }
    }
}

/// The state of a program in a word, with its exit status.
struct Word<'a>(&'a Status<'a>);

impl fmt::Display for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.0.state {
            State::Loading => "loading",
            State::Running if self.0.usage.waits == Some(true) => "waiting",
            State::Running => "running",
            State::Stopping => "stopping",
            State::Ended(Ending::Exited(0)) => "done",
            State::Ended(Ending::Exited(_)) => "exited",
            State::Ended(Ending::Failed) => "failed",
            State::Ended(Ending::Stopped) => "stopped",
            State::Ended(Ending::TimedOut) => "timed out",
            State::Ended(Ending::Abandoned) => "deleted",
        };
        f.pad(word)
    }
}

/// `wasm ps`.
pub(super) fn ps(
    processes: &'static Processes,
    session: &mut dyn Session,
    words: &[&str],
) -> Result<i32, Wrong> {
    Words::new(words).end()?;
    say!(
        session,
        "{:>4} {:<9} {:>9} {:>8} {:>11} {:>8} {:>7} NAME",
        "ID",
        "STATE",
        "TIME ms",
        "HEAP",
        "STACK",
        "MEMORY",
        "FRAMES"
    );
    let listed = processes.list(&mut |status| {
        let usage = &status.usage;
        say!(
            session,
            "{:>4} {:<9} {:>9} {:>8} {:>5}/{:<5} {:>8} {:>7} {}",
            status.id,
            Word(status),
            Known(usage.time.map(|time| time / 1_000_000)),
            Known(usage.heap),
            Known(usage.stack_peak),
            Known(usage.stack_size),
            status.memory,
            status.stack,
            status.name
        );
    });
    if listed.is_err() {
        return Ok(FAILED);
    }
    if let Some(heap) = processes.device().heap() {
        say!(
            session,
            "heap: {} bytes allocated, {} at most, {} left",
            heap.allocated,
            heap.peak,
            heap.free
        );
    }
    Ok(0)
}

/// Programs that `top` compares, at most.
const COMPARED: usize = 16;

/// Processor time of programs at one time.
#[derive(Default)]
struct Sample {
    at: u64,
    times: [Option<(ProcessId, u64)>; COMPARED],
}

impl Sample {
    fn take(processes: &'static Processes) -> Self {
        let mut sample = Self::default();
        let mut places = sample.times.iter_mut();
        let _ = processes.list(&mut |status| {
            let time = status
                .usage
                .time
                .filter(|_| !matches!(status.state, State::Ended(_)));
            if let Some(time) = time
                && let Some(place) = places.next()
            {
                *place = Some((status.id, time));
            }
        });
        sample.at = processes.device().platform().clock().now();
        sample
    }

    fn time(&self, id: ProcessId) -> Option<u64> {
        let mut known = self.times.iter().flatten();
        known.find(|(other, _)| *other == id).map(|(_, time)| *time)
    }
}

/// Waits; whether the person has asked to end.
fn sleep(processes: &'static Processes, session: &mut dyn Session, time: u64) -> bool {
    let platform = processes.device().platform();
    let until = platform.clock().now().saturating_add(time);
    loop {
        if session.interrupted() {
            return true;
        }
        let left = until.saturating_sub(platform.clock().now());
        if left == 0 {
            return false;
        }
        if platform
            .poll()
            .poll(&mut [], Some(left.min(PULSE)), None)
            .is_err()
        {
            return true;
        }
    }
}

/// `wasm top`.
pub(super) fn top(
    processes: &'static Processes,
    session: &mut dyn Session,
    words: &[&str],
) -> Result<i32, Wrong> {
    let mut words = Words::new(words);
    let mut period = 1_000_000_000;
    let mut times = u32::MAX;
    if let Some(word) = words.next() {
        period = time(word).filter(|time| *time > 0).ok_or(words.wrong())?;
    }
    if let Some(word) = words.next() {
        times = number(word).ok_or(words.wrong())?;
    }
    words.end()?;
    let mut before = Sample::take(processes);
    for _ in 0..times {
        if sleep(processes, session, period) {
            break;
        }
        let now = Sample::take(processes);
        let elapsed = now.at.saturating_sub(before.at).max(1);
        say!(
            session,
            "{:>4} {:>6} {:>8} {:>8} NAME",
            "ID",
            "CPU %",
            "HEAP",
            "MEMORY"
        );
        let listed = processes.list(&mut |status| {
            let Some(time) = now.time(status.id) else {
                return;
            };
            // A program that was started meanwhile has used none before.
            let used = time.saturating_sub(before.time(status.id).unwrap_or_default());
            let tenths = used.saturating_mul(1000) / elapsed;
            say!(
                session,
                "{:>4} {:>4}.{} {:>8} {:>8} {}",
                status.id,
                tenths / 10,
                tenths % 10,
                Known(status.usage.heap),
                status.memory,
                status.name
            );
        });
        if listed.is_err() {
            return Ok(FAILED);
        }
        before = now;
    }
    Ok(0)
}

/// `wasm log`.
pub(super) fn log(
    processes: &'static Processes,
    session: &mut dyn Session,
    words: &[&str],
) -> Result<i32, Wrong> {
    let mut words = Words::new(words);
    let id = ProcessId::from_number(words.parse(number)?);
    words.end()?;
    let shown = processes.log(id, &mut |bytes| {
        // What is no text is shown as such, without ending it.
        for chunk in bytes.utf8_chunks() {
            session.write(chunk.valid());
            if !chunk.invalid().is_empty() {
                session.write("\u{fffd}");
            }
        }
    });
    if shown.is_err() {
        say!(session, "{id}: no such program");
        return Ok(FAILED);
    }
    Ok(0)
}

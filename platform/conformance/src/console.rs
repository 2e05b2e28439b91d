//! Cases about the console.

use thimble_platform::{
    ErrorKind, Interest, PollEntry, PollOutcome, PollTarget, Readiness, Stream,
};

use crate::outcome::{Result, Stop, check, fails};
use crate::run::{Config, LONG, cases};

cases![
    output_takes_bytes,
    streams_have_one_direction,
    unknown_streams_are_refused,
    output_is_ready,
    input_gives_what_was_typed,
];

const MESSAGE: &[u8] = b"conformance: a line on the console\n";

fn output_takes_bytes(config: &Config) -> Result {
    let console = config.platform.console();
    for stream in [Stream::OUTPUT, Stream::ERROR] {
        let mut rest = MESSAGE;
        while !rest.is_empty() {
            let count = console.write(stream, rest)?;
            check(count >= 1, "progress")?;
            rest = rest.get(count..).unwrap_or_default();
        }
        check(console.write(stream, &[])? == 0, "nothing to be written")?;
    }
    Ok(())
}

fn streams_have_one_direction(config: &Config) -> Result {
    let console = config.platform.console();
    fails(
        console.write(Stream::INPUT, MESSAGE),
        ErrorKind::BadDescriptor,
    )?;
    for stream in [Stream::OUTPUT, Stream::ERROR] {
        fails(console.read(stream, &mut [0; 4]), ErrorKind::BadDescriptor)?;
    }
    Ok(())
}

fn unknown_streams_are_refused(config: &Config) -> Result {
    let console = config.platform.console();
    let unknown = Stream::from_raw(usize::MAX);
    fails(console.read(unknown, &mut [0; 4]), ErrorKind::BadDescriptor)?;
    fails(console.write(unknown, MESSAGE), ErrorKind::BadDescriptor)?;
    check(!console.is_terminal(unknown), "no terminal")
}

fn output_is_ready(config: &Config) -> Result {
    let target = PollTarget::Stream(Stream::OUTPUT);
    let mut entries = [PollEntry::new(target, Interest::Write)];
    let outcome = config
        .platform
        .poll()
        .poll(&mut entries, Some(LONG), None)?;
    check(outcome == PollOutcome::Ready, "standard output to be ready")?;
    let [entry] = entries;
    check(
        matches!(entry.readiness, Readiness::Ready { .. }),
        "an answer for the entry",
    )
}

fn input_gives_what_was_typed(config: &Config) -> Result {
    let typed = config.typed.ok_or(Stop::Skipped("nobody types"))?;
    let console = config.platform.console();
    check(
        console.read(Stream::INPUT, &mut [])? == 0,
        "nothing to be read into no room",
    )?;
    let mut rest = typed;
    while !rest.is_empty() {
        let target = PollTarget::Stream(Stream::INPUT);
        let mut entries = [PollEntry::new(target, Interest::Read)];
        let outcome = config
            .platform
            .poll()
            .poll(&mut entries, Some(LONG), None)?;
        check(outcome == PollOutcome::Ready, "input to be ready")?;
        let mut buffer = [0; 4];
        let count = console.read(Stream::INPUT, &mut buffer)?;
        check((1..=4).contains(&count), "some bytes")?;
        let read = buffer.get(..count).unwrap_or_default();
        check(rest.starts_with(read), "the bytes that were typed")?;
        rest = rest.get(count..).unwrap_or_default();
    }
    Ok(())
}

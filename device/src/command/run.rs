//! `wasm run` and `wasm kill`.

use thimble_platform::ErrorKind;

use super::arguments::{Words, number, size, time};
use super::{FAILED, PULSE, STOPPED, Session, Wrong, say};
use crate::process::{Ending, ProcessId, Processes, Request, StartError};

/// What a program failed to start for, in words.
pub(super) fn reason(error: StartError) -> &'static str {
    match error {
        StartError::NotFound => "no such program; `wasm list` shows those there are",
        StartError::TooMany => "too many programs run",
        StartError::TooManyDirectories => "too many directories",
        StartError::Text => "an option is not what it should be",
        StartError::OutOfMemory => "out of memory",
        StartError::Priority => "not a priority that programs may have",
        StartError::Platform(error) => match error.kind() {
            ErrorKind::OutOfMemory => "out of memory",
            ErrorKind::TooManyOpen => "too many programs run",
            ErrorKind::NotSupported => "this firmware has no files",
            _ => "cannot be started",
        },
    }
}

/// Starts what was asked for, and waits for it in the foreground. Returns its exit status.
pub(super) fn start(
    processes: &'static Processes,
    session: &mut dyn Session,
    name: &str,
    request: Request,
    foreground: bool,
) -> i32 {
    let streams = match session.open_streams(foreground) {
        Ok(streams) => streams,
        Err(error) => {
            say!(session, "{name}: {}", reason(StartError::Platform(error)));
            return FAILED;
        }
    };
    let id = match processes.start(request.streams(streams)) {
        Ok(id) => id,
        Err(error) => {
            say!(session, "{name}: {}", reason(error));
            return FAILED;
        }
    };
    if !foreground {
        say!(session, "[{id}] {name}");
        return 0;
    }
    match wait(processes, session, id) {
        Some(Ending::Exited(0)) => 0,
        Some(Ending::Exited(status)) => {
            say!(session, "{name}: exit status {status}");
            status
        }
        Some(Ending::Failed) => {
            say!(session, "{name}: failed");
            FAILED
        }
        Some(Ending::TimedOut) => {
            say!(session, "{name}: its time was over");
            STOPPED
        }
        Some(Ending::Stopped) | None => {
            say!(session, "{name}: stopped");
            STOPPED
        }
    }
}

/// Waits for a program, and stops it when the person asks for that.
fn wait(processes: &'static Processes, session: &mut dyn Session, id: ProcessId) -> Option<Ending> {
    loop {
        match processes.wait(id, Some(PULSE)) {
            Ok(Some(ending)) => return Some(ending),
            Ok(None) => {}
            // Somebody else has waited for it.
            Err(_) => return None,
        }
        if session.interrupted() {
            let _ = processes.stop(id);
        }
    }
}

/// What is behind `PATH[::NAME]`.
fn directory(text: &str) -> (&str, &str) {
    // Mount points of FAT end with a colon.
    text.rsplit_once("::").unwrap_or((text, text))
}

/// A request that was refused for want of memory.
fn refused(session: &mut dyn Session, name: &str, error: StartError) -> Result<i32, Wrong> {
    say!(session, "{name}: {}", reason(error));
    Ok(FAILED)
}

/// `wasm run`.
pub(super) fn run(
    processes: &'static Processes,
    session: &mut dyn Session,
    words: &[&str],
) -> Result<i32, Wrong> {
    let (words, foreground) = match words.split_last() {
        Some((&"&", rest)) => (rest, false),
        _ => (words, true),
    };
    match request(words)? {
        Ok((name, request)) => Ok(start(processes, session, name, request, foreground)),
        Err(error) => refused(session, "wasm", error),
    }
}

/// The request that the words of `run` ask for.
fn request<'a>(words: &'a [&'a str]) -> Result<Result<(&'a str, Request), StartError>, Wrong> {
    // The name comes after the options.
    let mut request = Request::new();
    let mut words = Words::new(words);
    let name = loop {
        let word = words.required()?;
        let added = match word {
            "--dir" => {
                let (path, name) = directory(words.required()?);
                request.directory(path, name)
            }
            "--env" => {
                let (name, value) = words.required()?.split_once('=').ok_or(words.wrong())?;
                request.variable(name, value)
            }
            "--tcplisten" => request.listener(words.required()?),
            "--fuel" => Ok(request.fuel(words.parse(number)?)),
            "--timeout" => Ok(request.timeout(words.parse(time)?)),
            "--mem" => Ok(request.memory(words.parse(size)?)),
            "--stack" => {
                let bytes = words.parse(size)?;
                Ok(request.thread_stack(usize::try_from(bytes).map_err(|_| words.wrong())?))
            }
            "--prio" => Ok(request.priority(words.parse(number)?)),
            "--" => break words.required()?,
            option if option.starts_with("--") => return Err(words.wrong()),
            name => break name,
        };
        request = match added {
            Ok(request) => request,
            Err(error) => return Ok(Err(error)),
        };
    };
    let mut request = request.program(name);
    while let Some(word) = words.next() {
        request = request.and_then(|request| request.argument(word));
    }
    Ok(request.map(|request| (name, request)))
}

/// `wasm kill`.
pub(super) fn kill(
    processes: &'static Processes,
    session: &mut dyn Session,
    words: &[&str],
) -> Result<i32, Wrong> {
    let mut words = Words::new(words);
    let number = words.parse(number)?;
    words.end()?;
    let id = ProcessId::from_number(number);
    if processes.stop(id).is_err() {
        say!(
            session,
            "{number}: no such program runs; `wasm ps` shows those that do"
        );
        return Ok(FAILED);
    }
    // It is over when all it had is back.
    while let Ok(None) = processes.wait(id, Some(PULSE)) {
        if session.interrupted() {
            break;
        }
    }
    Ok(0)
}

//! `wasm run` and `wasm kill`.

use thimble_platform::ErrorKind;

use super::arguments::{Words, number, size, time};
use super::{FAILED, PULSE, STOPPED, Session, Wrong, say};
use crate::process::{Ending, ProcessId, Processes, Request, StartError, Watch};

/// What a program failed to start for, in words.
fn reason(error: StartError) -> &'static str {
    match error {
        StartError::NotFound => "no such program",
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
    mut request: Request,
    foreground: bool,
) -> i32 {
    let streams = match session.open_streams(foreground) {
        Ok(streams) => streams,
        Err(error) => return refused(processes, session, name, StartError::Platform(error)),
    };
    request.streams(streams);
    let watch = match processes.start_watched(request) {
        Ok(watch) => watch,
        Err(error) => return refused(processes, session, name, error),
    };
    if !foreground {
        say!(session, "[{}] {name}", watch.id());
        return 0;
    }
    // What it had is its own no more when the person is told.
    let ending = wait(processes, session, &watch);
    drop(watch);
    if ending != Ending::Exited(0) {
        say!(session, "{name}: {ending}");
    }
    match ending {
        Ending::Exited(status) => status,
        Ending::Failed | Ending::Abandoned => FAILED,
        Ending::Stopped | Ending::TimedOut => STOPPED,
    }
}

/// Says why a program was not started.
pub(super) fn refused(
    processes: &Processes,
    session: &mut dyn Session,
    name: &str,
    error: StartError,
) -> i32 {
    let reason = reason(error);
    if error == StartError::NotFound {
        let command = processes.command();
        say!(
            session,
            "{name}: {reason}; `{command} list` shows those there are"
        );
    } else {
        say!(session, "{name}: {reason}");
    }
    FAILED
}

/// Waits for a program, and stops it when the person asks for that.
fn wait(processes: &Processes, session: &mut dyn Session, watch: &Watch<'_>) -> Ending {
    loop {
        match watch.wait(Some(PULSE)) {
            Ok(Some(ending)) => return ending,
            Ok(None) => {}
            // Fails only if the mutex is not one.
            Err(_) => return Ending::Failed,
        }
        if session.interrupted() {
            let _ = processes.stop(watch.id());
        }
    }
}

/// What is behind `PATH[::NAME]`.
fn directory(text: &str) -> (&str, &str) {
    // Mount points of FAT end with a colon.
    text.rsplit_once("::").unwrap_or((text, text))
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
    let mut request = Request::new();
    let mut words = Words::new(words);
    let name = options(&mut request, &mut words)?;
    let asked = name.and_then(|name| {
        request.program(name)?;
        while let Some(word) = words.next() {
            request.argument(word)?;
        }
        Ok(name)
    });
    Ok(match asked {
        Ok(name) => start(processes, session, name, request, foreground),
        Err(error) => refused(processes, session, processes.command(), error),
    })
}

/// Asks for what the options say; returns the name of the program, which comes after
/// them.
fn options<'a>(
    request: &mut Request,
    words: &mut Words<'a>,
) -> Result<Result<&'a str, StartError>, Wrong> {
    loop {
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
            "--fuel" => {
                request.fuel(words.parse(number)?);
                Ok(())
            }
            "--timeout" => {
                request.timeout(words.parse(time)?);
                Ok(())
            }
            "--mem" => {
                request.memory(words.parse(size)?);
                Ok(())
            }
            "--stack" => {
                let bytes = words.parse(size)?;
                request.thread_stack(usize::try_from(bytes).map_err(|_| words.wrong())?);
                Ok(())
            }
            "--prio" => {
                request.priority(words.parse(number)?);
                Ok(())
            }
            "--" => return Ok(Ok(words.required()?)),
            option if option.starts_with("--") => return Err(words.wrong()),
            name => return Ok(Ok(name)),
        };
        if let Err(error) = added {
            return Ok(Err(error));
        }
    }
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
            "{number}: no such program runs; `{} ps` shows those that do",
            processes.command()
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

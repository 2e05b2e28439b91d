//! `wasm info`, `wasm install`, `wasm list` and `wasm remove`.

use super::arguments::Words;
use super::run::{refused, start};
use super::{FAILED, Session, Wrong, say};
use crate::device::Content;
use crate::process::{Processes, Request};
use crate::storage::StorageError;

/// `wasm info`: on a thread of its own, since it may have to translate the program.
pub(super) fn info(
    processes: &'static Processes,
    session: &mut dyn Session,
    words: &[&str],
) -> Result<i32, Wrong> {
    let mut words = Words::new(words);
    let file = words.required()?;
    words.end()?;
    let mut request = Request::new();
    request.describe();
    Ok(match request.program(file) {
        Ok(()) => start(processes, session, file, request, true),
        Err(error) => refused(processes, session, file, error),
    })
}

/// What a file is called when it is installed: its name without directories and ending.
fn name_of(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".wasm")
        .or(name.strip_suffix(".thm"))
        .unwrap_or(name)
}

/// `wasm install`: likewise on a thread of its own, which Ctrl-C ends.
pub(super) fn install(
    processes: &'static Processes,
    session: &mut dyn Session,
    words: &[&str],
) -> Result<i32, Wrong> {
    let mut words = Words::new(words);
    let file = words.required()?;
    let name = words.next().unwrap_or(name_of(file));
    words.end()?;
    let mut request = Request::new();
    let asked = request.program(file).and_then(|()| request.install(name));
    Ok(match asked {
        Ok(()) => start(processes, session, file, request, true),
        Err(error) => refused(processes, session, file, error),
    })
}

/// `wasm list`.
pub(super) fn list(
    processes: &'static Processes,
    session: &mut dyn Session,
    words: &[&str],
) -> Result<i32, Wrong> {
    Words::new(words).end()?;
    let device = processes.device();
    let mut index = 0;
    while let Some(program) = device.built_in(index) {
        let (length, what) = match program.content {
            Content::Module(bytes) => (bytes.len(), "module in the firmware"),
            Content::Image(image) => (image.as_bytes().len(), "image in the firmware"),
        };
        say!(session, "{:<24} {length:>8} bytes, {what}", program.name);
        index += 1;
    }
    let Some(storage) = device.storage() else {
        return Ok(0);
    };
    let listed = storage.list(&mut |installed| {
        let place = if installed.in_place {
            ", runs in place"
        } else {
            ""
        };
        say!(
            session,
            "{:<24} {:>8} bytes, installed{place}",
            installed.name,
            installed.length
        );
    });
    if let Err(error) = listed {
        say!(session, "{} list: {error}", processes.command());
        return Ok(FAILED);
    }
    Ok(0)
}

/// `wasm remove`.
pub(super) fn remove(
    processes: &'static Processes,
    session: &mut dyn Session,
    words: &[&str],
) -> Result<i32, Wrong> {
    let mut words = Words::new(words);
    let name = words.required()?;
    words.end()?;
    let removed = match processes.device().storage() {
        Some(storage) => storage.remove(name),
        None => Err(StorageError::NotFound),
    };
    if let Err(error) = removed {
        say!(session, "{name}: {error}");
        return Ok(FAILED);
    }
    Ok(0)
}

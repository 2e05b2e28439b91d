//! `wasm compile`.

use super::arguments::Words;
use super::run::{refused, start};
use super::{Session, Wrong};
use crate::process::{Processes, Request, StartError};

/// `wasm compile`: on a thread of its own, which Ctrl-C ends.
pub(super) fn compile(
    processes: &'static Processes,
    session: &mut dyn Session,
    words: &[&str],
) -> Result<i32, Wrong> {
    let mut words = Words::new(words);
    let (mut file, mut image) = (None, None);
    while let Some(word) = words.next() {
        match word {
            "-o" => image = Some(words.required()?),
            name if file.is_none() && !name.starts_with('-') => file = Some(name),
            _ => return Err(words.wrong()),
        }
    }
    let file = file.ok_or(Wrong::Usage)?;
    let mut request = Request::new();
    match request.compile(file, image) {
        Ok(()) => Ok(start(processes, session, file, request, true)),
        Err(StartError::Text) => Err(Wrong::Usage),
        Err(error) => Ok(refused(processes, session, file, error)),
    }
}

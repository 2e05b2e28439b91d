//! How a program ended: its exit status, or what stopped it, and where.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use thimble::{Error, Module, Store, Trap};

use super::timer::Timer;
use crate::arguments::RunOptions;
use crate::report::{Failure, printable};
use crate::types;

/// What is known when a program has ended.
pub struct Ending<'a> {
    pub file: &'a Path,
    pub options: &'a RunOptions,
    pub module: &'a Module,
    pub timer: Option<&'a Timer>,
}

impl Ending<'_> {
    /// The exit status after an error, or the failure to report.
    pub fn of<T>(&self, store: &Store<T>, error: Error) -> Result<ExitCode, Failure> {
        if let Some(status) = error.exit_status() {
            // The system keeps the low byte only.
            return Ok(ExitCode::from(status as u8));
        }
        match error.trap() {
            Some(trap) => {
                let reason = format!("{}{}", self.reason(trap), backtrace(store));
                Err(Failure::trapped(self.file, reason))
            }
            None => Err(Failure::of_file(self.file, self.explain(error))),
        }
    }

    fn reason(&self, trap: Trap) -> String {
        match (trap, self.options.timeout, self.options.fuel) {
            (Trap::Interrupted, Some(time), _) if self.timer.is_some_and(Timer::is_over) => {
                format!("timed out after {time:?}")
            }
            (Trap::OutOfFuel, _, Some(fuel)) => format!("out of fuel: {fuel} units were used"),
            _ => format!("trap: {trap}"),
        }
    }

    /// Why the program could not be started.
    fn explain(&self, error: Error) -> String {
        let image = self.module.as_image();
        match error {
            Error::UnknownImport { index } | Error::IncompatibleImport { index } => {
                let Some(import) = self.module.imports().nth(index as usize) else {
                    return error.to_string();
                };
                let problem = match error {
                    Error::UnknownImport { .. } => "there is no import",
                    _ => "there is no import of this type:",
                };
                let ty = types::import(&image, import.import);
                format!("{problem} {:?} {:?}, {ty}", import.module, import.name)
            }
            Error::OutOfMemory | Error::Limit(_) => {
                let needed = (0..image.memory_count())
                    .filter_map(|index| image.memory(index).map(types::initial_bytes))
                    .max();
                match (needed, self.options.max_memory) {
                    (Some(needed), Some(limit)) if needed > limit => format!(
                        "the program needs {needed} bytes of memory, the limit is {limit} bytes"
                    ),
                    _ => error.to_string(),
                }
            }
            _ => error.to_string(),
        }
    }
}

/// The functions that were being executed, a line each; a function that called
/// itself from one place again and again has one line.
fn backtrace<T>(store: &Store<T>) -> String {
    let mut text = String::new();
    let mut frames = store.backtrace().enumerate().peekable();
    if frames.peek().is_some() {
        text.push_str("\nbacktrace, innermost function first:");
    }
    while let Some((number, (frame, name))) = frames.next() {
        let function = frame.function;
        let name = name.map_or_else(|| format!("function {function}"), printable);
        // Writing to a string does not fail.
        let _ = write!(text, "\n{number:>4}: {name}");
        if let Some(offset) = frame.offset {
            let _ = write!(text, " at {offset:#x}");
        }
        let mut times = 1;
        while frames.next_if(|(_, (next, _))| *next == frame).is_some() {
            times += 1;
        }
        if times > 1 {
            let _ = write!(text, ", {times} times");
        }
    }
    text
}

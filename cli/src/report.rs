//! What people and the shell are told: output, errors, exit status.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// The exit status after a trap, and after the host stopped the program: that of
/// a process ended by SIGABRT.
pub const TRAPPED: u8 = 134;

/// The exit status for arguments that cannot be understood.
const USAGE: u8 = 2;

/// The exit status of a program that SIGPIPE ended.
const BROKEN_PIPE: u8 = 141;

/// Why the command ends without having done its work.
#[derive(Debug)]
pub struct Failure {
    /// Nothing is printed for an empty message.
    message: String,
    status: u8,
}

impl Failure {
    /// Something about a file.
    pub fn of_file(file: &Path, reason: impl std::fmt::Display) -> Self {
        Self {
            message: format!("{}: {reason}", name(file)),
            status: 1,
        }
    }

    /// Something else.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            status: 1,
        }
    }

    /// The program was ended by a trap, or by the host.
    pub fn trapped(file: &Path, reason: impl std::fmt::Display) -> Self {
        Self {
            status: TRAPPED,
            ..Self::of_file(file, reason)
        }
    }

    /// The arguments do not fit what was asked for.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            status: USAGE,
        }
    }

    /// Prints the message, and gives the exit status.
    pub fn report(&self) -> ExitCode {
        if !self.message.is_empty() {
            // Without standard error there is nobody to tell.
            let _ = writeln!(io::stderr().lock(), "thimble: {}", self.message);
        }
        ExitCode::from(self.status)
    }
}

/// Standard output failed. Whoever closed the pipe knows, so nothing is said then.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self {
                message: String::new(),
                status: BROKEN_PIPE,
            };
        }
        Self::new(format!("standard output: {error}"))
    }
}

/// A file's name for people.
pub fn name(file: &Path) -> String {
    if file == Path::new("-") {
        "standard input".into()
    } else {
        file.display().to_string()
    }
}

/// A function's name out of a file, as its source has it if Rust made it, and
/// without what a terminal would obey.
pub fn printable(name: &str) -> String {
    let replace = |letter: char| match letter.is_control() {
        true => char::REPLACEMENT_CHARACTER,
        false => letter,
    };
    // The alternate form leaves out the hash of the crate.
    let name = format!("{:#}", rustc_demangle::demangle(name));
    name.chars().map(replace).collect()
}

/// Writes a text to standard output.
pub fn print(text: &str) -> Result<ExitCode, Failure> {
    write_output(text.as_bytes())
}

/// Writes bytes to standard output.
pub fn write_output(bytes: &[u8]) -> Result<ExitCode, Failure> {
    let mut output = io::stdout().lock();
    output.write_all(bytes)?;
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn names_are_what_the_source_calls_them() {
        assert_eq!(printable("trap_divide"), "trap_divide");
        assert_eq!(
            printable("_ZN5hello4main17ha8fea3c005850f61E"),
            "hello::main"
        );
        let v0 = "_RNvNtCset5xJoy1xWQ_3std7process5abort";
        assert_eq!(printable(v0), "std::process::abort");
        assert_eq!(printable("a\x1b[31mb\n"), "a\u{fffd}[31mb\u{fffd}");
    }
}

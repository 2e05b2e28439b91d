//! The command of a shell, called `wasm` here, and by firmware what its
//! [`Settings`](crate::Settings) say.
//!
//! A back end implements [`Session`] for its shell and hands the words of a line to
//! [`execute`].

mod arguments;
#[cfg(all(feature = "translate", feature = "files"))]
mod compile;
mod list;
mod manage;
mod run;

use core::fmt::{self, Write};

use thimble_platform::Error;

use crate::device::Streams;
use crate::process::{Processes, State};

/// The result of a command that could not be done.
pub const FAILED: i32 = 1;
/// The result of a program that was stopped, as shells have it: 128 and the number of
/// the signal that Ctrl-C sends.
pub const STOPPED: i32 = 130;
/// How often a session is asked for input, in nanoseconds.
const PULSE: u64 = 10_000_000;

/// A person at a shell.
pub trait Session {
    /// Writes text of a command.
    fn write(&mut self, text: &str);

    /// Makes the standard streams of a program; closed by
    /// [`Device::close_streams`](crate::Device::close_streams). `foreground` says
    /// whether the person waits for the program, whose input is then theirs.
    ///
    /// # Errors
    /// Those of the shell.
    fn open_streams(&mut self, foreground: bool) -> Result<Streams, Error>;

    /// Takes what was typed to the program in the foreground; whether the person asked
    /// to end the command. Called every few milliseconds while a command waits.
    fn interrupted(&mut self) -> bool;
}

/// Formatted text for a session.
struct Printer<'a>(&'a mut dyn Session);

impl Write for Printer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text);
        Ok(())
    }
}

/// Writes a line to a session.
macro_rules! say {
    ($session:expr, $($text:tt)*) => {{
        use core::fmt::Write as _;
        // A session takes everything.
        let _ = writeln!($crate::command::Printer(&mut *$session), $($text)*);
    }};
}
use say;

/// A command: its name, its words, what it does.
type Command = fn(&'static Processes, &mut dyn Session, &[&str]) -> Result<i32, Wrong>;

/// Why a command was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    /// The words are not those that the usage line names.
    Usage,
    /// This word is wrong: its number among those after the command's name.
    Word(usize),
}

const COMMANDS: &[(&str, &str, Command)] = &[
    (
        "run",
        "[--dir PATH[::NAME]] [--env NAME=VALUE] [--fuel N] [--timeout TIME] [--mem SIZE] \
         [--stack SIZE] [--prio N] [--tcplisten ADDRESS:PORT] FILE [ARGUMENT...] [&]",
        run::run,
    ),
    ("ps", "", list::ps),
    ("top", "[SECONDS [TIMES]]", list::top),
    ("kill", "ID", run::kill),
    ("log", "ID", list::log),
    ("info", "FILE", manage::info),
    #[cfg(all(feature = "translate", feature = "files"))]
    ("compile", "FILE [-o IMAGE]", compile::compile),
    ("install", "FILE [NAME]", manage::install),
    ("list", "", manage::list),
    ("remove", "NAME", manage::remove),
];

/// Does a command: the words are its name and what follows. Returns 0, the exit status
/// of a program, or [`FAILED`].
pub fn execute(processes: &'static Processes, session: &mut dyn Session, words: &[&str]) -> i32 {
    let Some((&name, words)) = words.split_first() else {
        help(processes, session);
        return FAILED;
    };
    if name == "help" {
        help(processes, session);
        return 0;
    }
    let Some((_, usage, command)) = COMMANDS.iter().find(|(known, ..)| *known == name) else {
        say!(
            session,
            "{}: no command {}",
            processes.command(),
            name.escape_default()
        );
        help(processes, session);
        return FAILED;
    };
    match command(processes, session, words) {
        Ok(status) => status,
        Err(wrong) => {
            let command = processes.command();
            if let Wrong::Word(index) = wrong
                && let Some(word) = words.get(index)
            {
                say!(
                    session,
                    "{command} {name}: {} is wrong",
                    word.escape_default()
                );
            }
            synopsis(session, "usage: ", command, name, usage);
            FAILED
        }
    }
}

fn help(processes: &Processes, session: &mut dyn Session) {
    let command = processes.command();
    for (name, usage, _) in COMMANDS {
        synopsis(session, "", command, name, usage);
    }
}

/// A line with the words of a command.
fn synopsis(session: &mut dyn Session, before: &str, command: &str, name: &str, usage: &str) {
    let blank = if usage.is_empty() { "" } else { " " };
    say!(session, "{before}{command} {name}{blank}{usage}");
}

/// Gives `visit` the name of a program by its number: those of the firmware, then
/// those installed. For completion.
pub fn program_name(processes: &Processes, index: usize, visit: &mut dyn FnMut(&str)) {
    let device = processes.device();
    let mut count = 0;
    while let Some(program) = device.built_in(count) {
        if count == index {
            visit(program.name);
            return;
        }
        count += 1;
    }
    if let Some(storage) = device.storage() {
        // A medium that fails has no names.
        let _ = storage.list(&mut |installed| {
            if count == index {
                visit(installed.name);
            }
            count += 1;
        });
    }
}

/// The number of a program by its place among those that run, or with `ended` among all
/// whose output is known. For completion.
pub fn program_number(processes: &Processes, index: usize, ended: bool) -> Option<u32> {
    let mut count = 0;
    let mut found = None;
    // A table that cannot be locked has no numbers.
    let _ = processes.list(&mut |status| {
        if ended || !matches!(status.state, State::Ended(_)) {
            if count == index {
                found = Some(status.id.number());
            }
            count += 1;
        }
    });
    found
}

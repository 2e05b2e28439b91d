//! Why a program failed, in words for the person who started it.

use core::fmt::{self, Display, Write};

#[cfg(feature = "wasi")]
use thimble::wasi::Errno;
use thimble::{Error, Frame, Module, Store, Trap};

use super::ProcessId;
use super::given::Given;
use super::output::Output;
use super::place::Place;
use crate::load::LoadError;
use crate::message::message;
use crate::storage::StorageError;

/// A program failed, and it was said why.
pub(super) struct Failed;

/// A function in words.
struct Function<'a>(Frame, Option<&'a str>);

impl Display for Function<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(name) => name.escape_default().fmt(f),
            None => write!(f, "function {}", self.0.function),
        }
    }
}

/// Where a trap happened, as far as it is known.
struct Site<'a>(Option<(Frame, Option<&'a str>)>);

impl Display for Site<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((frame, name)) = self.0 else {
            return Ok(());
        };
        if let Some(offset) = frame.offset {
            write!(f, " at 0x{offset:x}")?;
        }
        write!(f, " in {}", Function(frame, name))
    }
}

/// Writes to the program's standard error. When that cannot be written, or the
/// program was stopped, nobody is there to read.
pub(super) struct Report<'a> {
    output: Output,
    id: ProcessId,
    program: &'a str,
}

impl<'a> Report<'a> {
    pub(super) fn new(place: &Place, program: &'a str) -> Self {
        Self {
            output: Output::new(place, place.streams().error),
            id: place.id(),
            program,
        }
    }

    /// Says what is wrong with the program.
    pub(super) fn fail(&mut self, reason: impl Display) -> Failed {
        let _ = writeln!(self.output, "{}: {reason}", self.program);
        Failed
    }

    /// Says what is wrong with something that the program was to be given.
    pub(super) fn fail_for(&mut self, what: &str, reason: impl Display) -> Failed {
        let _ = writeln!(self.output, "{}: {what}: {reason}", self.program);
        Failed
    }

    /// Says why a program was not installed. Nothing of it is left.
    pub(super) fn not_installed(&mut self, name: &str, reason: impl Display) -> Failed {
        message!(
            Warn,
            "program {}: {name} was not installed: {reason}",
            self.id
        );
        self.fail(reason)
    }

    #[cfg(feature = "wasi")]
    pub(super) fn errno(&mut self, errno: Errno) -> Failed {
        match errno {
            Errno::Nomem => self.fail(Error::OutOfMemory),
            Errno::Mfile => self.fail("more descriptors than a program may have"),
            other => self.fail(other.name()),
        }
    }

    pub(super) fn not_loaded(&mut self, error: LoadError) -> Failed {
        match error {
            LoadError::File(error) => self.fail(error),
            LoadError::Program(Error::Module(error)) => {
                self.fail(format_args!("not a module that can run: {error}"))
            }
            LoadError::Program(error) => self.no_image(error),
            LoadError::Storage(StorageError::Program(Error::OutOfMemory)) => {
                self.no_image(Error::OutOfMemory)
            }
            LoadError::Storage(error) => {
                if error != StorageError::NotFound {
                    message!(
                        Warn,
                        "program {}: not loaded from the store: {error}",
                        self.id
                    );
                }
                self.fail(error)
            }
        }
    }

    fn no_image(&mut self, error: Error) -> Failed {
        if error == Error::OutOfMemory {
            message!(Warn, "program {}: no memory for its code", self.id);
        }
        self.fail(error)
    }

    /// Says why a module cannot be instantiated, whose memories together are not to
    /// have more bytes than `limit`.
    pub(super) fn not_instantiated(
        &mut self,
        store: &Store<Given>,
        module: &Module,
        limit: u64,
        error: Error,
    ) -> Failed {
        match error {
            Error::UnknownImport { index } | Error::IncompatibleImport { index } => {
                let problem = match error {
                    Error::UnknownImport { .. } => "there is no import",
                    _ => "there is no import of its type:",
                };
                match module.imports().nth(index as usize) {
                    Some(import) => {
                        let (from, name) =
                            (import.module.escape_default(), import.name.escape_default());
                        self.fail(format_args!("{problem} {from} {name}"))
                    }
                    None => self.fail(error),
                }
            }
            Error::OutOfMemory | Error::Limit(_) => {
                let image = module.as_image();
                let memories = (0..image.memory_count()).filter_map(|index| image.memory(index));
                let needed = memories
                    .map(|ty| ty.minimum.saturating_mul(1 << ty.page_size_log2))
                    .fold(0, u64::saturating_add);
                if needed <= limit {
                    if error == Error::OutOfMemory {
                        message!(
                            Warn,
                            "program {}: no memory for its {needed} bytes",
                            self.id
                        );
                    }
                    return self.fail(error);
                }
                self.fail(format_args!(
                    "it needs {needed} bytes of memory, the limit is {limit} bytes"
                ))
            }
            error => self.ended(store, error),
        }
    }

    /// Says what ended the program, and where.
    pub(super) fn ended(&mut self, store: &Store<Given>, error: Error) -> Failed {
        match error {
            // It is told to end, and needs no reason.
            Error::Trap(Trap::Interrupted) => return Failed,
            Error::Trap(trap) => {
                let site = Site(store.backtrace().next());
                message!(Warn, "program {}: trap: {trap}{site}", self.id);
                let _ = writeln!(self.output, "trap: {trap}");
            }
            error => {
                self.fail(error);
            }
        }
        for (frame, name) in store.backtrace() {
            let _ = writeln!(self.output, "  in {}", Function(frame, name));
        }
        Failed
    }
}

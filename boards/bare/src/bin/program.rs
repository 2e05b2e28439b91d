//! Runs WASI programs with the console, one after another, and ends with the last one's exit status.
//!
//! Arguments: `MODE LENGTH NAME [ARGUMENT…] [+ LENGTH NAME [ARGUMENT…]]…`. The programs, modules or
//! images, lie one behind the other, each at a multiple of 8. MODE is `once`; `load`, in which
//! programs are made ready to start, and do not; `trust`, which is the same with images that are not
//! verified; or `sweep`, in which each is started with no allocation that can succeed, then with
//! one, and so on until none fails: whatever does, nothing may be left on the heap. Behind a
//! program's own output come lines of a name and a number.
#![no_std]
#![no_main]

use core::fmt;

use thimble::wasi::{self, Errno, WasiContext};
use thimble::{Engine, Linker, Module, Store, TrustedImage};
use thimble_bare::system::SYSTEM;
use thimble_bare::{guest, heap, machine, println, stack, start};

start!(run);

/// More allocations than any guest here asks for.
const SWEEP: usize = 100_000;
/// What begins the next program.
const NEXT: &str = "+";

fn run(words: &[&str]) -> Result<u8, &'static str> {
    let (run, words): (fn(_, &_) -> _, _) = match words {
        ["once", words @ ..] => (once, words),
        ["load", words @ ..] => (load, words),
        ["trust", words @ ..] => (trust, words),
        ["sweep", words @ ..] => (sweep, words),
        _ => return Err("no such mode"),
    };
    let mut status = 0;
    let mut offset: usize = 0;
    for words in words.split(|word| *word == NEXT) {
        let [length, arguments @ ..] = words else {
            return Err("a program has no length");
        };
        let length: usize = length.parse().map_err(|_| "a length is no number")?;
        let content = guest(offset + length).get(offset..);
        status = run(content.ok_or("the programs are too long")?, arguments)?;
        offset = (offset + length).next_multiple_of(8);
    }
    Ok(status)
}

/// Why a program did not run to its end.
enum Failed {
    Thimble(thimble::Error),
    Context(Errno),
}

impl From<thimble::Error> for Failed {
    fn from(error: thimble::Error) -> Self {
        Self::Thimble(error)
    }
}

impl From<Errno> for Failed {
    fn from(error: Errno) -> Self {
        Self::Context(error)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Thimble(error) => error.fmt(f),
            Self::Context(error) => write!(f, "the program's context: {error}"),
        }
    }
}

fn context(arguments: &[&str]) -> Result<WasiContext, Errno> {
    let mut builder = WasiContext::builder(&SYSTEM);
    for argument in arguments {
        builder = builder.argument(argument)?;
    }
    builder.build()
}

/// What is done with a program.
#[derive(Clone, Copy, PartialEq)]
enum Action {
    Run,
    Load,
    /// As `Load`, of an image that is not verified.
    Trust,
}

/// How a program ended, and what it took until it could begin.
struct Outcome {
    status: u8,
    /// Bytes taken of the heap, at most.
    load_peak: usize,
    load_instructions: u64,
}

fn module(
    engine: &Engine,
    content: &'static [u8],
    action: Action,
) -> Result<Module, thimble::Error> {
    if action == Action::Trust {
        // SAFETY: who asks this firmware for it made the image with this version's translator.
        let image = unsafe { TrustedImage::new(content) };
        Module::from_trusted(engine, image)
    } else if content.starts_with(&thimble::code::image::MAGIC) {
        Module::from_image(engine, content)
    } else {
        Module::new(engine, content)
    }
}

fn execute(content: &'static [u8], arguments: &[&str], action: Action) -> Result<Outcome, Failed> {
    let begin = machine::instructions();
    let engine = Engine::default();
    let module = module(&engine, content, action)?;
    let mut store = Store::new(&engine, context(arguments)?)?;
    let mut linker = Linker::new(&engine);
    wasi::add_to_linker(&mut linker, |context: &mut WasiContext| context)?;
    let instance = linker.instantiate(&mut store, &module)?;
    let start = instance.get_typed_func::<(), ()>(&store, "_start")?;
    let mut outcome = Outcome {
        status: 0,
        load_peak: heap::account().peak,
        load_instructions: machine::instructions() - begin,
    };
    if action != Action::Run {
        return Ok(outcome);
    }
    match start.call(&mut store, ()) {
        Ok(()) => Ok(outcome),
        Err(error) => match error.exit_status() {
            Some(status) => {
                outcome.status = status as u8;
                Ok(outcome)
            }
            None => Err(error.into()),
        },
    }
}

fn once(content: &'static [u8], arguments: &[&str]) -> Result<u8, &'static str> {
    account(content, arguments, Action::Run)
}

fn load(content: &'static [u8], arguments: &[&str]) -> Result<u8, &'static str> {
    account(content, arguments, Action::Load)
}

fn trust(content: &'static [u8], arguments: &[&str]) -> Result<u8, &'static str> {
    account(content, arguments, Action::Trust)
}

/// Does something with a program, and says what it took.
fn account(content: &'static [u8], arguments: &[&str], action: Action) -> Result<u8, &'static str> {
    heap::restart(usize::MAX);
    let (outcome, stack) = stack::measure(|| execute(content, arguments, action));
    let account = heap::account();
    let outcome = outcome.unwrap_or_else(|failed| {
        println!("error: {failed}");
        Outcome {
            // As a shell says that a program did not end by itself.
            status: 134,
            load_peak: 0,
            load_instructions: 0,
        }
    });
    println!(
        "status {}\nload_instructions {}\nload_heap_peak {}\nheap_peak {}\nallocations {}\nleft {}\nstack {stack}",
        outcome.status,
        outcome.load_instructions,
        outcome.load_peak,
        account.peak,
        account.requests,
        account.allocated
    );
    Ok(outcome.status)
}

fn sweep(content: &'static [u8], arguments: &[&str]) -> Result<u8, &'static str> {
    for limit in 0..SWEEP {
        heap::restart(limit);
        let outcome = execute(content, arguments, Action::Run);
        let account = heap::account();
        heap::restart(usize::MAX);
        if account.allocated != 0 {
            println!("limit {limit}\nleft {}", account.allocated);
            return Err("something was left on the heap");
        }
        if account.requests <= limit {
            // None failed.
            println!("limits {}", limit + 1);
            let status = outcome.map(|outcome| outcome.status);
            return status.map_err(|_| "the program failed with all it asked for");
        }
    }
    Err("the program asks for more and more")
}

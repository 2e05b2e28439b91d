//! Runs packs.

use alloc::vec::Vec;

use thimble::fallible::TryVec;

use crate::Options;
use crate::command::Commands;
use crate::format::MAGIC;
use crate::problem::{Failure, Problem};
use crate::reader::{Damaged, Reader};
use crate::runner::Runner;

/// How it went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were begun.
    pub files: u32,
    /// Assertions that were tried.
    pub assertions: u32,
    /// Assertions that hold.
    pub passed: u32,
    /// Commands that failed, assertions and others.
    pub failed: u32,
}

/// What a pack states before its files.
struct Header<'a> {
    assertions: u32,
    left_out: Reader<'a>,
    files: Reader<'a>,
}

fn header(pack: &[u8]) -> Result<Header<'_>, Damaged> {
    let mut reader = Reader::new(pack);
    if reader.array()? != MAGIC {
        return Err(Damaged);
    }
    let assertions = reader.number()?;
    let left_out = reader;
    for _ in 0..reader.number()? {
        reader.text()?;
    }
    Ok(Header {
        assertions,
        left_out,
        files: reader,
    })
}

/// The number of assertions that a pack says it has.
///
/// # Errors
/// [`Damaged`] if it is none.
pub fn stated(pack: &[u8]) -> Result<u32, Damaged> {
    header(pack).map(|header| header.assertions)
}

/// Passes on what was left out of a pack for want of room: the place in the suite and
/// the reason.
///
/// # Errors
/// [`Damaged`] if it is none.
pub fn left_out<'a>(pack: &'a [u8], mut each: impl FnMut(&'a str)) -> Result<(), Damaged> {
    let mut reader = header(pack)?.left_out;
    for _ in 0..reader.number()? {
        each(reader.text()?);
    }
    Ok(())
}

/// Runs all that a pack holds, and reports each failure. Everything allocated is given
/// back at the end of each part of a file.
///
/// That [`Summary::passed`] is what the pack has [`stated`] is the caller's to compare.
pub fn run(pack: &[u8], options: &Options, report: &mut dyn FnMut(&Failure<'_>)) -> Summary {
    let mut run = Run {
        options,
        report,
        summary: Summary::default(),
    };
    if let Err(problem) = run.files(pack) {
        run.fail("pack", 0, problem);
    }
    run.summary
}

struct Run<'r> {
    options: &'r Options,
    report: &'r mut dyn FnMut(&Failure<'_>),
    summary: Summary,
}

impl Run<'_> {
    fn fail(&mut self, file: &str, line: u32, problem: Problem<'_>) {
        self.summary.failed += 1;
        (self.report)(&Failure {
            file,
            line,
            problem,
        });
    }

    fn files(&mut self, pack: &[u8]) -> Result<(), Problem<'static>> {
        let mut reader = header(pack)?.files;
        while !reader.is_empty() {
            let name = reader.text()?;
            self.summary.files += 1;
            let mut strings = Vec::new();
            for _ in 0..reader.number()? {
                strings.try_push(reader.text()?)?;
            }
            for _ in 0..reader.number()? {
                self.part(name, &strings, reader.bytes()?);
            }
        }
        Ok(())
    }

    fn part<'a>(&mut self, file: &'a str, strings: &[&'a str], content: &'a [u8]) {
        let mut reader = Reader::new(content);
        let runner = match reader.byte() {
            Ok(needs) => Runner::new(self.options, needs).map_err(Problem::from),
            Err(damaged) => Err(damaged.into()),
        };
        let mut commands = Commands::new(reader, strings);
        let mut runner = match runner {
            Ok(runner) => runner,
            Err(problem) => {
                // For the line.
                let _ = commands.next();
                return self.fail(file, commands.line(), problem);
            }
        };
        loop {
            let command = match commands.next() {
                Ok(Some(command)) => command,
                Ok(None) => return,
                Err(damaged) => return self.fail(file, commands.line(), damaged.into()),
            };
            let result = runner.execute(command);
            let is_assertion = u32::from(command.is_assertion());
            self.summary.assertions += is_assertion;
            match result {
                Ok(()) => self.summary.passed += is_assertion,
                Err(problem) => self.fail(file, commands.line(), problem),
            }
        }
    }
}

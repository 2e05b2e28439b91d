//! Internal code, function by function, beside the WebAssembly it came from.
//!
//! Offsets into the module are known of the operations that can trap, call or
//! loop. So WebAssembly is shown up to such a place, and below it the internal
//! operations up to and including the one that does it.

use std::fmt::Display;
use std::io::{self, Write};
use std::iter::Peekable;
use std::path::Path;

use thimble::code::image::{Image, NONE};
use wasmparser::{FunctionBody, Parser, Payload};

use super::contents::Names;
use super::operations::{Line, Operations};
use crate::report::Failure;
use crate::types::signature;

/// Why there is no listing.
pub enum Error {
    /// Standard output failed.
    Output(io::Error),
    /// The module could not be printed.
    Module(String),
}

impl Error {
    fn module(error: impl Display) -> Self {
        Self::Module(error.to_string())
    }

    /// What people are told.
    pub fn into_failure(self, file: &Path) -> Failure {
        match self {
            Self::Output(error) => error.into(),
            Self::Module(reason) => Failure::of_file(file, reason),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Lists the internal code of an image.
pub fn alone(output: &mut impl Write, image: &Image<'_>, names: &Names<'_>) -> io::Result<()> {
    for index in image.imported_function_count()..image.function_count() {
        function(output, image, names, index, &[])?;
    }
    Ok(())
}

/// Lists the internal code of an image beside the module it was made of.
pub fn beside(
    output: &mut impl Write,
    image: &Image<'_>,
    names: &Names<'_>,
    module: &[u8],
) -> Result<(), Error> {
    let mut text = String::new();
    let lines: Vec<(u64, &str)> = wasmprinter::Config::new()
        .offsets_and_lines(module, &mut text)
        .map_err(Error::module)?
        .filter_map(|(offset, line)| Some((offset?, operator(line))))
        .collect();
    let mut index = image.imported_function_count();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CodeSectionEntry(body) = payload.map_err(Error::module)? {
            let lines = lines_of(&lines, &body).map_err(Error::module)?;
            function(output, image, names, index, lines)?;
            index += 1;
        }
    }
    Ok(())
}

/// A line of the text format as an operator: the last `end` of a body is written
/// as a parenthesis there.
fn operator(line: &str) -> &str {
    let line = line.trim_end();
    if line.trim_start() == ")" {
        "    end"
    } else {
        line
    }
}

/// The lines of one function's operators.
fn lines_of<'a, 'b>(
    lines: &'a [(u64, &'b str)],
    body: &FunctionBody<'_>,
) -> wasmparser::Result<&'a [(u64, &'b str)]> {
    let start = body.get_operators_reader()?.original_position();
    let end = body.range().end;
    let from = lines.partition_point(|&(offset, _)| offset < start);
    let to = lines.partition_point(|&(offset, _)| offset < end);
    Ok(lines.get(from..to).unwrap_or_default())
}

fn function(
    output: &mut impl Write,
    image: &Image<'_>,
    names: &Names<'_>,
    index: u32,
    lines: &[(u64, &str)],
) -> io::Result<()> {
    let Some(record) = image.function(index).filter(|record| record.code != NONE) else {
        return Ok(());
    };
    let operations = Operations::new(image, names, record.code, record.units);
    let bytes = u64::from(record.units) * 2;
    writeln!(
        output,
        "\nfunction {} {}: {bytes} bytes",
        names.of(index),
        signature(image, index)
    )?;
    writeln!(output, "  frame: {}", operations.prologue())?;

    let mut operations = operations.peekable();
    let mut lines = lines.iter().peekable();
    let mut last = None;
    for (unit, offset) in image.sites(index).into_iter().flatten() {
        // Padding repeats the last site.
        if last == Some((unit, offset)) {
            continue;
        }
        last = Some((unit, offset));
        if lines.peek().is_none() {
            internal(output, &mut operations, |start| start < unit)?;
            writeln!(output, "{offset:#08x}")?;
        }
        while let Some((offset, line)) = lines.next_if(|(at, _)| *at <= offset.into()) {
            writeln!(output, "{offset:#08x} {line}")?;
        }
        internal(output, &mut operations, |start| start <= unit)?;
    }
    for (offset, line) in lines {
        writeln!(output, "{offset:#08x} {line}")?;
    }
    internal(output, &mut operations, |_| true)
}

/// Prints the operations that begin at units that are wanted.
fn internal(
    output: &mut impl Write,
    operations: &mut Peekable<impl Iterator<Item = Line>>,
    wanted: impl Fn(u32) -> bool,
) -> io::Result<()> {
    while let Some((unit, text)) = operations.next_if(|(start, _)| wanted(*start)) {
        writeln!(output, "{:>32} | {text}", format!("@{unit}"))?;
    }
    Ok(())
}

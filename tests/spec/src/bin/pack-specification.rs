//! Writes a pack of the suite for a device; `cargo xtask pack-specification` runs this.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::path::PathBuf;
use std::process::ExitCode;

use thimble::Limits;
use thimble_tests_memory::allocator::Allocator;
use thimble_tests_spec::pack::{self, Pack};

const USAGE: &str = "\
usage: cargo xtask pack-specification --output FILE [OPTION]...

  --output FILE        where to write the pack; left alone if it is there already
  --shard I/N          the I-th of N packs of about the same size, counted from 1
  --files NAME,...     only these files, as FOLDER/NAME without .wast; FOLDER/ for all of it
  --memory BYTES       leave out what needs more memory
  --stack-cells CELLS  the largest stack that programs will have there, with --memory";

// Counts what each part of the suite needs.
#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

struct Arguments {
    output: PathBuf,
    shard: (usize, usize),
    files: Option<Vec<String>>,
    memory: Option<u64>,
    limits: Limits,
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Option<Arguments> {
    let mut output = None;
    let mut parsed = Arguments {
        output: PathBuf::new(),
        shard: (1, 1),
        files: None,
        memory: None,
        limits: Limits::default(),
    };
    while let Some(option) = arguments.next() {
        let value = arguments.next()?;
        match option.as_str() {
            "--output" => output = Some(value.into()),
            "--shard" => {
                let (index, count) = value.split_once('/')?;
                parsed.shard = (index.parse().ok()?, count.parse().ok()?);
                if !(1..=parsed.shard.1).contains(&parsed.shard.0) {
                    return None;
                }
            }
            "--files" => parsed.files = Some(value.split(',').map(String::from).collect()),
            "--memory" => parsed.memory = Some(value.parse().ok()?),
            "--stack-cells" => parsed.limits.stack_cells = value.parse().ok()?,
            _ => return None,
        }
    }
    parsed.output = output?;
    Some(parsed)
}

/// Whether an element of the option `--files` means a file.
fn is_named(name: &str, file: &str) -> bool {
    if name.ends_with('/') {
        file.starts_with(name)
    } else {
        file.strip_suffix(".wast") == Some(name)
    }
}

fn build(arguments: &Arguments) -> Result<Pack, String> {
    let names = arguments.files.as_deref();
    let mut files =
        pack::read(|file| names.is_none_or(|names| names.iter().any(|name| is_named(name, file))));
    for name in names.unwrap_or_default() {
        if !files.iter().any(|file| is_named(name, file.name())) {
            return Err(format!("the suite has no {name} that is run"));
        }
    }
    if let Some(memory) = arguments.memory {
        for file in &mut files {
            file.fit(memory, arguments.limits);
        }
    }
    let (index, count) = arguments.shard;
    let pack = pack::packs(&files, count).into_iter().nth(index - 1);
    pack.ok_or_else(|| "there is no such shard".into())
}

fn write(arguments: &Arguments, pack: &Pack) -> std::io::Result<()> {
    // So that what is built from it is not built again for nothing.
    if std::fs::read(&arguments.output).is_ok_and(|old| old == pack.bytes) {
        return Ok(());
    }
    std::fs::write(&arguments.output, &pack.bytes)
}

fn main() -> ExitCode {
    let Some(arguments) = parse(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let built = build(&arguments).and_then(|pack| {
        let written = write(&arguments, &pack);
        written.map_err(|error| format!("{}: {error}", arguments.output.display()))?;
        Ok(pack)
    });
    match built {
        Ok(pack) => {
            for text in &pack.left_out {
                println!("left out: {text}");
            }
            println!(
                "{}: {} bytes; {} files, {} assertions",
                arguments.output.display(),
                pack.bytes.len(),
                pack.files,
                pack.assertions
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

//! Which internal operations follow one another, over modules: what superinstructions are chosen by.
//!
//! Operations count in one basic block only, since what others can branch to cannot become a part of another operation.
//! Each counts 8 times for each of up to three loops around it: that is a guess at how often it is executed, the same for
//! all programs.
//!
//! A module's counts become shares of all of its operations; the shares of modules in one directory are averaged, and
//! then those of the directories, so that neither a large module nor many of one kind decide.

mod count;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use thimble_code::image::{Buffer, Image};
use thimble_code::operation::decode;
use thimble_code::{Config, translate};
use thimble_wasm::Limits;

use crate::Result;
use crate::figures::handlers;
use count::{Counts, Sequence, Step};

pub const ARGUMENTS: &str = "[--triples] [--plain] [--lines=N] FILE...   (--plain: without forms)";

/// How much more an operation counts for each loop around it, of which so many count: with more of them a single loop of
/// a module would be all that it contributes.
const LOOP: f64 = 8.0;
const LOOPS: u8 = 3;

/// What is asked for.
struct Options {
    /// Sequences of at most so many operations.
    longest: usize,
    plain: bool,
    lines: usize,
    files: Vec<PathBuf>,
}

pub fn run(arguments: &[String]) -> Result<()> {
    let mut options = Options {
        longest: 2,
        plain: false,
        lines: 40,
        files: Vec::new(),
    };
    for argument in arguments {
        match argument.as_str() {
            "--triples" => options.longest = 3,
            "--plain" => options.plain = true,
            _ => match argument.strip_prefix("--lines=") {
                Some(lines) => options.lines = lines.parse().map_err(|_| "--lines=N")?,
                None if argument.starts_with('-') => return Err(format!("usage: {ARGUMENTS}")),
                None => options.files.push(argument.into()),
            },
        }
    }
    if options.files.is_empty() {
        return Err(format!("no modules; usage: {ARGUMENTS}"));
    }
    let mut shares = Shares::default();
    let mut counted = 0;
    for file in &options.files {
        match count(file, &options) {
            Ok(counts) => {
                counted += 1;
                shares.add(file, &counts);
            }
            Err(error) => eprintln!("left out: {}: {error}", file.display()),
        }
    }
    println!(
        "{counted} modules in {} directories, {} operations",
        shares.directories.len(),
        shares.operations
    );
    println!("* reads what the operation in front of it leaves in a cell");
    print(&shares.mean(), &options);
    Ok(())
}

/// The image of a module.
fn image(file: &Path) -> Result<Buffer> {
    let module = fs::read(file).map_err(|error| error.to_string())?;
    let mut buffer = Buffer::new();
    translate(
        &mut &*module,
        &Limits::DEFAULT,
        Config::default(),
        &mut buffer,
    )
    .map_err(|error| error.to_string())?;
    Ok(buffer)
}

fn count(file: &Path, options: &Options) -> Result<Counts> {
    let buffer = image(file)?;
    let image = Image::open(buffer.as_bytes()).map_err(|error| error.to_string())?;
    let mut counts = Counts::new(options.longest, options.plain);
    for function in image.imported_function_count()..image.function_count() {
        if let Some(code) = image.code(function) {
            counts.function(code, |loops| LOOP.powi(loops.min(LOOPS).into()));
        }
    }
    Ok(counts)
}

/// The shares of sequences, by directory.
#[derive(Default)]
struct Shares {
    directories: BTreeMap<PathBuf, Vec<BTreeMap<Sequence, f64>>>,
    operations: u64,
}

impl Shares {
    fn add(&mut self, file: &Path, counts: &Counts) {
        self.operations += counts.operations;
        if counts.weight == 0.0 {
            return;
        }
        let shares = counts
            .sequences
            .iter()
            .map(|(sequence, weight)| (*sequence, weight / counts.weight))
            .collect();
        let directory = file.parent().unwrap_or(Path::new("")).to_owned();
        self.directories.entry(directory).or_default().push(shares);
    }

    /// The mean over directories of the means over their modules.
    fn mean(&self) -> BTreeMap<Sequence, f64> {
        let mut mean = BTreeMap::new();
        for modules in self.directories.values() {
            let parts = (modules.len() * self.directories.len()) as f64;
            for (sequence, share) in modules.iter().flatten() {
                *mean.entry(*sequence).or_default() += share / parts;
            }
        }
        mean
    }
}

/// Prints the sequences of each length, the most frequent first.
fn print(shares: &BTreeMap<Sequence, f64>, options: &Options) {
    for length in 1..=options.longest {
        let mut ranked: Vec<(&Sequence, f64)> = shares
            .iter()
            .filter(|(sequence, _)| sequence.length() == length)
            .map(|(sequence, &share)| (sequence, share))
            .collect();
        ranked.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        match length {
            1 => println!("\n  share  operation"),
            _ => println!(
                "\n  share  saved, of 100 operations: Cortex-M3, RV32IMAC    {length} operations"
            ),
        }
        for (sequence, share) in ranked.into_iter().take(options.lines) {
            let names: Vec<String> = sequence
                .steps()
                .map(|step| name(step, options.plain))
                .collect();
            let names = names.join("  ");
            if length == 1 {
                println!("{:>6.2}%  {names}", share * 100.0);
            } else {
                let [arm, riscv] = sequence.saved().map(|saved| saved * share * 100.0);
                println!("{:>6.2}%  {arm:>6.2} {riscv:>6.2}  {names}", share * 100.0);
            }
        }
    }
}

fn name(step: Step, plain: bool) -> String {
    let Some(decoded) = decode(step.token) else {
        return String::new();
    };
    if plain {
        return decoded.operation.text().to_owned();
    }
    let name = handlers::name(decoded.operation, decoded.form, decoded.variant);
    if step.reads_result { name + "*" } else { name }
}

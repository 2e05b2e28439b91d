//! Counts lines, words and bytes of files, or of standard input for `-` and without arguments.

use std::fs::File;
use std::io::{self, Read};
use std::process::ExitCode;

#[derive(Clone, Copy, Default)]
struct Counts {
    lines: u64,
    words: u64,
    bytes: u64,
}

fn main() -> ExitCode {
    let mut names: Vec<String> = std::env::args().skip(1).collect();
    if names.is_empty() {
        names.push("-".into());
    }
    let mut status = ExitCode::SUCCESS;
    let mut total = Counts::default();
    for name in &names {
        let result = if name == "-" {
            count(io::stdin().lock())
        } else {
            File::open(name).and_then(count)
        };
        match result {
            Ok(counts) => {
                report(counts, name);
                total.lines += counts.lines;
                total.words += counts.words;
                total.bytes += counts.bytes;
            }
            Err(error) => {
                eprintln!("wc: {name}: {error}");
                status = ExitCode::FAILURE;
            }
        }
    }
    if names.len() > 1 {
        report(total, "total");
    }
    status
}

fn count(mut input: impl Read) -> io::Result<Counts> {
    let mut counts = Counts::default();
    let mut in_word = false;
    let mut buffer = [0; 4096];
    loop {
        let length = input.read(&mut buffer)?;
        if length == 0 {
            return Ok(counts);
        }
        counts.bytes += length as u64;
        for byte in &buffer[..length] {
            counts.lines += u64::from(*byte == b'\n');
            let space = byte.is_ascii_whitespace();
            // A word counts at its first byte, so one that ends with the input is not missed.
            counts.words += u64::from(!in_word && !space);
            in_word = !space;
        }
    }
}

fn report(counts: Counts, name: &str) {
    println!("{} {} {} {name}", counts.lines, counts.words, counts.bytes);
}

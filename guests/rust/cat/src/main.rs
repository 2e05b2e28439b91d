//! Copies files, or standard input for `-` and without arguments, to standard output.

use std::fs::File;
use std::io::{self, Read, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut names: Vec<String> = std::env::args().skip(1).collect();
    if names.is_empty() {
        names.push("-".into());
    }
    let mut status = ExitCode::SUCCESS;
    for name in &names {
        let result = if name == "-" {
            print(io::stdin().lock())
        } else {
            File::open(name).and_then(print)
        };
        if let Err(error) = result {
            eprintln!("cat: {name}: {error}");
            status = ExitCode::FAILURE;
        }
    }
    status
}

fn print(mut input: impl Read) -> io::Result<()> {
    let mut output = io::stdout().lock();
    // Bytes, not lines: `io::Stdout` is line buffered, so the last line without an end needs the flush.
    let mut buffer = [0; 4096];
    loop {
        match input.read(&mut buffer)? {
            0 => return output.flush(),
            length => output.write_all(&buffer[..length])?,
        }
    }
}

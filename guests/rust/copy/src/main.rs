//! `copy [-f] FROM TO`: copies a file. An existing TO is refused unless `-f` is given.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let force = arguments.first().is_some_and(|first| first == "-f");
    if force {
        arguments.remove(0);
    }
    let [from, to] = arguments.as_slice() else {
        eprintln!("usage: copy [-f] FROM TO");
        return ExitCode::from(2);
    };
    match copy(from, to, force) {
        Ok(length) => {
            println!("{length} bytes copied");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("copy: {from} to {to}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn copy(from: &str, to: &str, force: bool) -> io::Result<u64> {
    let mut input = File::open(from)?;
    let mut options = OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    let mut output = options.open(to)?;

    let mut copied = 0;
    let mut buffer = [0; 4096];
    loop {
        let length = input.read(&mut buffer)?;
        if length == 0 {
            break;
        }
        output.write_all(&buffer[..length])?;
        copied += length as u64;
    }
    // A copy that is reported done must survive a loss of power.
    output.sync_all()?;
    Ok(copied)
}

//! Programs that cannot be run or do not end well, and good ones behind them, in one run of the firmware: each must say what is
//! wrong, leave nothing on the heap, and leave the firmware alive for the next.

use std::fs;
use std::path::Path;

use thimble_code::image::{Features, Header, ImageError};

use super::image;
use super::machine::{Machine, file};
use crate::Result;
use crate::process::target_directory;

/// A program, how it is called, and what comes of it.
struct Program {
    content: Vec<u8>,
    words: &'static [&'static str],
    status: &'static str,
    /// What the firmware says of it.
    error: Option<String>,
}

/// A program that the firmware ends, or does not begin.
fn bad(content: Vec<u8>, words: &'static [&'static str], error: impl Into<String>) -> Program {
    Program {
        content,
        words,
        status: "134",
        error: Some(error.into()),
    }
}

/// A program that ends by itself, with success.
fn good(content: Vec<u8>, words: &'static [&'static str]) -> Program {
    Program {
        content,
        words,
        status: "0",
        error: None,
    }
}

/// A module whose memory begins with 8,000 pages, 500 MB, which no machine here has.
const LARGE: &[u8] = b"\0asm\x01\0\0\0\x05\x04\x01\0\xc0\x3e";

fn programs() -> Result<Vec<Program>> {
    let guest = |name: &str| {
        let path = file(&format!("guests/wasm/{name}.wasm"))?;
        fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let hello =
        fs::read(image(&file("guests/wasm/hello-c.wasm")?)?).map_err(|error| error.to_string())?;
    let header = Header::decode(&hello).map_err(|error| error.to_string())?;

    let mut foreign = hello.clone();
    let vectors = Header {
        features: Features::VECTOR,
        ..header
    };
    if let Some(bytes) = foreign.first_chunk_mut() {
        *bytes = vectors.encode();
    }
    let mut cut = hello.clone();
    cut.truncate(hello.len() / 2);
    let mut damaged = hello;
    if let Some(byte) = damaged.last_mut() {
        *byte ^= 1;
    }
    let lacking = ImageError::Features {
        lacking: Features::VECTOR.0,
    };
    let truncated = ImageError::Truncated {
        expected: header.length,
    };
    let mut half = guest("hello-c")?;
    half.truncate(half.len() / 2);

    Ok(vec![
        bad(foreign, &["foreign"], lacking.to_string()),
        bad(cut, &["cut"], truncated.to_string()),
        bad(
            damaged,
            &["damaged"],
            ImageError::ContentChecksum.to_string(),
        ),
        bad(
            b"no module".to_vec(),
            &["text"],
            "at offset 0x0: magic header not detected",
        ),
        bad(half, &["half"], "at offset"),
        bad(LARGE.to_vec(), &["large"], "out of memory"),
        good(guest("hello-c")?, &["hello"]),
        // It is refused more memory, which is not the end of it.
        good(guest("grow")?, &["grow", "100000"]),
        bad(
            guest("trap")?,
            &["trap", "divide"],
            "integer divide by zero",
        ),
        bad(guest("recurse")?, &["recurse"], "call stack exhausted"),
        good(guest("hello-c")?, &["hello"]),
    ])
}

/// Runs them all, one after another.
pub fn run(machine: &Machine, firmware: &Path) -> Result<()> {
    let programs = programs()?;
    let (mut content, mut words) = (Vec::new(), vec!["once".to_owned()]);
    for (index, program) in programs.iter().enumerate() {
        if index > 0 {
            words.push("+".to_owned());
        }
        words.push(program.content.len().to_string());
        words.extend(program.words.iter().map(|word| (*word).to_owned()));
        content.resize(content.len().next_multiple_of(8), 0);
        content.extend_from_slice(&program.content);
    }
    let path = target_directory()?.join("bare/programs");
    fs::write(&path, content).map_err(|error| error.to_string())?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = machine.run(firmware, &path, &words, &file("/dev/null")?, false)?;
    if outcome.status == Some(0) && is_as_expected(&programs, &outcome.output) {
        return Ok(());
    }
    Err(format!(
        "{}: bad programs, and good ones: {outcome:?}",
        machine.name
    ))
}

/// Whether the account of each program is the expected one: a line of its error, if there is one, then its status, what it left
/// on the heap, and at last the stack it took.
fn is_as_expected(programs: &[Program], output: &str) -> bool {
    let mut lines = output.lines();
    let is_each = programs.iter().all(|program| {
        let account: Vec<(&str, &str)> = lines
            .by_ref()
            .filter_map(|line| line.split_once(' '))
            .take_while(|(name, _)| *name != "stack")
            .collect();
        let value = |wanted: &str| {
            let found = account.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| *value)
        };
        let is_error = match (&program.error, value("error:")) {
            (Some(expected), Some(error)) => error.starts_with(expected.as_str()),
            (None, None) => true,
            _ => false,
        };
        is_error && value("status") == Some(program.status) && value("left") == Some("0")
    });
    is_each && lines.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_expected(output: &str) -> bool {
        let programs = [bad(Vec::new(), &[], "out of memory"), good(Vec::new(), &[])];
        is_as_expected(&programs, output)
    }

    #[test]
    fn an_account_that_differs_is_seen() {
        let good = "error: out of memory\nstatus 134\nleft 0\nstack 9\nHello!\nstatus 0\nleft 0\nstack 9\n";
        assert!(is_expected(good));
        for (from, to) in [
            ("out of memory", "unreachable"),
            ("left 0\nstack 9\nHello!", "left 8\nstack 9\nHello!"),
            ("status 0", "status 1"),
            ("Hello!", "error: unreachable"),
            ("status 0\nleft 0\nstack 9\n", ""),
            ("\nstatus 0", "\nstack 9\nstatus 0"),
        ] {
            assert!(!is_expected(&good.replace(from, to)), "{from} -> {to}");
        }
    }
}

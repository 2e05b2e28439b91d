//! `json check|print|get PATH [FILE]`: validates a JSON text (RFC 8259), prints it indented, or prints the
//! value at a path such as `sensors.0.name`. Reads standard input without FILE.

mod parse;
mod print;
mod value;

use std::io::{self, Read};
use std::process::ExitCode;

use value::Value;

const USAGE: &str = "usage: json check [FILE]
       json print [FILE]
       json get PATH [FILE]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (path, file) = match arguments.as_slice() {
        ["check"] | ["print"] => ("", None),
        ["check" | "print", file] => ("", Some(*file)),
        ["get", path] => (*path, None),
        ["get", path, file] => (*path, Some(*file)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    let text = match read(file) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("json: {}: {error}", file.unwrap_or("standard input"));
            return ExitCode::FAILURE;
        }
    };
    let value = match parse::parse(&text) {
        Ok(value) => value,
        Err(error) => {
            let (line, column) = error.position(&text);
            eprintln!("json: line {line}, column {column}: expected {}", error.expected);
            return ExitCode::FAILURE;
        }
    };
    if arguments[0] == "check" {
        return ExitCode::SUCCESS;
    }
    let Some(value) = find(&value, path) else {
        eprintln!("json: nothing at {path}");
        return ExitCode::FAILURE;
    };
    let mut text = String::new();
    print::print(value, 0, &mut text);
    println!("{text}");
    ExitCode::SUCCESS
}

fn read(file: Option<&str>) -> io::Result<Vec<u8>> {
    match file {
        Some(file) => std::fs::read(file),
        None => {
            let mut text = Vec::new();
            io::stdin().lock().read_to_end(&mut text)?;
            Ok(text)
        }
    }
}

/// Follows the names and positions of `path`, which are separated by dots.
fn find<'value>(mut value: &'value Value, path: &str) -> Option<&'value Value> {
    for step in path.split('.').filter(|step| !step.is_empty()) {
        value = match value {
            Value::Array(elements) => elements.get(step.parse::<usize>().ok()?)?,
            Value::Object(members) => &members.iter().rfind(|(name, _)| name == step)?.1,
            _ => return None,
        };
    }
    Some(value)
}

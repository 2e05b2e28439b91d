//! Guests that need no files, on a machine without an operating system.

use std::fs;
use std::path::Path;

use thimble_code::image::{Features, Header};

use super::machine::{Firmware, Machine, Outcome, file};
use super::{image, length};
use crate::Result;
use crate::process::target_directory;

const PROGRAM: Firmware = Firmware {
    binary: "program",
    features: "translate,verify,wasi",
};

/// The status of a program that did not end by itself.
const ABNORMAL: i32 = 134;

/// A guest, how it is called, what it prints and how it ends.
struct Case {
    guest: &'static str,
    arguments: &'static [&'static str],
    input: &'static str,
    output: &'static [&'static str],
    status: i32,
}

const fn case(
    guest: &'static str,
    arguments: &'static [&'static str],
    output: &'static [&'static str],
    status: i32,
) -> Case {
    Case {
        guest,
        arguments,
        input: "",
        output,
        status,
    }
}

const CASES: &[Case] = &[
    case("hello", &[], &["Hello from WebAssembly!"], 0),
    case("hello-c", &[], &["Hello from WebAssembly!"], 0),
    case("hello-freestanding", &[], &["Hello from WebAssembly!"], 0),
    case(
        "clock",
        &["2", "10"],
        &["tick 1: 10 ms", "tick 2: 20 ms"],
        0,
    ),
    Case {
        guest: "json",
        arguments: &["get", "sensors.0.name"],
        input: r#"{"sensors": [{"name": "north"}]}"#,
        output: &["\"north\""],
        status: 0,
    },
    Case {
        guest: "wc",
        arguments: &[],
        input: "one two\nthree\n",
        output: &["2 3 14 -"],
        status: 0,
    },
    Case {
        guest: "cat-c",
        arguments: &[],
        input: "one two\nthree\n",
        output: &["one two", "three"],
        status: 0,
    },
    case("exit", &["7"], &[], 7),
    // How many more the heap has room for differs.
    case("grow", &["8"], &["8"], 0),
    case("recurse", &["100"], &["100"], 0),
    case("recurse", &[], &["error: call stack exhausted"], ABNORMAL),
    case(
        "trap",
        &["divide"],
        &["error: integer divide by zero"],
        ABNORMAL,
    ),
    case(
        "trap",
        &["memory"],
        &["error: out of bounds memory access"],
        ABNORMAL,
    ),
    case("trap", &["unreachable"], &["error: unreachable"], ABNORMAL),
];

/// The guests whose allocations fail, each of them once.
const SWEPT: &[&str] = &["hello-c", "hello-freestanding", "hello"];

/// Runs all cases: as modules, and as images that pass the verifier. Returns how many passed.
pub fn run(machine: &Machine) -> Result<String> {
    let firmware = machine.build(PROGRAM)?;
    let mut passed = 0;
    for case in CASES {
        let module = file(&format!("guests/wasm/{}.wasm", case.guest))?;
        for content in [&module, &image(&module)?] {
            check(machine, case, &run_one(machine, &firmware, content, case)?)?;
            passed += 1;
        }
    }
    for guest in SWEPT {
        sweep(machine, &firmware, guest)?;
        passed += 1;
    }
    go_on(machine, &firmware)?;
    passed += 1;
    Ok(format!("{passed} passed"))
}

fn run_one(machine: &Machine, firmware: &Path, content: &Path, case: &Case) -> Result<Outcome> {
    let input = target_directory()?.join("bare/input");
    fs::write(&input, case.input).map_err(|error| error.to_string())?;
    let length = length(content)?;
    let mut words = vec!["once", &length, case.guest];
    words.extend(case.arguments);
    // The clock counts instructions.
    machine.run(firmware, content, &words, &input, true)
}

/// Fails unless a guest printed what it should, ended as it should, and left nothing on the heap.
fn check(machine: &Machine, case: &Case, outcome: &Outcome) -> Result<()> {
    let lines: Vec<&str> = outcome.output.lines().collect();
    let printed = case.output.iter().all(|line| lines.contains(line));
    if printed && outcome.status == Some(case.status) && outcome.number::<u64>("left")? == 0 {
        return Ok(());
    }
    Err(format!(
        "{}: {} {:?} should print {:?} and end with {}: {outcome:?}",
        machine.name, case.guest, case.arguments, case.output, case.status
    ))
}

/// Lets the first allocation fail, then the second, and so on.
fn sweep(machine: &Machine, firmware: &Path, guest: &str) -> Result<()> {
    let module = file(&format!("guests/wasm/{guest}.wasm"))?;
    let words = ["sweep", &length(&module)?, guest];
    let outcome = machine.run(firmware, &module, &words, &file("/dev/null")?, false)?;
    // A loop that ended at once would have tried nothing.
    if outcome.status == Some(0) && outcome.number::<u32>("limits")? > 50 {
        return Ok(());
    }
    Err(format!("{}: sweep over {guest}: {outcome:?}", machine.name))
}

/// What cannot be run, or does not end well, and what the firmware then runs in the same breath: an image for a
/// runtime that has more, a module that is none, a program for which the heap is too small, one that traps.
fn go_on(machine: &Machine, firmware: &Path) -> Result<()> {
    let read = |name: &str| {
        let path = file(&format!("guests/wasm/{name}.wasm"))?;
        fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let mut foreign =
        fs::read(image(&file("guests/wasm/hello-c.wasm")?)?).map_err(|error| error.to_string())?;
    let mut header = Header::decode(&foreign).map_err(|error| error.to_string())?;
    header.features = Features::VECTOR;
    if let Some(bytes) = foreign.first_chunk_mut() {
        *bytes = header.encode();
    }
    let programs: [(Vec<u8>, &[&str]); 6] = [
        (foreign, &["foreign"]),
        (b"no module".to_vec(), &["text"]),
        (read("grow")?, &["grow", "100000"]),
        (read("trap")?, &["trap", "divide"]),
        (read("recurse")?, &["recurse"]),
        (read("hello-c")?, &["hello"]),
    ];
    let (mut content, mut words) = (Vec::new(), vec!["once".to_owned()]);
    for (index, (bytes, arguments)) in programs.iter().enumerate() {
        if index > 0 {
            words.push("+".to_owned());
        }
        words.push(bytes.len().to_string());
        words.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        content.resize(content.len().next_multiple_of(8), 0);
        content.extend_from_slice(bytes);
    }
    let path = target_directory()?.join("bare/programs");
    fs::write(&path, content).map_err(|error| error.to_string())?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = machine.run(firmware, &path, &words, &file("/dev/null")?, false)?;

    let values = |name: &str| {
        let lines = outcome
            .output
            .lines()
            .filter_map(|line| line.split_once(' '));
        lines
            .filter(|(found, _)| *found == name)
            .map(|(_, value)| value.to_owned())
            .collect::<Vec<_>>()
    };
    let expected = ["134", "134", "0", "134", "134", "0"];
    if outcome.status == Some(0)
        && values("status") == expected
        && values("left") == ["0"; 6]
        && values("error:").len() == 4
    {
        return Ok(());
    }
    Err(format!(
        "{}: bad programs, then a good one: {outcome:?}",
        machine.name
    ))
}

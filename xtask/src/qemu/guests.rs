//! Guests that need no files, on a machine without an operating system: all but `env`, since the firmware gives no environment,
//! and those that never end (`spin`).

use std::fs;
use std::path::Path;

use super::machine::{Firmware, Machine, Outcome, file};
use super::{bad, image, length};
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

const TEXT: &[&str] = &["one two", "three"];

/// A guest that reads the lines of [`TEXT`].
const fn reads(guest: &'static str, output: &'static [&'static str]) -> Case {
    Case {
        guest,
        arguments: &[],
        input: "one two\nthree\n",
        output,
        status: 0,
    }
}

const CASES: &[Case] = &[
    case("hello", &[], &["Hello from WebAssembly!"], 0),
    case("hello-c", &[], &["Hello from WebAssembly!"], 0),
    case("small/hello", &[], &["Hello from WebAssembly!"], 0),
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
    reads("wc", &["2 3 14 -"]),
    reads("wc-c", &["2 3 14 -"]),
    reads("small/wc", &["2 3 14 -"]),
    reads("cat", TEXT),
    reads("cat-c", TEXT),
    reads("small/cat", TEXT),
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
    case(
        "trap",
        &["overflow"],
        &["error: integer overflow"],
        ABNORMAL,
    ),
    case("trap", &["convert"], &["error: integer overflow"], ABNORMAL),
    case("trap", &["table"], &["error: undefined element"], ABNORMAL),
    case(
        "trap",
        &["null"],
        &["error: uninitialized element"],
        ABNORMAL,
    ),
    case(
        "trap",
        &["signature"],
        &["error: indirect call type mismatch"],
        ABNORMAL,
    ),
];

/// The guests whose allocations fail, each of them once; as modules, and as images, which ask for less.
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
        let module = file(&format!("guests/wasm/{guest}.wasm"))?;
        for content in [&module, &image(&module)?] {
            sweep(machine, &firmware, guest, content)?;
            passed += 1;
        }
    }
    bad::run(machine, &firmware)?;
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
fn sweep(machine: &Machine, firmware: &Path, guest: &str, content: &Path) -> Result<()> {
    let words = ["sweep", &length(content)?, guest];
    let outcome = machine.run(firmware, content, &words, &file("/dev/null")?, false)?;
    // A loop that ended at once would have tried nothing.
    if outcome.status == Some(0) && outcome.number::<u32>("limits")? > 20 {
        return Ok(());
    }
    Err(format!(
        "{}: sweep over {}: {outcome:?}",
        machine.name,
        content.display()
    ))
}

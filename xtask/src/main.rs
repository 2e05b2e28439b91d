//! Development tasks: everything a person or the CI does twice. `cargo xtask help` lists them.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

mod ci;
mod count;
mod guests;
mod no_std;
mod pack_specification;
mod process;

use std::process::ExitCode;

/// Why a task failed, for the person who reads it.
type Result<T> = std::result::Result<T, String>;

struct Task {
    name: &'static str,
    summary: &'static str,
    run: fn() -> Result<()>,
}

const TASKS: &[Task] = &[
    Task {
        name: "ci",
        summary: "run every check of the CI, in its order",
        run: ci::run,
    },
    Task {
        name: "check-no-std",
        summary: "build the no_std crates for a Cortex-M3 and a RISC-V without an operating system",
        run: no_std::run,
    },
    Task {
        name: "count",
        summary: "count host instructions per WebAssembly instruction over bench/workloads (needs valgrind)",
        run: count::run,
    },
    Task {
        name: "guests",
        summary: "rebuild guests/wasm from the sources in guests/ (needs python3 and its venv module)",
        run: guests::run,
    },
    Task {
        name: "pack-specification",
        summary: "pack the specification suite for a device (says which options it takes)",
        run: pack_specification::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let name = match arguments.as_slice() {
        [name] => name.as_str(),
        // It reads them itself.
        [name, ..] if name == "pack-specification" => name,
        _ => "help",
    };
    if let Some(task) = TASKS.iter().find(|task| task.name == name) {
        return match (task.run)() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("cargo xtask {name}: {error}");
                ExitCode::FAILURE
            }
        };
    }
    println!("usage: cargo xtask TASK\n");
    for task in TASKS {
        println!("  {:<20}{}", task.name, task.summary);
    }
    // Asking for help is no error, an unknown task is.
    if name == "help" && arguments.len() <= 1 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

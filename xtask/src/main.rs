//! Development tasks: everything a person or the CI does twice. `cargo xtask help` lists them.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

mod ci;
mod compare;
mod count;
mod device_target;
mod figures;
mod freertos;
mod guests;
mod no_std;
mod nuttx;
mod pack_specification;
mod pairs;
mod process;
mod qemu;
mod twister;
mod workloads;

use std::process::ExitCode;

/// Why a task failed, for the person who reads it.
type Result<T> = std::result::Result<T, String>;

struct Task {
    name: &'static str,
    /// What may follow the name; empty if nothing may.
    arguments: &'static str,
    summary: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const TASKS: &[Task] = &[
    Task {
        name: "ci",
        arguments: "[STEP...]",
        summary: "run every check of the CI, in its order, or the steps named",
        run: ci::run,
    },
    Task {
        name: "check-no-std",
        arguments: "",
        summary: "build the no_std crates for Cortex-M0, Cortex-M3 and RISC-V without an operating system",
        run: |_| no_std::run(),
    },
    Task {
        name: "count",
        arguments: "",
        summary: "count host instructions per WebAssembly instruction over bench/workloads (needs valgrind)",
        run: |_| figures::count(),
    },
    Task {
        name: "compare",
        arguments: compare::ARGUMENTS,
        summary: "compare with other interpreters on x86-64, by instructions and time (needs valgrind; builds for long)",
        run: compare::run,
    },
    Task {
        name: "guests",
        arguments: "",
        summary: "rebuild guests/wasm from the sources in guests/ (needs python3 and its venv module)",
        run: |_| guests::run(),
    },
    Task {
        name: "nuttx",
        arguments: nuttx::ARGUMENTS,
        summary: "test on NuttX, simulated and on emulated boards (needs trees, which NUTTX_DIR and NUTTX_APPS_DIR name)",
        run: nuttx::run,
    },
    Task {
        name: "figures",
        arguments: figures::ARGUMENTS,
        summary: "measure the runtime on emulated microcontrollers or x86-64, and compare it with boards/bare/budgets.csv",
        run: figures::run,
    },
    Task {
        name: "handlers",
        arguments: "FILE...",
        summary: "print the machine code of the operations that programs execute most, of a program or firmware",
        run: figures::handlers::print,
    },
    Task {
        name: "pairs",
        arguments: pairs::ARGUMENTS,
        summary: "count which internal operations follow one another in modules, for superinstructions to be chosen by",
        run: pairs::run,
    },
    Task {
        name: "qemu",
        arguments: qemu::ARGUMENTS,
        summary: "test the runtime without an operating system on emulated microcontrollers (needs QEMU)",
        run: qemu::run,
    },
    Task {
        name: "twister",
        arguments: twister::ARGUMENTS,
        summary: "test the Zephyr module on emulated boards (needs a Zephyr workspace)",
        run: twister::run,
    },
    Task {
        name: "freertos",
        arguments: freertos::ARGUMENTS,
        summary: "test the back end for FreeRTOS on its simulator and on emulated boards",
        run: freertos::run,
    },
    Task {
        name: "pack-specification",
        arguments: "[OPTION...]",
        summary: "pack the specification suite for a device (says which options it takes)",
        // It reads them itself.
        run: |_| pack_specification::run(),
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, rest) = match arguments.split_first() {
        Some((name, rest)) => (name.as_str(), rest),
        None => ("help", &[][..]),
    };
    let known = TASKS
        .iter()
        .find(|task| task.name == name && (rest.is_empty() || !task.arguments.is_empty()));
    if let Some(task) = known {
        return match (task.run)(rest) {
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
        if !task.arguments.is_empty() {
            println!("{:22}{}", "", task.arguments);
        }
    }
    // Asking for help is no error, an unknown task is.
    if name == "help" && rest.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

//! All checks of the CI, the cheapest first; `.ci/run` installs what they need and starts them.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::process::{self, cargo};
use crate::{Result, count, no_std};

struct Step {
    name: &'static str,
    run: fn() -> Result<()>,
}

const STEPS: &[Step] = &[
    Step {
        name: "formatting",
        run: || process::run(cargo()?.args(["fmt", "--all", "--check"])),
    },
    Step {
        name: "lints",
        run: || process::run(&mut clippy()?),
    },
    Step {
        name: "documentation",
        run: || process::run(&mut documentation()?),
    },
    Step {
        name: "tests",
        run: || process::run(cargo()?.args(["test", "--workspace"])),
    },
    Step {
        name: "builds without std",
        run: no_std::run,
    },
    Step {
        name: "instruction counts",
        run: count::run,
    },
];

pub fn run() -> Result<()> {
    let mut times: Vec<(&str, Duration)> = Vec::new();
    let mut result = Ok(());
    for step in STEPS {
        eprintln!("\n== {} ==", step.name);
        let start = Instant::now();
        result = (step.run)().map_err(|error| format!("{}: {error}", step.name));
        times.push((step.name, start.elapsed()));
        if result.is_err() {
            break;
        }
    }
    eprintln!();
    for (name, time) in times {
        eprintln!("{:>6} s  {name}", time.as_secs());
    }
    result
}

fn clippy() -> Result<Command> {
    let mut clippy = cargo()?;
    clippy.args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]);
    Ok(clippy)
}

fn documentation() -> Result<Command> {
    let mut documentation = cargo()?;
    documentation
        .args(["doc", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings");
    Ok(documentation)
}

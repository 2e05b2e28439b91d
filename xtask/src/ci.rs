//! All checks of the CI, the cheapest first; `.ci/run` installs what they need and starts them.

use std::time::Instant;

use crate::process::{self, cargo};
use crate::{Result, compare, figures, freertos, no_std, nuttx, qemu, twister};

struct Step {
    name: &'static str,
    run: fn() -> Result<Done>,
}

/// What became of a step that has not failed.
pub enum Done {
    Passed,
    /// What it needs and not every machine has is missing.
    NotRun,
}

/// Whether this is the CI, which has installed what it needs: what is missing there is an error.
pub fn is_automatic() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true")
}

fn passed(result: Result<()>) -> Result<Done> {
    result.map(|()| Done::Passed)
}

const STEPS: &[Step] = &[
    Step {
        name: "formatting",
        run: || passed(formatting()),
    },
    Step {
        name: "lints",
        run: || passed(clippy()),
    },
    Step {
        name: "comparison",
        run: || passed(compare::check()),
    },
    Step {
        name: "documentation",
        run: || passed(documentation()),
    },
    Step {
        name: "tests",
        run: || {
            passed(process::run(cargo()?.args([
                "test",
                "--workspace",
                "--no-fail-fast",
            ])))
        },
    },
    Step {
        name: "smaller builds",
        run: || passed(smaller_builds()),
    },
    Step {
        name: "builds without std",
        run: || passed(no_std::run()),
    },
    Step {
        name: "instruction counts",
        run: || passed(figures::count()),
    },
    Step {
        name: "no operating system",
        run: || passed(bare()),
    },
    Step {
        name: "FreeRTOS",
        run: freertos::all,
    },
    Step {
        name: "NuttX",
        run: nuttx::all,
    },
    Step {
        name: "Zephyr",
        run: twister::quick,
    },
];

/// Runs the steps that are named, or every one, also after one has failed: who repairs one thing wants to know
/// the others.
pub fn run(names: &[String]) -> Result<()> {
    if let Some(name) = unknown(names) {
        let steps: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return Err(format!("no step {name}; there are: {}", steps.join(", ")));
    }
    let mut summary = Vec::new();
    let mut failed = Vec::new();
    let wanted = |step: &&Step| names.is_empty() || names.iter().any(|name| name == step.name);
    for step in STEPS.iter().filter(wanted) {
        eprintln!("\n== {} ==", step.name);
        let start = Instant::now();
        let result = (step.run)();
        let seconds = start.elapsed().as_secs();
        let outcome = match result {
            Ok(Done::Passed) => "passed",
            Ok(Done::NotRun) => "not run",
            Err(_) => "failed",
        };
        summary.push(format!("{seconds:>6} s  {outcome:7}  {}", step.name));
        if let Err(error) = result {
            eprintln!("{error}");
            failed.push(step.name);
        }
    }
    eprintln!("\n{}", summary.join("\n"));
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("failed: {}", failed.join(", ")))
    }
}

/// The first name that is none of a step.
fn unknown(names: &[String]) -> Option<&String> {
    names
        .iter()
        .find(|name| STEPS.iter().all(|step| step.name != name.as_str()))
}

/// The workspace, and crates that are workspaces of their own.
fn formatting() -> Result<()> {
    process::run(cargo()?.args(["fmt", "--all", "--check"]))?;
    for directory in ["bench/compare", "boards/bare", "device/firmware"] {
        let manifest = format!("{directory}/Cargo.toml");
        process::run(cargo()?.args(["fmt", "--check", "--manifest-path", &manifest]))?;
    }
    Ok(())
}

/// Runs programs without an operating system, and compares what they take with the budgets. The specification suite
/// runs on these processors with the back ends.
fn bare() -> Result<()> {
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>()
    };
    qemu::run(&words(&["--quick", "mps2-an385", "virt"]))?;
    figures::run(&words(&["--budgets", "mps2-an385", "virt"]))
}

fn clippy() -> Result<()> {
    let mut clippy = cargo()?;
    clippy.args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]);
    process::run(&mut clippy)
}

/// The features that firmware leaves out, one by one, and the tests of what is missing then.
fn smaller_builds() -> Result<()> {
    for features in [
        "",
        "translate",
        "verify",
        "both-dispatchers",
        "wasi-files",
        "wasi-sockets",
    ] {
        let mut clippy = cargo()?;
        clippy.args(["clippy", "--package", "thimble", "--no-default-features"]);
        process::run(clippy.args(["--features", features, "--", "-D", "warnings"]))?;
    }
    for features in ["", "files", "sockets"] {
        let mut test = cargo()?;
        test.args(["test", "--package", "thimble-wasi", "--test", "left_out"]);
        process::run(test.args(["--no-default-features", "--features", features]))?;
    }
    Ok(())
}

fn documentation() -> Result<()> {
    let mut document = cargo()?;
    document
        .args(["doc", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings");
    process::run(&mut document)
}

#[cfg(test)]
mod tests {
    use super::{STEPS, unknown};

    #[test]
    fn knows_its_steps() {
        let mut names: Vec<String> = STEPS.iter().map(|step| step.name.to_owned()).collect();
        assert_eq!(unknown(&names), None);
        names.push("everything".to_owned());
        assert_eq!(unknown(&names), names.last());
    }
}

//! All checks of the CI, the cheapest first; `.ci/run` installs what they need and starts them.

use std::time::Instant;

use serde_json::Value;

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
        name: "stated costs",
        run: stated_costs,
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

/// The crates whose features the configuration of firmware switches, with those below them, and whether all but one
/// of the features is tried too.
const WITH_FEATURES: &[(&str, bool)] = &[
    ("thimble", false),
    ("thimble-device-ffi", true),
    ("thimble-c", false),
];

/// What is tested of WASI: none of its parts, and each alone.
const WASI: &[&str] = &[
    "",
    "arguments",
    "clocks",
    "files",
    "poll",
    "random",
    "sockets",
];

/// The features that firmware leaves out, and the tests of what is missing then.
fn smaller_builds() -> Result<()> {
    let metadata =
        process::output(cargo()?.args(["metadata", "--no-deps", "--format-version", "1"]))?;
    for (package, all_but_one) in WITH_FEATURES {
        let features = features(&metadata, package)
            .ok_or_else(|| format!("cargo metadata does not tell of the features of {package}"))?;
        for chosen in choices(&features, *all_but_one) {
            let mut clippy = cargo()?;
            clippy.args(["clippy", "--package", package, "--no-default-features"]);
            process::run(clippy.args(["--features", &chosen, "--", "-D", "warnings"]))?;
        }
    }
    for features in WASI {
        without("thimble-wasi", "left_out", features)?;
    }
    for features in ["translate", "translate,wasi"] {
        without("thimble-device", "without_wasi", features)?;
    }
    Ok(())
}

/// Runs a test of what a crate does with these features only.
fn without(package: &str, test: &str, features: &str) -> Result<()> {
    let mut run = cargo()?;
    run.args(["test", "--package", package, "--test", test]);
    process::run(run.args(["--no-default-features", "--features", features]))
}

/// The features of a crate, without those that are there by default, as a name for them.
fn features(metadata: &str, package: &str) -> Option<Vec<String>> {
    let metadata: Value = serde_json::from_str(metadata).ok()?;
    let packages = metadata.get("packages")?.as_array()?;
    let package = packages
        .iter()
        .find(|found| found.get("name").and_then(Value::as_str) == Some(package))?;
    let features = package.get("features")?.as_object()?;
    Some(
        features
            .keys()
            .filter(|name| *name != "default")
            .cloned()
            .collect(),
    )
}

/// None of the features, and each alone; and with `all_but_one`, all but each. Levels of messages, of which there is
/// one at a time, are not among all.
fn choices(features: &[String], all_but_one: bool) -> Vec<String> {
    let mut choices = vec![String::new()];
    choices.extend_from_slice(features);
    if all_but_one {
        let all = || {
            features
                .iter()
                .filter(|feature| !feature.starts_with("log-"))
        };
        choices.extend(all().map(|feature| {
            let others = all().filter(|other| *other != feature);
            others.cloned().collect::<Vec<_>>().join(",")
        }));
    }
    choices
}

/// What is said of costs in options' helps and in tables, against what was measured.
fn stated_costs() -> Result<Done> {
    if let Some(reason) = process::absent("python3") {
        if is_automatic() {
            return Err(reason);
        }
        println!("not run: {reason}");
        return Ok(Done::NotRun);
    }
    let mut check = process::command("python3");
    process::run(
        check
            .current_dir(process::root()?)
            .args(["boards/write_costs.py", "--check"]),
    )?;
    Ok(Done::Passed)
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
    use super::{STEPS, choices, features, unknown};

    #[test]
    fn knows_its_steps() {
        let mut names: Vec<String> = STEPS.iter().map(|step| step.name.to_owned()).collect();
        assert_eq!(unknown(&names), None);
        names.push("everything".to_owned());
        assert_eq!(unknown(&names), names.last());
    }

    #[test]
    fn chooses_features() {
        let metadata = r#"{"packages": [{"name": "other", "features": {"x": []}},
            {"name": "one", "features": {"default": ["b"], "a": [], "b": ["a"], "log-a": []}}]}"#;
        let features = features(metadata, "one").unwrap();
        assert_eq!(features, ["a", "b", "log-a"]);
        assert_eq!(choices(&features, false), ["", "a", "b", "log-a"]);
        assert_eq!(choices(&features, true), ["", "a", "b", "log-a", "b", "a"]);
    }
}

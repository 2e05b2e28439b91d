//! Compares Thimble with other interpreters, and all of them with the processor's own code, over `bench/workloads`
//! on x86-64: `bench/compare`.
//!
//! `bench/compare/figures.csv` and the table in the README there have the figures as they were recorded last.

mod figures;

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::Result;
use crate::process::{self, cargo, command, target_directory};
use crate::workloads::{Workload, workloads};
use figures::{Figure, Figures};

pub const ARGUMENTS: &str = "[--record] [ENGINE...]";

/// What all are compared with: the sources of the workloads, by the C compiler.
const NATIVE: &str = "native";

/// A program of `bench/compare`.
struct Engine {
    name: &'static str,
    /// What it is, for people.
    version: &'static str,
    feature: Option<&'static str>,
    profile: &'static str,
}

const ENGINES: &[Engine] = &[
    Engine {
        name: NATIVE,
        version: "cc -O3",
        feature: None,
        profile: "release",
    },
    Engine {
        name: "thimble",
        version: "Thimble",
        feature: None,
        profile: "release",
    },
    Engine {
        name: "wasmi",
        version: "wasmi 2.0.0",
        feature: Some("wasmi"),
        profile: "release",
    },
    Engine {
        name: "tinywasm",
        version: "tinywasm 0.10.0",
        feature: Some("tinywasm"),
        profile: "release",
    },
    Engine {
        name: "pulley",
        version: "Pulley 48.0.8",
        feature: Some("pulley"),
        profile: "pulley",
    },
];

/// How often each engine has its turn with each workload.
const ROUNDS: u32 = 7;
/// Calls that are measured at a turn.
const CALLS: u32 = 15;

/// Measures the engines that are named, or all. Only figures of one run are recorded together.
pub fn run(arguments: &[String]) -> Result<()> {
    if !cfg!(target_arch = "x86_64") {
        return Err("the figures are of x86-64: run this on an x86-64 machine".into());
    }
    let (options, names): (Vec<_>, Vec<_>) = arguments
        .iter()
        .partition(|argument| *argument == "--record");
    let record = !options.is_empty();
    if let Some(unknown) = names
        .iter()
        .find(|name| ENGINES.iter().all(|engine| engine.name != name.as_str()))
    {
        return Err(format!("no engine {unknown}"));
    }
    // What the times are divided by belongs to each run.
    let engines: Vec<&Engine> = ENGINES
        .iter()
        .filter(|engine| {
            names.is_empty() || engine.name == NATIVE || names.iter().any(|n| **n == engine.name)
        })
        .collect();
    let programs = build(&engines)?;

    let mut figures = Figures::default();
    for workload in workloads()? {
        let module = workload.module()?;
        let times = times(&programs, &module, &workload)?;
        let native = *times.first().ok_or("nothing was measured")? as f64;
        for ((engine, program), nanoseconds) in engines.iter().zip(&programs).zip(times) {
            let instructions = instructions(program, &module, &workload)?;
            figures.insert(
                engine.name,
                &workload.program,
                Figure {
                    instructions: instructions as f64 / f64::from(workload.operators),
                    time: nanoseconds as f64 / native,
                },
            );
        }
    }
    for engine in &engines {
        figures.add_mean(engine.name)?;
    }
    let columns: Vec<(&str, &str)> = engines
        .iter()
        .map(|engine| (engine.name, engine.version))
        .collect();
    let table = figures.table(&columns);
    print!("{table}");
    if record {
        figures::record(&figures, &table)?;
    }
    Ok(())
}

/// Compiles what depends on nothing but Thimble, and so is known to be usable.
pub fn check() -> Result<()> {
    let mut clippy = cargo()?;
    clippy.args(["clippy", "--locked", "--manifest-path", MANIFEST]);
    clippy.args(["--", "-D", "warnings"]);
    clippy.env("CARGO_TARGET_DIR", directory()?);
    process::run(&mut clippy)
}

const MANIFEST: &str = "bench/compare/Cargo.toml";

/// Apart from what else is built, whose crates have other features.
fn directory() -> Result<PathBuf> {
    Ok(target_directory()?.join("compare"))
}

/// Builds the programs of these engines. Returns their files.
fn build(engines: &[&Engine]) -> Result<Vec<PathBuf>> {
    let directory = directory()?;
    let mut profiles: Vec<&str> = engines.iter().map(|engine| engine.profile).collect();
    profiles.dedup();
    for profile in profiles {
        let mut build = cargo()?;
        build
            .args(["build", "--locked", "--manifest-path", MANIFEST])
            .args(["--profile", profile])
            .env("CARGO_TARGET_DIR", &directory);
        for engine in engines.iter().filter(|engine| engine.profile == profile) {
            build.args(["--bin", engine.name]);
            if let Some(feature) = engine.feature {
                build.args(["--features", feature]);
            }
        }
        process::run(&mut build)?;
    }
    Ok(engines
        .iter()
        .map(|engine| {
            let mut file = directory.join(engine.profile).join(engine.name);
            file.set_extension(env::consts::EXE_EXTENSION);
            file
        })
        .collect())
}

/// The shortest times of a call, in nanoseconds. The programs take turns, so that what slows the computer down for a
/// while slows all of them down.
fn times(programs: &[PathBuf], module: &Path, workload: &Workload) -> Result<Vec<u64>> {
    let mut shortest = vec![u64::MAX; programs.len()];
    for _ in 0..ROUNDS {
        for (program, shortest) in programs.iter().zip(&mut shortest) {
            let mut run = command(program);
            run.arg(module)
                .args([&workload.argument, &CALLS.to_string()]);
            let output = process::output(&mut run)?;
            *shortest = check_result(&output, workload)?.min(*shortest);
        }
    }
    Ok(shortest)
}

/// The instructions of one call that is not the first.
fn instructions(program: &Path, module: &Path, workload: &Workload) -> Result<u64> {
    let counts = target_directory()?.join("compare.callgrind");
    let mut option = std::ffi::OsString::from("--callgrind-out-file=");
    option.push(&counts);
    let mut run = command("valgrind");
    run.args(["--quiet", "--tool=callgrind", "--collect-atstart=no"])
        .args(["--toggle-collect=*measured_call*"])
        .arg(option)
        .arg(program)
        .arg(module)
        .args([&workload.argument, "1"]);
    check_result(&process::output(&mut run)?, workload)?;
    let counts =
        fs::read_to_string(&counts).map_err(|error| format!("{}: {error}", counts.display()))?;
    match counts
        .lines()
        .find_map(|line| line.strip_prefix("totals: "))
        .and_then(|total| total.trim().parse().ok())
    {
        // The function was not found.
        None | Some(0) => Err("callgrind wrote no total".into()),
        Some(total) => Ok(total),
    }
}

/// The nanoseconds that a program told. Fails if it returned another result than the workload has.
fn check_result(output: &str, workload: &Workload) -> Result<u64> {
    let value = |name: &str| {
        output
            .lines()
            .filter_map(|line| line.split_once(' '))
            .find_map(|(found, value)| (found == name).then_some(value))
    };
    if value("result") != Some(&workload.result) {
        return Err(format!(
            "{} is to return {}: {output}",
            workload.program, workload.result
        ));
    }
    value("nanoseconds")
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| format!("no time: {output}"))
}

#[cfg(test)]
mod tests {
    use super::{Workload, check_result};

    #[test]
    fn refuses_a_wrong_result() {
        let workload = Workload {
            program: "fib".into(),
            argument: "20".into(),
            result: "6765".into(),
            operators: 243_384,
        };
        let check = |output| check_result(output, &workload);
        assert_eq!(check("result 6765\nnanoseconds 12\n"), Ok(12));
        assert!(check("result 67\nnanoseconds 12\n").is_err());
        assert!(check("result 6765\n").is_err());
    }
}

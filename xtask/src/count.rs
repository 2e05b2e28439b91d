//! Counts the instructions that the host executes per WebAssembly instruction, over `bench/workloads`.
//!
//! Counts, unlike times, are the same on every machine of one architecture, so a regression shows at once and
//! noise never does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::process::{self, cargo, target_directory};
use crate::workloads::{Workload, mean, workloads};

/// The program that was measured, and its ratios by their names. Fails where there are no x86-64 instructions.
pub fn measure() -> Result<(PathBuf, Vec<(String, f64)>)> {
    if !cfg!(target_arch = "x86_64") {
        return Err("the figures are of x86-64 instructions: run this on an x86-64 machine".into());
    }
    process::run(cargo()?.args(["build", "--release", "--package", "thimble-cli"]))?;
    let thimble = target_directory()?.join("release/thimble");
    let mut ratios = Vec::new();
    for workload in workloads()? {
        let module = workload.module()?;
        // The difference leaves out what loading, instantiating and the first call's warming up take.
        let once = instructions(&thimble, &module, &workload, 1)?;
        let twice = instructions(&thimble, &module, &workload, 2)?;
        let one_call = twice
            .checked_sub(once)
            .ok_or("two calls took fewer instructions than one")?;
        let ratio = one_call as f64 / f64::from(workload.operators);
        ratios.push((workload.program, ratio));
    }
    let mean = mean(&ratios)?;
    let mut figures: Vec<(String, f64)> = ratios
        .into_iter()
        .map(|(program, ratio)| (format!("{program}.instructions"), ratio))
        .collect();
    figures.push(("mean.instructions".to_owned(), mean));
    Ok((thimble, figures))
}

/// The instructions of a whole run that calls the workload `calls` times.
fn instructions(thimble: &Path, module: &Path, workload: &Workload, calls: u32) -> Result<u64> {
    let counts = target_directory()?.join("count.callgrind");
    let mut run = Command::new("valgrind");
    let mut counts_option = std::ffi::OsString::from("--callgrind-out-file=");
    counts_option.push(&counts);
    run.args(["--quiet", "--tool=callgrind"])
        .arg(counts_option)
        .arg(thimble)
        .args(["run", "--repeat", &calls.to_string(), "--invoke", "run"])
        .arg(module)
        .arg(&workload.argument);
    let output = process::output(&mut run)?;
    // A wrong result would make the count worthless. Repeated calls print the results of the last one.
    if output.trim() != workload.result {
        return Err(format!(
            "{}: returned {}, not {}",
            workload.program,
            output.trim(),
            workload.result
        ));
    }
    let counts =
        fs::read_to_string(&counts).map_err(|error| format!("{}: {error}", counts.display()))?;
    counts
        .lines()
        .find_map(|line| line.strip_prefix("totals: "))
        .and_then(|total| total.trim().parse().ok())
        .ok_or_else(|| "callgrind wrote no total".into())
}

//! Thimble and wasmi agree on generated modules.

// Runs on a developer's machine, where an allocation that fails may abort; and a
// check that cannot be made fails.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::expect_used,
    clippy::panic
)]

use std::io::Write;
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use thimble_tests_differential::compare::{Report, Way, compare};
use thimble_tests_differential::generate;

/// Modules that are executed.
const MODULES: u64 = 20_000;

/// The seed of the first; the variable `FIRST_SEED` may name another, for modules
/// that the test has not seen.
fn first_seed() -> u64 {
    let seed = std::env::var("FIRST_SEED").ok();
    seed.map_or(0, |seed| seed.parse().expect("FIRST_SEED is a number"))
}

/// Executes the module of a seed; returns what differs. `KEEP_DIFFERENCES` may
/// name a folder for the modules that differ.
fn execute(seed: u64) -> Result<Report, String> {
    let generated = generate::from_seed(seed);
    let run = || {
        compare(
            &generated.module,
            generated.counts_fuel,
            seed,
            Way::of_seed(seed),
        )
    };
    let result = catch_unwind(run).unwrap_or_else(|_| Err("panic".into()));
    result.map_err(|difference| {
        if let Ok(folder) = std::env::var("KEEP_DIFFERENCES") {
            let path = format!("{folder}/{seed}.wasm");
            std::fs::write(path, &generated.module).expect("the folder can be written to");
        }
        format!("seed {seed}: {difference}")
    })
}

#[test]
fn same_behaviour_as_wasmi() {
    let first = first_seed();
    let next = AtomicU64::new(first);
    let work = || {
        let mut report = Report::default();
        let mut differences = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + MODULES {
                return (report, differences);
            }
            match execute(seed) {
                Ok(more) => report.merge(&more),
                Err(difference) => differences.push(difference),
            }
        }
    };
    let mut report = Report::default();
    let mut differences = Vec::new();
    thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(2, usize::from);
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            let (more, different) = worker.join().expect("no worker panics");
            report.merge(&more);
            differences.extend(different);
        }
    });
    let line = format!("execution compared with wasmi: {MODULES} generated modules; {report:?}\n");
    // Not `println!`, whose output a passing test keeps to itself.
    let _ = std::io::stderr().write_all(line.as_bytes());
    assert!(
        differences.is_empty(),
        "{} differences\n  {}\n",
        differences.len(),
        differences.join("\n  ")
    );
    // Few are given up, and most do something, or the comparison shows little.
    assert!(report.given_up() * 20 < MODULES as usize);
    assert!(report.executed * 2 > MODULES as usize);
}

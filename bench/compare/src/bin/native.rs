//! The processor's own code, which the C compiler made of the same sources: no interpreter, what all are compared
//! with.

use std::env;
use std::path::PathBuf;

use thimble_compare::{Result, run_workload};

type Run = extern "C" fn(i32) -> i32;

/// Declares the functions of the workloads, which `build.rs` compiles.
macro_rules! workloads {
    ($($name:literal $function:ident;)*) => {
        // SAFETY: each is `int run(int)` in `bench/workloads`, under another name. They touch
        // nothing but variables of their own, and this program has one thread.
        unsafe extern "C" {
            $(safe fn $function(argument: i32) -> i32;)*
        }

        const WORKLOADS: &[(&str, Run)] = &[$(($name, $function),)*];
    };
}

workloads! {
    "callind" run_callind;
    "fib" run_fib;
    "mandel" run_mandel;
    "matf32" run_matf32;
    "nested" run_nested;
    "sha256" run_sha256;
    "sieve" run_sieve;
    "sort" run_sort;
}

fn main() -> Result<()> {
    let module = PathBuf::from(env::args_os().nth(1).unwrap_or_default());
    let name = module.file_stem().unwrap_or_default();
    let (_, run) = WORKLOADS
        .iter()
        .find(|(workload, _)| *workload == name)
        .ok_or("no workload of the module's name")?;
    run_workload(|_, argument| Ok(move || Ok(run(argument))))
}

//! Compiles the sources of the workloads for the processor that builds, for the program `native`.
// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const SOURCES: &str = "../workloads";

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    for entry in fs::read_dir(SOURCES).expect("the workloads are there") {
        let source = entry.expect("a readable directory").path();
        if source.extension().is_some_and(|extension| extension == "c") {
            let object = compile(&source, &out);
            println!("cargo::rustc-link-arg-bin=native={}", object.display());
            println!("cargo::rerun-if-changed={}", source.display());
        }
    }
    println!("cargo::rerun-if-changed={SOURCES}/rt.h");
    println!("cargo::rerun-if-env-changed=CC");
}

/// Compiles a workload, whose function becomes `run_` and its name. Returns the object file.
fn compile(source: &Path, out: &Path) -> PathBuf {
    let name = source
        .file_stem()
        .expect("the name of a file")
        .to_string_lossy();
    let object = out.join(format!("{name}.o"));
    let compiler = env::var_os("CC").unwrap_or_else(|| "cc".into());
    let status = Command::new(&compiler)
        .args(["-O3", "-w", "-c", &format!("-Drun=run_{name}"), "-o"])
        .arg(&object)
        .arg(source)
        .status()
        .unwrap_or_else(|error| panic!("{}: {error}", compiler.display()));
    assert!(status.success(), "{name}.c: {status}");
    object
}

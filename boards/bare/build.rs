//! Chooses where the machine has its memory: `THIMBLE_MACHINE` names it, or else the processor does.

// Runs on the computer that builds, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let target = env::var("TARGET").unwrap_or_default();
    let machine = env::var("THIMBLE_MACHINE").unwrap_or_else(|_| {
        match target.split('-').next() {
            Some("thumbv8m.main") => "mps2-an505",
            Some("thumbv7m" | "thumbv7em") => "mps2-an385",
            _ => "virt",
        }
        .to_owned()
    });
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    let source = format!("machines/{machine}.x");
    fs::copy(&source, out.join("memory.x")).unwrap_or_else(|error| panic!("{source}: {error}"));
    println!("cargo::rustc-link-search={}", out.display());
    // That of Cortex-M includes the other by itself.
    if target.starts_with("riscv") {
        println!("cargo::rustc-link-arg-bins=-Tmemory.x");
    }
    println!("cargo::rustc-link-arg-bins=-Tlink.x");
    println!("cargo::rerun-if-changed=machines");
    println!("cargo::rerun-if-env-changed=THIMBLE_MACHINE");
}

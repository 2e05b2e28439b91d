//! Builds the crates that run on a device for targets without an operating system.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::Result;
use crate::process::{self, cargo, target_directory};

const TARGETS: &[&str] = &["thumbv7m-none-eabi", "riscv32imac-unknown-none-elf"];

const CRATES: &[&str] = &[
    "thimble",
    "thimble-code",
    "thimble-platform",
    "thimble-platform-ffi",
    "thimble-vm",
    "thimble-wasi",
    "thimble-wasm",
];

pub fn run() -> Result<()> {
    for target in TARGETS {
        build(target)?;
        println!("{target}: {} crates built", CRATES.len());
    }
    Ok(())
}

fn build(target: &str) -> Result<()> {
    let mut build = cargo()?;
    build.args(["build", "--release", "--target", target]);
    for name in CRATES {
        build.args(["--package", name]);
    }
    if !has_library(target) && !add_library(target) {
        if !Path::new(DEBIAN_RUSTC).exists() || !Path::new(DEBIAN_SOURCES).exists() {
            return Err(format!(
                "the standard library for {target} is missing: install it with `rustup target add {target}`, or on \
                 Debian its sources and the compiler they belong to with `apt-get install rustc-web rust-web-src`"
            ));
        }
        build_library_from_sources(&mut build)?;
    }
    process::run(&mut build)
}

fn has_library(target: &str) -> bool {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    process::output(rustc.args(["--print", "target-libdir", "--target", target]))
        .is_ok_and(|directory| Path::new(directory.trim()).is_dir())
}

fn add_library(target: &str) -> bool {
    let added = Command::new("rustup")
        .args(["target", "add", target])
        .stdin(Stdio::null())
        .status();
    added.is_ok_and(|status| status.success()) && has_library(target)
}

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCES: &str = "/usr/lib/rustlib/src/rust/library";

/// The second way, for a machine that cannot reach rustup's server: Debian's compiler for browsers, which comes
/// with the sources of its standard library.
fn build_library_from_sources(build: &mut Command) -> Result<()> {
    build
        .args([
            "-Zbuild-std=core,alloc",
            "--ignore-rust-version",
            "--target-dir",
        ])
        // Apart, or the two compilers would rebuild each other's output.
        .arg(target_directory()?.join("debian"))
        .env("RUSTC", DEBIAN_RUSTC)
        // Both cargo and a stable compiler refuse -Z without it.
        .env("RUSTC_BOOTSTRAP", "1");
    Ok(())
}

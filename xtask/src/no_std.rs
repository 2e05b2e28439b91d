//! Builds the crates that run on a device for targets without an operating system.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Result;
use crate::process::{self, cargo, target_directory};

const TARGETS: &[&str] = &[
    "thumbv6m-none-eabi",
    "thumbv7m-none-eabi",
    "riscv32imac-unknown-none-elf",
];

/// The one of them without compare-and-swap, for which the build has to say how it is made.
const WITHOUT_ATOMICS: &str = "thumbv6m-none-eabi";

const CRATES: &[&str] = &[
    "thimble",
    "thimble-c",
    "thimble-code",
    "thimble-device",
    "thimble-device-ffi",
    "thimble-platform",
    "thimble-platform-ffi",
    "thimble-test-pack",
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
    if target == WITHOUT_ATOMICS {
        let mut flags = std::env::var("RUSTFLAGS").unwrap_or_default();
        flags.push_str(" --cfg portable_atomic_unsafe_assume_single_core");
        build.env("RUSTFLAGS", flags);
    }
    if !has_library(target) && !add_library(target) {
        let Some(compiler) = compiler_with_sources() else {
            return Err(format!(
                "the standard library for {target} is missing: install it with `rustup target add \
                 {target}`, or a compiler's sources of it (rustup's component rust-src; Debian's \
                 packages rustc-web and rust-web-src)"
            ));
        };
        // The second way, for who cannot reach rustup's server: build the library as well. A
        // stable compiler and its cargo refuse -Z without the variable.
        build
            .arg("-Zbuild-std=core,alloc")
            .env("RUSTC", compiler)
            .env("RUSTC_BOOTSTRAP", "1");
        // Apart, because the variable changes the fingerprint of everything.
        build
            .arg("--target-dir")
            .arg(target_directory()?.join("build-std"));
    }
    process::run(&mut build)
}

/// The distribution's compiler, which need not be the one in use.
const DISTRIBUTION: &str = "/usr/bin/rustc";

fn compiler() -> OsString {
    std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

fn has_library(target: &str) -> bool {
    process::output(Command::new(compiler()).args(["--print", "target-libdir", "--target", target]))
        .is_ok_and(|directory| Path::new(directory.trim()).is_dir())
}

fn add_library(target: &str) -> bool {
    let added = Command::new("rustup")
        .args(["target", "add", target])
        .stdin(Stdio::null())
        .status();
    added.is_ok_and(|status| status.success()) && has_library(target)
}

/// A compiler that has the standard library's sources beside it.
fn compiler_with_sources() -> Option<OsString> {
    [compiler(), DISTRIBUTION.into()]
        .into_iter()
        .find(|compiler| {
            process::output(Command::new(compiler).args(["--print", "sysroot"])).is_ok_and(|root| {
                Path::new(root.trim())
                    .join("lib/rustlib/src/rust/library")
                    .is_dir()
            })
        })
}

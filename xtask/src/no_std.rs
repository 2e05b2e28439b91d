//! Builds the crates that run on a device for targets without an operating system.

use crate::Result;
use crate::device_target::build_for;
use crate::process::{self, cargo};

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
    build.args(["build", "--release"]);
    for name in CRATES {
        build.args(["--package", name]);
    }
    if target == WITHOUT_ATOMICS {
        let mut flags = std::env::var("RUSTFLAGS").unwrap_or_default();
        flags.push_str(" --cfg portable_atomic_unsafe_assume_single_core");
        build.env("RUSTFLAGS", flags);
    }
    build_for(&mut build, target)?;
    process::run(&mut build)
}

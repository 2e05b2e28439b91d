//! Chooses where the machine has its memory: `THIMBLE_MACHINE` names it, or else the processor does. And links the
//! arithmetic of the C compiler, as firmware of an RTOS does.

// Runs on the computer that builds, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// For each Rust target the C compiler for it, and its options.
const COMPILERS: &[(&str, &str, &[&str])] = &[
    (
        "thumbv7m-none-eabi",
        "arm-none-eabi-gcc",
        &["-mthumb", "-mcpu=cortex-m3"],
    ),
    (
        "thumbv7em-none-eabihf",
        "arm-none-eabi-gcc",
        &[
            "-mthumb",
            "-mcpu=cortex-m4",
            "-mfloat-abi=hard",
            "-mfpu=fpv4-sp-d16",
        ],
    ),
    (
        "thumbv8m.main-none-eabi",
        "arm-none-eabi-gcc",
        &["-mthumb", "-mcpu=cortex-m33", "-mfloat-abi=soft"],
    ),
    (
        "riscv32imac-unknown-none-elf",
        "riscv64-unknown-elf-gcc",
        &["-march=rv32imac", "-mabi=ilp32"],
    ),
];

/// Floating-point arithmetic comes from the C compiler's library, before Rust's: firmware of an RTOS, which that
/// compiler links, has it, and on Arm it is in assembler and takes half the instructions.
fn link_arithmetic(target: &str) {
    let (_, compiler, options) = COMPILERS
        .iter()
        .find(|(known, ..)| *known == target)
        .unwrap_or_else(|| panic!("no C compiler is known for {target}"));
    let answer = Command::new(compiler)
        .args(*options)
        .arg("-print-libgcc-file-name")
        .output()
        .unwrap_or_else(|error| panic!("{compiler}, which brings libgcc: {error}"));
    assert!(answer.status.success(), "{compiler}: {}", answer.status);
    let library = String::from_utf8(answer.stdout).expect("a path in UTF-8");
    let directory = Path::new(library.trim()).parent().expect("a file");
    println!("cargo::rustc-link-search=native={}", directory.display());
    println!("cargo::rustc-link-lib=static:-bundle=gcc");
}

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
    link_arithmetic(&target);
    println!("cargo::rerun-if-changed=machines");
    println!("cargo::rerun-if-env-changed=THIMBLE_MACHINE");
}

//! Builds for devices, whose standard library may not be installed.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Result;
use crate::process::{self, target_directory};

/// Lets a command of cargo build for a target: with its library if it is installed or can be, or else with the
/// library built from a compiler's sources.
pub fn build_for(build: &mut Command, target: &str) -> Result<()> {
    build.args(["--target", target]);
    if has_library(target) || add_library(target) {
        return Ok(());
    }
    let Some(compiler) = compiler_with_sources() else {
        return Err(format!(
            "the standard library for {target} is missing: install it with `rustup target add \
             {target}`, or a compiler's sources of it (rustup's component rust-src; Debian's \
             packages rustc-web and rust-web-src)"
        ));
    };
    // A stable compiler and its cargo refuse -Z without the variable.
    build
        .arg("-Zbuild-std=core,alloc")
        .env("RUSTC", compiler)
        .env("RUSTC_BOOTSTRAP", "1");
    // Apart, because the variable changes the fingerprint of everything.
    build
        .arg("--target-dir")
        .arg(target_directory()?.join("build-std"));
    Ok(())
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

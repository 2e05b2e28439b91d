//! Compiles the C side of the tests with `cc`, the computer's C compiler.

// Runs on a developer's machine; a step that cannot be done fails.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::expect_used,
    clippy::panic
)]

use std::env;
use std::path::Path;
use std::process::Command;

/// The sources, and the headers they are compiled against.
const SOURCES: &[&str] = &["c/device.c", "c/modules.c", "c/instances.c", "c/programs.c"];
const HEADERS: &[&str] = &["device/c", "device/ffi", "platform/ffi"];

/// Symbols of the shim that `tests/api.rs` wraps.
const WRAPPED: &[&str] = &[
    "thimble_platform_console_write",
    "thimble_platform_wake_create",
    "thimble_platform_wake_destroy",
];

fn main() {
    for symbol in WRAPPED {
        println!("cargo:rustc-link-arg-tests=-Wl,--wrap={symbol}");
    }
    let output = env::var("OUT_DIR").expect("cargo says where");
    let root = Path::new("../..");
    println!("cargo:rerun-if-changed=c");
    for source in SOURCES {
        let object = Path::new(&output).join(source.replace(['/', '.'], "_") + ".o");
        let mut compile = Command::new("cc");
        compile
            .args([
                "-std=c99",
                "-D_POSIX_C_SOURCE=200809L",
                "-O1",
                "-g",
                "-pthread",
            ])
            .args([
                "-Wall",
                "-Wextra",
                "-Wpedantic",
                "-Werror",
                "-c",
                source,
                "-o",
            ])
            .arg(&object);
        for header in HEADERS {
            let directory = root.join(header).join("include");
            println!("cargo:rerun-if-changed={}", directory.display());
            compile.arg("-I").arg(directory);
        }
        let status = compile.status();
        let status =
            status.unwrap_or_else(|error| panic!("the C compiler `cc` is needed: {error}"));
        assert!(status.success(), "{source} cannot be compiled");
        println!("cargo:rustc-link-arg-tests={}", object.display());
    }
}

//! Applies the rules of the layers to this repository.

// Runs on a developer's machine, where an allocation that fails may abort; and a check that cannot be made fails.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::expect_used,
    clippy::panic
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use thimble_tests_layers::workspace::Package;
use thimble_tests_layers::{edges, rust_code, tree, words, workspace};

/// The crates that run on a device.
const NO_STD: &[&str] = &[
    "thimble",
    "thimble-c",
    "thimble-code",
    "thimble-device",
    "thimble-device-ffi",
    "thimble-platform",
    "thimble-platform-conformance",
    "thimble-platform-ffi",
    "thimble-test-pack",
    "thimble-vm",
    "thimble-wasi",
    "thimble-wasm",
];

/// The crates that hold no unsafe code, whatever the rest of their layer may.
const SAFE: &[&str] = &["thimble-test-pack", "thimble-wasm"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn packages() -> Vec<Package> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo can be started");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    workspace::parse(&metadata).expect("cargo writes metadata")
}

/// Fails with everything that is wrong, not with the first.
fn assert_none(problems: &[String]) {
    assert!(problems.is_empty(), "\n  {}\n", problems.join("\n  "));
}

#[test]
fn crates_depend_on_each_other_as_listed() {
    let allowed = edges::parse(include_str!("../edges.txt")).expect("edges.txt can be read");
    assert_none(&edges::compare(&edges::internal(&packages()), &allowed));
}

#[test]
fn crates_for_devices_use_listed_crates_only() {
    let allowed = edges::parse(include_str!("../external.txt")).expect("external.txt can be read");
    assert_none(&edges::compare(
        &edges::external(&packages(), NO_STD),
        &allowed,
    ));
}

#[test]
fn systems_are_named_in_their_back_ends_only() {
    let files = tree::read(&root(), &["rs", "toml", "c", "h"]).expect("the tree can be read");
    let mut allowed = words::BACK_ENDS.to_vec();
    // The rule itself must name what it forbids.
    allowed.push("tests/layers/");
    assert_none(&words::forbid(&files, words::SYSTEMS, &allowed));
}

#[test]
fn the_platform_knows_nothing_of_webassembly() {
    let files = tree::read(&root().join("platform"), &["rs", "toml", "c", "h"])
        .expect("the tree can be read");
    assert!(!files.is_empty());
    assert_none(&words::forbid(&files, words::WEBASSEMBLY, &[]));
}

#[test]
fn crates_for_devices_are_no_std() {
    assert_none(&require_attribute(NO_STD, "#![no_std]"));
}

#[test]
fn crates_without_unsafe_code_forbid_it() {
    assert_none(&require_attribute(SAFE, "#![forbid(unsafe_code)]"));
}

fn require_attribute(names: &[&str], attribute: &str) -> Vec<String> {
    let packages = packages();
    let roots: Vec<String> = names
        .iter()
        .map(|name| {
            let package = packages.iter().find(|package| package.name == *name);
            format!(
                "{}/src/lib.rs",
                package
                    .unwrap_or_else(|| panic!("no crate {name}"))
                    .directory
            )
        })
        .collect();
    let roots: Vec<&str> = roots.iter().map(String::as_str).collect();
    let files = tree::read(&root(), &["rs"]).expect("the tree can be read");
    rust_code::require_attribute(&files, &roots, attribute)
}

#[test]
fn unsafe_code_stands_where_it_may() {
    let files = tree::read(&root(), &["rs"]).expect("the tree can be read");
    let allowed: Vec<&str> = tree::entries(include_str!("../unsafe.txt")).collect();
    assert_none(&rust_code::confine_unsafe(&files, &allowed));
}

#[test]
fn every_crate_that_ships_takes_over_the_lints() {
    let mut manifests = tree::read(&root(), &["toml"]).expect("the tree can be read");
    let shipped: Vec<String> = packages()
        .iter()
        .filter(|package| !package.is_tool())
        .map(|package| format!("{}/Cargo.toml", package.directory))
        .collect();
    manifests.retain(|manifest| shipped.contains(&manifest.path));
    assert_eq!(manifests.len(), shipped.len());
    assert_none(&rust_code::require_lints(&manifests));
}

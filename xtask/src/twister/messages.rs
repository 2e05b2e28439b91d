//! Checks that a build which cannot work says why: what is missing for the Rust side.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Result;
use crate::process::{root, target_directory};
use crate::twister::workspace::Workspace;

/// Options of the build, and what it must say.
const CASES: &[(&[&str], &str)] = &[
    // A compiler that fails at everything.
    (&["-DTHIMBLE_RUSTC=/bin/false"], "does not know"),
    // One that knows the target, and has neither its library nor the sources.
    (
        &[
            "-DTHIMBLE_RUSTC=/bin/echo",
            "-DTHIMBLE_DISTRIBUTION_RUSTC=/bin/echo",
        ],
        "rustup target add",
    ),
    (
        &["-DTHIMBLE_LIBRARY=/nowhere/library.a"],
        "there is no library",
    ),
    (&["-DTHIMBLE_LIBRARY=other.a"], "this configuration of"),
];

/// What is said where there is no cargo.
const NO_CARGO: &str = "cargo or rustc was not found";

/// Configures a build for each case. No toolchain but the host's is needed.
pub fn check(workspace: &Workspace) -> Result<()> {
    let directory = target_directory()?.join("twister/messages");
    fs::create_dir_all(&directory).map_err(|error| error.to_string())?;
    let other = directory.join("other.a");
    let description = directory.join("other.a.txt");
    fs::write(&other, "").map_err(|error| error.to_string())?;
    fs::write(description, "target other\n").map_err(|error| error.to_string())?;

    for (options, expected) in CASES {
        let options = options
            .iter()
            .map(|option| option.replace("=other.a", &format!("={}", other.display())));
        let mut configure = configure(workspace, &directory)?;
        expect(configure.args(options), expected)?;
    }

    let path = workspace.path()?;
    let without: Vec<_> = env::split_paths(&path)
        .filter(|place| !place.join("cargo").exists())
        .collect();
    let without = env::join_paths(without).map_err(|error| error.to_string())?;
    // CMake looks in the system's directories whatever the PATH is.
    if ["/usr/bin/cargo", "/usr/local/bin/cargo"]
        .iter()
        .any(|cargo| Path::new(cargo).exists())
    {
        println!(
            "not checked: what a build without cargo says, for cargo is one of the system's programs"
        );
        return Ok(());
    }
    let mut configure = configure(workspace, &directory)?;
    configure
        .env("PATH", without)
        .env("HOME", &directory)
        .env("CARGO_HOME", &directory);
    expect(&mut configure, NO_CARGO)
}

fn configure(workspace: &Workspace, directory: &Path) -> Result<Command> {
    let build = directory.join("build");
    // What one case has told CMake is not to be known in the next.
    if build.exists() {
        fs::remove_dir_all(&build).map_err(|error| format!("{}: {error}", build.display()))?;
    }
    let mut configure = Command::new("cmake");
    configure
        .args(["-G", "Ninja", "-DBOARD=native_sim/native/64", "-S"])
        .arg(root()?.join("twister-tests/conformance"))
        .arg("-B")
        .arg(build)
        .env("PATH", workspace.path()?)
        .env("ZEPHYR_BASE", &workspace.zephyr)
        .env("ZEPHYR_TOOLCHAIN_VARIANT", "host")
        .stdin(Stdio::null());
    Ok(configure)
}

fn expect(configure: &mut Command, expected: &str) -> Result<()> {
    let output = configure
        .output()
        .map_err(|error| format!("cmake: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    // CMake breaks lines where it likes.
    let words: Vec<&str> = text.split_whitespace().collect();
    if !output.status.success() && words.join(" ").contains(expected) {
        println!("a build that cannot work says: {expected}");
        return Ok(());
    }
    Err(format!(
        "a build that cannot work does not say \"{expected}\", but:\n{text}"
    ))
}

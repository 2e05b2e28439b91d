//! Checks that firmware is built with a library that was built before, where there is no Rust, and that it runs.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Result;
use crate::process::{self, emulator, root, target_directory};
use crate::twister::cargo_directory;
use crate::twister::workspace::Workspace;

/// The sample that is built, and what it says.
const SAMPLE: &str = "samples/embed";
const SAID: &str = "sorted: -7 0 3 8 42";

/// The parts that need cargo: the Rust side, and the translator of modules.
const PARTS: [&str; 2] = ["thimble_rust_library", "thimble_compiler"];

/// Builds the parts, and firmware of them. No toolchain but the host's is needed.
pub fn check(workspace: &Workspace) -> Result<()> {
    let directory = target_directory()?.join("twister/prebuilt");
    if directory.exists() {
        fs::remove_dir_all(&directory).map_err(|error| error.to_string())?;
    }
    let parts = directory.join("parts");
    process::output(&mut configure(workspace, &parts)?)?;
    process::output(build(workspace, &parts)?.arg("--target").args(PARTS))?;

    let firmware = directory.join("firmware");
    let library = parts.join("libthimble_firmware.a");
    let compiler = parts.join("thimble/host/debug/thimble-compile");
    process::output(
        configure(workspace, &firmware)?
            .arg(format!("-DTHIMBLE_LIBRARY={}", library.display()))
            .arg(format!("-DTHIMBLE_COMPILE={}", compiler.display()))
            // Whoever calls them fails, wherever they are installed.
            .args(["-DTHIMBLE_CARGO=/bin/false", "-DTHIMBLE_RUSTC=/bin/false"]),
    )?;
    process::output(&mut build(workspace, &firmware)?)?;

    // It would go on for ever; its time passes as quickly as the computer can.
    let mut run = emulator(firmware.join("zephyr/zephyr.exe"));
    let said = process::output(run.arg("--stop_at=1"))?;
    if !said.contains(SAID) {
        return Err(format!(
            "{SAMPLE} with a library that was built before does not say \"{SAID}\", but:\n{said}"
        ));
    }
    println!("with a library that was built before, and without cargo: {SAMPLE} runs");
    Ok(())
}

fn configure(workspace: &Workspace, build: &Path) -> Result<Command> {
    let mut configure = cmake(workspace)?;
    configure
        .args(["-G", "Ninja", "-DBOARD=native_sim/native/64", "-S"])
        .arg(root()?.join(SAMPLE))
        .arg("-B")
        .arg(build);
    Ok(configure)
}

fn build(workspace: &Workspace, directory: &Path) -> Result<Command> {
    let mut build = cmake(workspace)?;
    build.arg("--build").arg(directory);
    Ok(build)
}

fn cmake(workspace: &Workspace) -> Result<Command> {
    let mut cmake = Command::new("cmake");
    cmake
        .env("PATH", workspace.path()?)
        .env("ZEPHYR_BASE", &workspace.zephyr)
        .env("ZEPHYR_TOOLCHAIN_VARIANT", "host")
        .env("CARGO_BUILD_BUILD_DIR", cargo_directory()?)
        .stdin(Stdio::null());
    Ok(cmake)
}

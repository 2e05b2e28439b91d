//! Translates a module to an image: `thimble-compile MODULE IMAGE`.
//!
//! What builds of firmware use, as it is built in seconds; for people there is
//! `thimble compile`.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a command on a host may abort when memory runs out"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use thimble_code::Config;
use thimble_code::image::Buffer;
use thimble_wasm::Limits;

/// Translates the file `module` to the file `image`.
fn compile(module: &Path, image: &Path) -> Result<(), String> {
    let bytes = fs::read(module).map_err(|error| format!("{}: {error}", module.display()))?;
    let mut buffer = Buffer::new();
    thimble_code::translate(
        &mut bytes.as_slice(),
        &Limits::default(),
        Config::default(),
        &mut buffer,
    )
    .map_err(|error| format!("{}: {error}", module.display()))?;
    fs::write(image, buffer.as_bytes()).map_err(|error| format!("{}: {error}", image.display()))
}

fn main() -> ExitCode {
    let paths: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [module, image] = paths.as_slice() else {
        eprintln!("usage: thimble-compile MODULE IMAGE");
        return ExitCode::from(2);
    };
    if let Err(message) = compile(module, image) {
        eprintln!("thimble-compile: {message}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

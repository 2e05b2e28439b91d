//! `thimble compile`: translates a module to an image, ahead of its use.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use thimble::code::Config;
use thimble::code::image::Buffer;

use crate::arguments::CompileOptions;
use crate::input::{self, Input};
use crate::report::{self, Failure};

/// Writes the image of a module.
pub fn compile(options: &CompileOptions) -> Result<ExitCode, Failure> {
    let file = &options.file;
    let output = match &options.output {
        Some(output) => output.clone(),
        None if file == Path::new("-") => {
            return Err(Failure::usage("where should the image go? -o says it"));
        }
        None => file.with_extension("thm"),
    };
    let mut module = match input::open(file)? {
        Input::Module(module) => module,
        Input::Image(_) => return Err(Failure::of_file(file, "this is an image already")),
    };
    let config = Config {
        sites: !options.no_sites,
        names: !options.no_names,
    };
    let limits = thimble::wasm::Limits::default();
    let mut image = Buffer::new();
    thimble::code::translate(&mut module, &limits, config, &mut image)
        .map_err(|error| module.failure(error))?;
    // Written when it is whole, so that a bad module leaves an older image alone.
    if output == Path::new("-") {
        return report::write_output(image.as_bytes());
    }
    fs::write(&output, image.as_bytes()).map_err(|error| Failure::of_file(&output, error))?;
    Ok(ExitCode::SUCCESS)
}

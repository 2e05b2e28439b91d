//! `thimble validate`: is a module valid, or an image sound?

use std::path::Path;
use std::process::ExitCode;

use thimble::code::image::{Image, verify};

use crate::input::{self, Input};
use crate::report::Failure;

/// Validates the module or verifies the image, and says nothing if it is good.
pub fn validate(file: &Path) -> Result<ExitCode, Failure> {
    match input::open(file)? {
        Input::Module(mut module) => {
            let limits = thimble::wasm::Limits::default();
            thimble::wasm::decode(&mut module, &limits, &mut ())
                .map_err(|error| module.failure(error))?;
        }
        Input::Image(image) => {
            Image::open(image.as_bytes())
                .and_then(|image| verify(&image))
                .map_err(|error| Failure::of_file(file, error))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

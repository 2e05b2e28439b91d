//! `thimble inspect`: what a module or image consists of.
//!
//! The sections are those of the file. The rest is read from the image: a
//! module's is made on the way, so both kinds of file are described alike.

mod code;
mod contents;
mod operations;
mod sections;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use thimble::code::image::{Buffer, Image, verify};

use crate::arguments::InspectOptions;
use crate::input::{self, Input};
use crate::report::{self, Failure};

/// Describes the file on standard output.
pub fn inspect(options: &InspectOptions) -> Result<ExitCode, Failure> {
    let file = &options.file;
    let mut output = BufWriter::new(io::stdout().lock());
    let name = report::name(file);
    let (module, buffer) = match input::open(file)? {
        Input::Module(module) => {
            let bytes = module.read_all()?;
            writeln!(output, "{name}: WebAssembly module, {} bytes", bytes.len())?;
            sections::of_module(&mut output, &bytes)?;
            let mut image = Buffer::new();
            let limits = thimble::wasm::Limits::default();
            let config = thimble::code::Config::default();
            let result =
                thimble::code::translate(&mut bytes.as_slice(), &limits, config, &mut image);
            if let Err(error) = result {
                // What was found is worth seeing, above the reason why there is no more.
                output.flush()?;
                return Err(Failure::of_file(file, error));
            }
            (Some(bytes), image)
        }
        Input::Image(buffer) => {
            writeln!(output, "{name}: image, {} bytes", buffer.as_bytes().len())?;
            (None, buffer)
        }
    };
    let image = Image::open(buffer.as_bytes()).map_err(|error| Failure::of_file(file, error))?;
    if module.is_none() {
        sections::of_image(&mut output, &image)?;
        // What follows believes the image's numbers, so they must be sound.
        if let Err(error) = verify(&image) {
            output.flush()?;
            return Err(Failure::of_file(file, error));
        }
    }
    contents::list(&mut output, &image)?;
    contents::sizes(&mut output, &image, module.as_deref())?;
    if options.code {
        let names = contents::Names::new(&image);
        match &module {
            Some(module) => code::beside(&mut output, &image, &names, module)
                .map_err(|error| error.into_failure(file))?,
            None => code::alone(&mut output, &image, &names)?,
        }
    }
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}

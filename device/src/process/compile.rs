//! Translating a program to an image in a file instead of running it.
//!
//! The image is written to a file beside the one that it is to be, its header last, which
//! is renamed when all of it is there. What an interrupted command has left is removed by
//! the next one for the same file.

use thimble::Engine;
use thimble::code::image::{HEADER_LENGTH, MAGIC};
use thimble::wasm::Source;
use thimble_platform::FileKind;

use super::Request;
use super::explain::{Failed, Report};
use super::install::read;
use super::place::Place;
use crate::load::{Found, LoadError};
use crate::storage::StorageError;
use crate::storage::directory::{Directory, split};
use crate::storage::install::translate_to;
use crate::storage::writer::Writer;

/// Translates the program that was found by the name in the request.
pub(super) fn compile(
    place: &Place,
    report: &mut Report<'_>,
    engine: &Engine,
    found: Found,
    request: &Request,
) -> Result<i32, Failed> {
    let Some(files) = place.platform().files() else {
        return Err(report.fail("this firmware has no files"));
    };
    let (image, new) = (request.image(), request.new_image());
    let ((parent, name), (_, new_name)) = (split(image), split(new));
    let directory = Directory::at(files, parent);
    let directory = directory.map_err(|error| report.fail_for(image, error))?;
    match make_way(&directory, new_name) {
        Ok(true) => {}
        Ok(false) => return Err(report.fail_for(new, "there is such a file, which is needed")),
        Err(error) => return Err(report.fail_for(new, error)),
    }
    let transfer = place.device().settings().transfer;
    let compiled = read(place, found, request.name(), &mut |source| {
        let written = write(engine, &directory, new_name, transfer, source)?;
        directory.settle(new_name, name, written)
    });
    match compiled {
        Ok(_) => Ok(0),
        Err(LoadError::Storage(StorageError::Program(error))) => {
            Err(report.not_loaded(LoadError::Program(error)))
        }
        Err(LoadError::Storage(error @ (StorageError::NotFound | StorageError::Source))) => {
            Err(report.fail(error))
        }
        Err(LoadError::Storage(error)) => Err(report.fail_for(image, error)),
        Err(error) => Err(report.not_loaded(error)),
    }
}

/// Removes what was left at `new`; false if there is something else.
fn make_way(directory: &Directory<'_>, new: &str) -> Result<bool, StorageError> {
    let Some(found) = directory.metadata(new)? else {
        return Ok(true);
    };
    if found.kind != FileKind::Regular {
        return Ok(false);
    }
    let mut start = [0; HEADER_LENGTH];
    directory.file(new)?.read(0, &mut start)?;
    // A header, or the place for one.
    let is_left = start.starts_with(&MAGIC) || start == [0; HEADER_LENGTH];
    if is_left {
        // Refused while another one writes it.
        directory.remove(new)?;
    }
    Ok(is_left)
}

/// Writes an image to the file `new`. The outer error is that there is no such file.
fn write(
    engine: &Engine,
    directory: &Directory<'_>,
    new: &str,
    transfer: usize,
    source: &mut dyn Source,
) -> Result<Result<u32, StorageError>, StorageError> {
    let file = directory.create(new, true)?;
    let mut translate = || {
        let mut writer = Writer::new(&file, transfer.max(2 * HEADER_LENGTH))?;
        translate_to(engine, source, &mut writer)
    };
    Ok(translate().and_then(|length| {
        file.close()?;
        Ok(length)
    }))
}

//! Installing a program instead of running it.

use thimble::Engine;
use thimble::wasm::Source;

use super::explain::{Failed, Report};
use super::place::Place;
use crate::device::Content;
use crate::load::{FileSource, Found, LoadError, Stoppable};
use crate::storage::StorageError;

/// Installs the program that was found by the name `program` as `name`.
pub(super) fn install(
    place: &Place,
    report: &mut Report<'_>,
    engine: &Engine,
    found: Found,
    program: &str,
    name: &str,
) -> Result<i32, Failed> {
    let Some(storage) = place.device().storage() else {
        return Err(report.fail("this firmware has no place for programs"));
    };
    let installed = read(place, found, program, &mut |source| {
        storage.install(engine, name, source)
    });
    match installed {
        Ok(_) => Ok(0),
        Err(LoadError::File(error)) => Err(report.not_installed(name, error)),
        Err(LoadError::Program(error)) => Err(report.not_installed(name, error)),
        Err(LoadError::Storage(StorageError::NotFound)) => {
            Err(report.fail("no such file, nor part of the firmware"))
        }
        Err(LoadError::Storage(error)) => Err(report.not_installed(name, error)),
    }
}

/// Gives `take` the bytes of the program that was found by the name `program`, which is
/// not an installed one; returns what it returns.
pub(super) fn read(
    place: &Place,
    found: Found,
    program: &str,
    take: &mut dyn FnMut(&mut dyn Source) -> Result<u32, StorageError>,
) -> Result<u32, LoadError> {
    let stopped = || place.is_stopped();
    match found {
        Found::Installed(_) => Err(LoadError::Storage(StorageError::NotFound)),
        Found::BuiltIn(content) => {
            let bytes = match content {
                Content::Module(bytes) => bytes,
                Content::Image(image) => image.as_bytes(),
            };
            take(&mut Stoppable(bytes, &stopped)).map_err(LoadError::Storage)
        }
        Found::File(files) => {
            let mut file = FileSource::open(files, program, &stopped)?;
            take(&mut file).map_err(|error| match (error, file.error) {
                (StorageError::Source, Some(error)) => LoadError::File(error),
                _ => LoadError::Storage(error),
            })
        }
    }
}

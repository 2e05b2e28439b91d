//! Installing a program instead of running it.

use thimble::Engine;
use thimble::wasm::Source;

use super::explain::{Failed, Report};
use super::place::Place;
use crate::device::Content;
use crate::load::{FileSource, Found, Stoppable};
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
    let stopped = || place.is_stopped();
    let install = |source: &mut dyn Source| storage.install(engine, name, source);
    match found {
        Found::Installed(_) => return Err(report.fail("no such file, nor part of the firmware")),
        Found::BuiltIn(content) => {
            let bytes = match content {
                Content::Module(bytes) => bytes,
                Content::Image(image) => image.as_bytes(),
            };
            let installed = install(&mut Stoppable(bytes, &stopped));
            installed.map_err(|error| report.not_installed(name, error))?;
        }
        Found::File(files) => {
            let opened = FileSource::open(files, program, &stopped);
            let mut file = opened.map_err(|error| report.fail(error))?;
            install(&mut file).map_err(|error| match (error, file.error) {
                (StorageError::Source, Some(error)) => report.not_installed(name, error),
                _ => report.not_installed(name, error),
            })?;
        }
    }
    Ok(0)
}

//! What a program is given without WASI: nothing.

use thimble::{Error, Linker};

use super::explain::{Failed, Report};
use super::place::Place;
use super::request::Request;

/// What a program has as long as it runs.
pub(super) struct Given;

/// Defines what a program can import: nothing.
#[allow(clippy::unnecessary_wraps, reason = "as with WASI")]
pub(super) fn define(_: &mut Linker<Given>) -> Result<(), Error> {
    Ok(())
}

/// Refuses a program that was to be given something.
pub(super) fn give(_: &Place, report: &mut Report<'_>, request: &Request) -> Result<Given, Failed> {
    let texts = request.arguments().chain(request.variables());
    let mut asked = texts
        .chain(request.directories())
        .chain(request.listeners());
    match asked.next() {
        Some(text) => Err(report.fail_for(text, "this firmware has no WASI")),
        None => Ok(Given),
    }
}

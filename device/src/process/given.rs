//! What a program is given: its side of WASI.

use alloc::boxed::Box;

use thimble::wasi::{self, Empty, Rights, WasiContext, WasiContextBuilder};
use thimble::{Error, Linker};
use thimble_platform::{Platform, Stream};

use super::explain::{Failed, Report};
use super::output::Output;
use super::place::Place;
use super::request::Request;

/// What a program has as long as it runs.
pub(super) type Given = WasiContext;

/// Defines what a program can import.
pub(super) fn define(linker: &mut Linker<Given>) -> Result<(), Error> {
    wasi::add_to_linker(linker, |context: &mut Given| context)
}

/// Gives a program what was asked for.
#[inline(never)]
pub(super) fn give(
    place: &Place,
    report: &mut Report<'_>,
    request: &Request,
) -> Result<Given, Failed> {
    let settings = place.device().settings();
    let platform = place.platform();
    let mut builder = WasiContext::builder(platform)
        .wake(place.wake())
        .maximum_descriptors(settings.descriptors)
        .transfer_size(settings.transfer);
    builder = streams(builder, place).map_err(|error| report.fail(error))?;
    builder = texts(builder, report, request)?;
    builder = directories(builder, platform, report, request)?;
    builder = listeners(builder, place, report, request)?;
    builder.build().map_err(|errno| report.errno(errno))
}

/// Arguments and environment.
fn texts(
    mut builder: WasiContextBuilder,
    report: &mut Report<'_>,
    request: &Request,
) -> Result<WasiContextBuilder, Failed> {
    if !cfg!(feature = "wasi-arguments") {
        return match request.arguments().chain(request.variables()).next() {
            Some(text) => Err(report.fail_for(text, "this firmware has no arguments")),
            None => Ok(builder),
        };
    }
    // By custom a program's first argument is its name, without the way to it.
    let name = request.name().rsplit('/').next().unwrap_or_default();
    for argument in core::iter::once(name).chain(request.arguments()) {
        let added = builder.argument(argument);
        builder = added.map_err(|errno| report.errno(errno))?;
    }
    for variable in request.variables() {
        let (name, value) = variable.split_once('=').unwrap_or((variable, ""));
        let added = builder.variable(name, value);
        builder = added.map_err(|errno| report.errno(errno))?;
    }
    Ok(builder)
}

fn streams(builder: WasiContextBuilder, place: &Place) -> Result<WasiContextBuilder, Error> {
    let streams = place.streams();
    let input = streams.input.unwrap_or(Stream::INPUT);
    let mut builder = builder.console(input, streams.output, streams.error);
    if streams.input.is_none() {
        #[allow(clippy::disallowed_methods, reason = "it has no size to allocate")]
        let empty = Box::new(Empty);
        builder = builder.standard_input(empty);
    }
    if place.device().settings().log > 0 {
        builder = builder
            .standard_output(Output::new(place, streams.output).boxed()?)
            .standard_error(Output::new(place, streams.error).boxed()?);
    }
    Ok(builder)
}

fn directories(
    mut builder: WasiContextBuilder,
    platform: &'static dyn Platform,
    report: &mut Report<'_>,
    request: &Request,
) -> Result<WasiContextBuilder, Failed> {
    let mut texts = request.directories();
    while let (Some(path), Some(name)) = (texts.next(), texts.next()) {
        let Some(files) = platform.files() else {
            return Err(report.fail_for(path, "this firmware has no files"));
        };
        let opened = files.open_root(path);
        let directory = opened.map_err(|error| report.fail_for(path, error))?;
        let added = builder.directory_handle(directory, name, Rights::ALL);
        builder = added.map_err(|errno| report.errno(errno))?;
    }
    Ok(builder)
}

fn listeners(
    mut builder: WasiContextBuilder,
    place: &Place,
    report: &mut Report<'_>,
    request: &Request,
) -> Result<WasiContextBuilder, Failed> {
    for text in request.listeners() {
        let sockets = place.platform().sockets();
        let sockets = sockets.filter(|_| cfg!(feature = "sockets"));
        let Some(sockets) = sockets else {
            return Err(report.fail_for(text, "this firmware has no network"));
        };
        let address = text.parse();
        let address = address.map_err(|_| report.fail_for(text, "not an address"))?;
        let opened = sockets.listen(address, place.device().settings().backlog);
        let listener = opened.map_err(|error| report.fail_for(text, error))?;
        let added = builder.listener(listener);
        builder = added.map_err(|errno| report.errno(errno))?;
    }
    Ok(builder)
}

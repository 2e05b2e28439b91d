//! What a program's thread does, from first to last.

use alloc::boxed::Box;

use thimble::{Config, Engine, Error, Invocation, Limits, Linker, Module, Store, Trap, TypedFunc};

#[cfg(all(feature = "translate", feature = "files"))]
use super::compile;
use super::explain::{Failed, Report};
use super::given::{self, Given};
use super::place::Place;
use super::request::{Job, Request};
use super::{Ending, describe, install};
use crate::boxed::boxed;
use crate::device::{Device, Settings};
use crate::load::{self, Found};
use crate::message::message;
use crate::storage::Loaded;

// A thread's stack is the largest part of the RAM that a small program takes. So what is
// needed only while a program is prepared is in functions that are not inlined, and what
// is needed as long as it runs is on the heap.

/// Does what was asked for, and tells how it ended when all of it is gone.
pub(super) fn run(mut place: Place, request: Request) {
    begin(&place, &request);
    let result = job(&place, &request);
    drop(request);
    place.ending = Some(match result {
        Ok(status) => Ending::Exited(status),
        Err(Failed) => Ending::Failed,
    });
}

#[inline(never)]
fn begin(place: &Place, request: &Request) {
    let (id, name) = (place.id(), request.name());
    match request.job {
        Job::Run => message!(Info, "program {id} ({name}) starts"),
        Job::Describe => message!(Info, "program {id} ({name}) is described"),
        Job::Install => message!(
            Info,
            "program {id} ({name}) is installed as {}",
            request.new_name()
        ),
        #[cfg(all(feature = "translate", feature = "files"))]
        Job::Compile => message!(
            Info,
            "program {id} ({name}) is translated to {}",
            request.image()
        ),
    }
}

#[inline(never)]
fn job(place: &Place, request: &Request) -> Result<i32, Failed> {
    let name = request.name();
    let mut report = Report::new(place, name);
    let engine = engine(place.device().settings(), request);
    let found = load::find(place.device(), name).map_err(|_| report.fail("no such program"))?;
    match request.job {
        Job::Run | Job::Describe => {}
        Job::Install => {
            let new_name = request.new_name();
            return install::install(place, &mut report, &engine, found, name, new_name);
        }
        #[cfg(all(feature = "translate", feature = "files"))]
        Job::Compile => return compile::compile(place, &mut report, &engine, found, request),
    }
    let loaded = load(place, &mut report, &engine, found, name)?;
    let Loaded { module, lease } = loaded;
    let result = match request.job {
        Job::Describe => describe::describe(place, &module),
        _ => execute(place, &mut report, request, &engine, &module),
    };
    // The module may be executed where the lease keeps it.
    drop(module);
    drop(lease);
    result
}

fn engine(settings: &Settings, request: &Request) -> Engine {
    let limits = Limits {
        memory_bytes: request.memory_limit(settings),
        table_elements: settings.table_elements,
        stack_cells: settings.stack_cells,
        host_depth: settings.host_depth,
        backtrace_frames: settings.backtrace_frames,
        ..Limits::default()
    };
    Engine::new(Config::default().limits(limits))
}

/// Apart, so that what translating takes of the stack is given back before the
/// program runs.
#[inline(never)]
fn load(
    place: &Place,
    report: &mut Report<'_>,
    engine: &Engine,
    found: Found,
    name: &str,
) -> Result<Loaded<'static>, Failed> {
    let loaded = load::load(found, engine, name, &|| place.is_stopped());
    loaded.map_err(|error| report.not_loaded(error))
}

/// Runs a module to its end; returns its exit status.
#[inline(never)]
fn execute(
    place: &Place,
    report: &mut Report<'_>,
    request: &Request,
    engine: &Engine,
    module: &Module,
) -> Result<i32, Failed> {
    let given = given::give(place, report, request)?;
    let mut store = new_store(engine, given).map_err(|error| report.fail(error))?;
    let [store] = &mut *store;
    store.set_fuel(request.fuel);
    place
        .run(store.interrupt_handle(), store.monitor())
        .map_err(|error| report.fail(error))?;
    let start = match instantiate(engine, store, module) {
        Ok(start) => start,
        Err(Error::Exit(status)) => return Ok(status),
        Err(error) => {
            let limit = request.memory_limit(place.device().settings());
            return Err(report.not_instantiated(store, module, limit, error));
        }
    };
    let Some(start) = start else {
        return Err(report.fail("there is no function `_start` to run"));
    };
    match call(place.device(), store, start) {
        Ok(()) => Ok(0),
        Err(Error::Exit(status)) => Ok(status),
        Err(error) => Err(report.ended(store, error)),
    }
}

#[inline(never)]
fn new_store(engine: &Engine, given: Given) -> Result<Box<[Store<Given>; 1]>, Error> {
    let store = Store::new(engine, given)?;
    Ok(boxed(store)?)
}

/// Makes an instance, and finds where it begins.
#[inline(never)]
fn instantiate(
    engine: &Engine,
    store: &mut Store<Given>,
    module: &Module,
) -> Result<Option<TypedFunc<(), ()>>, Error> {
    let mut linker = Linker::new(engine);
    given::define(&mut linker)?;
    let instance = linker.instantiate(&mut *store, module)?;
    Ok(instance.get_typed_func(&*store, "_start").ok())
}

/// Calls a function, in slices if the device wants that.
fn call(
    device: &dyn Device,
    store: &mut Store<Given>,
    function: TypedFunc<(), ()>,
) -> Result<(), Error> {
    let Some(slice) = device.slice() else {
        return function.call(store, ());
    };
    let mut left = store.fuel();
    // Without an end, a slice of nothing would be one too.
    let slice = slice.max(1);
    let mut refuel = |store: &mut Store<Given>| {
        let fuel = left.map_or(slice, |left| left.min(slice));
        left = left.map(|left| left.saturating_sub(fuel));
        store.set_fuel(Some(fuel));
        fuel
    };
    refuel(store);
    let mut invocation = function.call_resumable(&mut *store, ())?;
    loop {
        let Invocation::Suspended(suspension) = invocation else {
            return Ok(());
        };
        if suspension.reason != Error::Trap(Trap::OutOfFuel) {
            return Err(suspension.reason);
        }
        if refuel(store) == 0 {
            // A run that is stopped notes where, one that is left does not.
            store.interrupt_handle().stop();
            let _ = suspension.resume(&mut *store, ());
            return Err(Error::Trap(Trap::OutOfFuel));
        }
        device.pause();
        invocation = suspension.resume(&mut *store, ())?;
    }
}

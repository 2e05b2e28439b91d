//! Making and ending instances, and their guests when they are first needed.

use alloc::boxed::Box;

use thimble::{Config, Engine, Error, Limits, Linker, Store};
use thimble_device::Settings;

use crate::abi;
use crate::arguments::{self, NULL, reference, slice, text};
use crate::error::Failure;
use crate::instance::{Data, Instance, Wasi};
use crate::module::{Module, Owner, boxed};
use crate::native;
use crate::signature::Signature;

/// What an instance may use, by the options and by how the firmware is configured.
fn limits(settings: &Settings, options: Option<&abi::InstanceOptions>) -> Limits {
    let (memory, stack_cells) =
        options.map_or((0, 0), |options| (options.memory, options.stack_cells));
    Limits {
        memory_bytes: if memory > 0 { memory } else { settings.memory },
        table_elements: settings.table_elements,
        stack_cells: if stack_cells > 0 {
            stack_cells
        } else {
            settings.stack_cells
        },
        host_depth: settings.host_depth,
        backtrace_frames: settings.backtrace_frames,
        ..Limits::default()
    }
}

/// Refuses native functions that are none, in a table that stays as long as the
/// instance.
///
/// # Safety
///
/// The table is as the header says.
unsafe fn check<'a>(native: &abi::Native) -> Result<(), (Failure, &'a str)> {
    // SAFETY: by this function's own condition.
    unsafe {
        let name = text(native.name).map_err(|failure| (failure, ""))?;
        let checked = text(native.module)
            .and_then(|_| text(native.signature))
            .and_then(Signature::parse);
        checked.map_err(|failure| (failure, name))?;
        native.function.ok_or((NULL, name)).map(drop)
    }
}

/// Makes an instance.
///
/// # Safety
///
/// The arguments are as the header says.
unsafe fn create(
    module: *const Module,
    options: *const abi::InstanceOptions,
    wasi: impl FnOnce(&Settings) -> Result<Option<Wasi>, Failure>,
) -> Result<Box<[Instance; 1]>, (Failure, &'static str)> {
    let plain = |failure| (failure, "");
    // SAFETY: by this function's own condition.
    let (module, options) = unsafe { (reference(module).map_err(plain)?, options.as_ref()) };
    let (natives, count) = options.map_or((core::ptr::null(), 0), |options| {
        (options.natives, options.native_count)
    });
    // SAFETY: likewise, the table and its texts stay as long as the instance, which is
    // where the slice goes.
    let natives = unsafe { slice(natives, count) }.map_err(plain)?;
    for native in natives {
        // SAFETY: likewise.
        unsafe { check(native) }?;
    }
    let settings = thimble_device_ffi::settings();
    let wasi = wasi(&settings).map_err(plain)?;
    let made = assemble(module, natives, &limits(&settings, options), wasi);
    let instance = made.map_err(|error| plain(error.into()))?;
    let [made] = &*instance;
    made.settle();
    if let Some(fuel) = options.map(|options| options.fuel).filter(|fuel| *fuel > 0) {
        made.set_fuel(fuel);
    }
    Ok(instance)
}

fn assemble(
    module: &Module,
    natives: &'static [abi::Native],
    limits: &Limits,
    wasi: Option<Wasi>,
) -> Result<Box<[Instance; 1]>, Error> {
    let (context, rest) = match wasi {
        Some(wasi) => (Some(wasi.context), Some((wasi.wake, wasi.define))),
        None => (None, None),
    };
    let engine = Engine::new(Config::default().limits(*limits));
    let store = Store::new(&engine, Data { wasi: context })?;
    Ok(boxed(Instance::new(
        store,
        Owner::of(module),
        natives,
        rest,
    ))?)
}

/// Makes an instance and hands it, or what was wrong, to C.
///
/// # Safety
///
/// The arguments are as the header says.
pub(crate) unsafe fn hand_over(
    module: *const Module,
    options: *const abi::InstanceOptions,
    wasi: impl FnOnce(&Settings) -> Result<Option<Wasi>, Failure>,
    instance: *mut *mut Instance,
    error: *mut abi::Error,
) -> i32 {
    if instance.is_null() {
        return NULL.status();
    }
    // SAFETY: by this function's own condition.
    match unsafe { create(module, options, wasi) } {
        Ok(created) => {
            // SAFETY: likewise.
            unsafe { instance.write(Box::into_raw(created).cast()) };
            0
        }
        Err((failure, subject)) => {
            // SAFETY: likewise.
            unsafe { arguments::set(error, failure.about(&[subject])) };
            failure.status()
        }
    }
}

impl Instance {
    /// The guest, which is made now if nobody tried before.
    pub(crate) fn guest(&self, store: &mut Store<Data>) -> Result<thimble::Instance, Error> {
        if let Some(known) = self.guest.get() {
            return known;
        }
        self.check_stopped()?;
        // For native functions that the start function calls.
        self.guest.set(Some(Err(Error::Usage(
            "the guest's start function has not ended",
        ))));
        let made = self.instantiate(store);
        self.guest.set(Some(made));
        let result = made.and_then(|guest| {
            self.initialize(store, guest)?;
            Ok(guest)
        });
        self.guest.set(Some(result));
        result
    }

    /// Apart, so that what linking takes of the stack is given back before the guest
    /// goes on.
    #[inline(never)]
    fn instantiate(&self, store: &mut Store<Data>) -> Result<thimble::Instance, Error> {
        let mut linker = Linker::new(&Engine::default());
        if let Some(define) = self.define {
            define(&mut linker)?;
        }
        let program = self.module.program();
        for import in program.imports() {
            if let Some(function) = native::find(self, store, import.module, import.name)? {
                linker.define(import.module, import.name, function)?;
            }
        }
        linker.instantiate(store, program)
    }

    /// What a library wants to be called first, and where the guest's memory is.
    fn initialize(&self, store: &mut Store<Data>, guest: thimble::Instance) -> Result<(), Error> {
        let memory = guest
            .exports(store)
            .find_map(|(_, item)| item.into_memory());
        self.memory.set(memory.or(self.memory.get()));
        match guest.get_typed_func::<(), ()>(&*store, "_initialize") {
            Ok(initialize) => initialize.call(store, ()),
            Err(_) => Ok(()),
        }
    }
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_instance_create(
    module: *mut Module,
    options: *const abi::InstanceOptions,
    instance: *mut *mut Instance,
    error: *mut abi::Error,
) -> i32 {
    // SAFETY: by this function's own condition.
    unsafe { hand_over(module, options, |_| Ok(None), instance, error) }
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_instance_destroy(instance: *mut Instance) -> i32 {
    // SAFETY: by this function's own condition.
    match unsafe { instance.as_ref() } {
        None => 0,
        Some(idle) if idle.is_idle() => {
            // SAFETY: nobody uses the instance any more, and `create` has made it as
            // an array of one.
            drop(unsafe { Box::from_raw(instance.cast::<[Instance; 1]>()) });
            0
        }
        Some(_) => crate::instance::BUSY.status(),
    }
}

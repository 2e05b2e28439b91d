//! Running programs, and calling functions that a guest exports.

use core::ffi::c_char;

use thimble::{Error, Func, Store, Val};

use crate::abi::{self, MAX_VALUES, Value};
use crate::arguments::{NULL, reference, set, text};
use crate::error::{Failure, Kind};
use crate::instance::{Data, Instance, answer};
use crate::native::{from_c, to_c};
use crate::signature::Signature;

const NO_FUNCTION: Failure = Failure::new(Kind::NotFound, "no function is exported by that name");
const WRONG_TYPE: Failure = Failure::new(Kind::WrongType, "the function has another type");

/// Finds an exported function.
fn find(
    instance: &Instance,
    store: &mut Store<Data>,
    name: &str,
    signature: &str,
) -> Result<Func, Failure> {
    let signature = Signature::parse(signature)?;
    let guest = instance.guest(store)?;
    let function = guest.get_func(&*store, name).ok_or(NO_FUNCTION)?;
    match signature.is(&function.ty(store)?) {
        true => Ok(function),
        false => Err(WRONG_TYPE),
    }
}

fn run(instance: &Instance, store: &mut Store<Data>) -> Result<i32, Failure> {
    // Also the start function can end the program.
    let ended = match find(instance, store, "_start", "()") {
        Ok(start) => {
            instance.check_stopped()?;
            start.call(store, &[], &mut [])
        }
        Err(failure) => match instance.guest.get() {
            Some(Err(error @ Error::Exit(_))) => Err(error),
            _ => return Err(failure),
        },
    };
    match ended {
        Ok(()) => Ok(0),
        Err(Error::Exit(status)) => Ok(status),
        Err(error) => Err(error.into()),
    }
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_instance_run(
    instance: *mut Instance,
    exit_status: *mut i32,
) -> i32 {
    // SAFETY: by this function's own condition.
    unsafe {
        answer(instance, "_start", |instance, store| {
            let status = run(instance, store)?;
            set(exit_status, status);
            Ok(())
        })
    }
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_instance_function(
    instance: *mut Instance,
    name: *const c_char,
    signature: *const c_char,
    function: *mut abi::Function,
) -> i32 {
    // SAFETY: by this function's own condition.
    unsafe {
        let subject = text(name).unwrap_or_default();
        answer(instance, subject, |instance, store| {
            if function.is_null() {
                return Err(NULL);
            }
            let opaque = find(instance, store, text(name)?, text(signature)?)?;
            function.write(abi::Function { opaque });
            Ok(())
        })
    }
}

/// Calls a function with values from C.
///
/// # Safety
///
/// Arguments and results are as many as the function has, or null.
unsafe fn call(
    instance: &Instance,
    store: &mut Store<Data>,
    function: Func,
    arguments: *const Value,
    results: *mut Value,
) -> Result<(), Failure> {
    let ty = function.ty(store)?;
    let (given, got) = (ty.params().len(), ty.results().len());
    if given > MAX_VALUES || got > MAX_VALUES {
        return Err(WRONG_TYPE);
    }
    if (given > 0 && arguments.is_null()) || (got > 0 && results.is_null()) {
        return Err(NULL);
    }
    let mut values = [Val::I32(0); MAX_VALUES];
    for (index, (place, ty)) in values.iter_mut().zip(ty.params()).enumerate() {
        // SAFETY: by this function's own condition there are so many.
        *place = from_c(&Val::default_of(ty), unsafe { &*arguments.add(index) });
    }
    instance.check_stopped()?;
    let mut returned = [Val::I32(0); MAX_VALUES];
    let values = values.get(..given).unwrap_or_default();
    let places = returned.get_mut(..got).unwrap_or_default();
    function.call(store, values, places)?;
    for (index, value) in places.iter().enumerate() {
        // SAFETY: likewise.
        unsafe { results.add(index).write(to_c(value)) };
    }
    Ok(())
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_instance_call(
    instance: *mut Instance,
    function: *const abi::Function,
    arguments: *const Value,
    results: *mut Value,
) -> i32 {
    // SAFETY: by this function's own condition.
    unsafe {
        answer(instance, "", |instance, store| {
            let function = reference(function)?.opaque;
            call(instance, store, function, arguments, results)
        })
    }
}

//! Stopping, bounding and watching instances.

use thimble::Store;

use crate::abi::{self, UNBOUNDED};
use crate::arguments::{NULL, reference};
use crate::instance::{Data, Instance, answer};

/// Bounds a store as the header counts.
fn bound(store: &mut Store<Data>, fuel: u64) {
    store.set_fuel((fuel != UNBOUNDED).then_some(fuel));
}

impl Instance {
    /// Bounds an instance that nobody uses yet.
    pub(crate) fn set_fuel(&self, fuel: u64) {
        self.answer("", |store| {
            bound(store, fuel);
            Ok(())
        });
    }
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_instance_stop(instance: *mut Instance) {
    // SAFETY: by this function's own condition.
    if let Some(instance) = unsafe { instance.as_ref() } {
        instance.stop();
    }
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_instance_is_stopped(instance: *const Instance) -> i32 {
    // SAFETY: by this function's own condition.
    match unsafe { reference(instance) } {
        Ok(instance) => instance.is_stopped().into(),
        Err(failure) => failure.status(),
    }
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_instance_set_fuel(instance: *mut Instance, fuel: u64) -> i32 {
    // SAFETY: by this function's own condition.
    unsafe {
        answer(instance, "", |_, store| {
            bound(store, fuel);
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
pub unsafe extern "C" fn thimble_instance_fuel(instance: *mut Instance, fuel: *mut u64) -> i32 {
    // SAFETY: by this function's own condition.
    unsafe {
        answer(instance, "", |_, store| {
            if fuel.is_null() {
                return Err(NULL);
            }
            fuel.write(store.fuel().unwrap_or(UNBOUNDED));
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
pub unsafe extern "C" fn thimble_instance_statistics(
    instance: *const Instance,
    statistics: *mut abi::Statistics,
) -> i32 {
    // SAFETY: by this function's own condition.
    let instance = unsafe { reference(instance) };
    let (Ok(instance), false) = (instance, statistics.is_null()) else {
        return NULL.status();
    };
    let used = abi::Statistics {
        memory: instance.monitor.memory_bytes(),
        stack: instance.monitor.stack_bytes(),
        image: instance.module.program().image_bytes().len(),
    };
    // SAFETY: by this function's own condition.
    unsafe { statistics.write(used) };
    0
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_instance_error(instance: *const Instance) -> *const abi::Error {
    // SAFETY: by this function's own condition.
    unsafe { instance.as_ref() }.map_or(core::ptr::null(), Instance::error)
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_instance_frame(
    instance: *mut Instance,
    index: usize,
    frame: *mut abi::Frame,
) -> i32 {
    let mut found = false;
    // SAFETY: by this function's own condition.
    let status = unsafe {
        answer(instance, "", |_, store| {
            if frame.is_null() {
                return Err(NULL);
            }
            if let Some((noted, name)) = store.backtrace().nth(index) {
                frame.write(abi::Frame {
                    name: name.map_or(core::ptr::null(), str::as_ptr),
                    name_length: name.map_or(0, str::len),
                    function: noted.function,
                    offset: noted.offset.unwrap_or(u32::MAX),
                });
                found = true;
            }
            Ok(())
        })
    };
    if status == 0 { found.into() } else { status }
}

//! A guest's memory, with bounds.

use core::ffi::c_void;

use thimble::{Memory, Store};

use crate::arguments::NULL;
use crate::error::{Failure, Kind};
use crate::instance::{Data, Instance, answer};

const NO_MEMORY: Failure = Failure::new(Kind::NotFound, "the guest exports no memory");
const OUT_OF_BOUNDS: Failure = Failure::new(
    Kind::OutOfBounds,
    "the range is not within the guest's memory",
);

/// The memory, for which the guest is made if it is not there.
fn memory(instance: &Instance, store: &mut Store<Data>) -> Result<Memory, Failure> {
    if instance.memory.get().is_none() {
        instance.guest(store)?;
    }
    instance.memory.get().ok_or(NO_MEMORY)
}

/// A range of the memory.
fn range<'a>(
    instance: &Instance,
    store: &'a mut Store<Data>,
    address: u64,
    length: usize,
) -> Result<&'a mut [u8], Failure> {
    let memory = memory(instance, store)?;
    let start = usize::try_from(address).map_err(|_| OUT_OF_BOUNDS)?;
    let end = start.checked_add(length).ok_or(OUT_OF_BOUNDS)?;
    memory
        .data_mut(store)
        .get_mut(start..end)
        .ok_or(OUT_OF_BOUNDS)
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_memory_size(instance: *mut Instance, size: *mut u64) -> i32 {
    // SAFETY: by this function's own condition.
    unsafe {
        answer(instance, "", |instance, store| {
            if size.is_null() {
                return Err(NULL);
            }
            let bytes = memory(instance, store)?.data(store).len();
            size.write(bytes as u64);
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
pub unsafe extern "C" fn thimble_memory_read(
    instance: *mut Instance,
    address: u64,
    to: *mut c_void,
    length: usize,
) -> i32 {
    // SAFETY: by this function's own condition.
    unsafe {
        answer(instance, "", |instance, store| {
            let range = range(instance, store, address, length)?;
            if to.is_null() && length > 0 {
                return Err(NULL);
            }
            to.cast::<u8>().copy_from(range.as_ptr(), length);
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
pub unsafe extern "C" fn thimble_memory_write(
    instance: *mut Instance,
    address: u64,
    from: *const c_void,
    length: usize,
) -> i32 {
    // SAFETY: by this function's own condition. What is copied may be in the guest's
    // memory itself.
    unsafe {
        answer(instance, "", |instance, store| {
            let range = range(instance, store, address, length)?;
            if from.is_null() && length > 0 {
                return Err(NULL);
            }
            range.as_mut_ptr().copy_from(from.cast::<u8>(), length);
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
pub unsafe extern "C" fn thimble_memory_pointer(
    instance: *mut Instance,
    address: u64,
    length: usize,
    pointer: *mut *mut c_void,
) -> i32 {
    // SAFETY: by this function's own condition.
    unsafe {
        answer(instance, "", |instance, store| {
            if pointer.is_null() {
                return Err(NULL);
            }
            let range = range(instance, store, address, length)?;
            pointer.write(range.as_mut_ptr().cast());
            Ok(())
        })
    }
}

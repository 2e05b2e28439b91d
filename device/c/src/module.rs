//! Modules: loaded once, shared by their instances.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ffi::{c_char, c_void};
use core::ptr::NonNull;
use core::sync::atomic::fence;

use portable_atomic::{AtomicUsize, Ordering};
use thimble::code::image::{Buffer, MAGIC};
use thimble::fallible::{OutOfMemory, TryVec};
use thimble::{Engine, Module as Program, TrustedImage};
use thimble_device::load;
use thimble_device::module::{translated, verified};
use thimble_device::storage::Loaded;

use crate::abi;
use crate::arguments::{self, NULL, reference, slice, text};
use crate::error::{Failure, Kind};

/// Moves a value to the heap, as an array of one: that can be done fallibly.
pub(crate) fn boxed<T>(value: T) -> Result<Box<[T; 1]>, OutOfMemory> {
    let mut one = Vec::new();
    one.try_reserve_exact(1).map_err(|_| OutOfMemory)?;
    one.try_push(value)?;
    #[allow(
        clippy::disallowed_methods,
        reason = "reserved exactly, so there is nothing to give back"
    )]
    one.into_boxed_slice().try_into().map_err(|_| OutOfMemory)
}

/// `struct thimble_module`.
#[derive(Debug)]
pub struct Module {
    /// The handle in C, unless it was unloaded, and the instances.
    owners: AtomicUsize,
    loaded: Loaded<'static>,
}

/// An owner of a module; the last one drops it.
pub(crate) struct Owner(NonNull<Module>);

impl Owner {
    fn new(loaded: Loaded<'static>) -> Result<Self, OutOfMemory> {
        let module = boxed(Module {
            owners: AtomicUsize::new(1),
            loaded,
        })?;
        Ok(Self(NonNull::from(Box::leak(module)).cast()))
    }

    /// One more owner.
    pub(crate) fn of(module: &Module) -> Self {
        // Cannot overflow: owners take memory, at least a byte each.
        module.owners.fetch_add(1, Ordering::Relaxed);
        Self(NonNull::from(module))
    }

    pub(crate) fn program(&self) -> &Program {
        // SAFETY: the module lives as long as any owner, and `self` is one.
        &unsafe { self.0.as_ref() }.loaded.module
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // SAFETY: as for `program`.
        let owners = &unsafe { self.0.as_ref() }.owners;
        if owners.fetch_sub(1, Ordering::Release) != 1 {
            return;
        }
        // What the other owners did happens before the module is dropped.
        fence(Ordering::Acquire);
        // SAFETY: this was the last owner of what `new` has made as an array of one.
        drop(unsafe { Box::from_raw(self.0.cast::<[Module; 1]>().as_ptr()) });
    }
}

/// Loads a program from memory.
///
/// # Safety
///
/// What the flags say of the bytes is true.
unsafe fn from_memory(bytes: &[u8], flags: u32) -> Result<Loaded<'static>, Failure> {
    // SAFETY: used only where a flag says that the bytes stay as long as the module.
    let stay = || unsafe { core::slice::from_raw_parts(bytes.as_ptr(), bytes.len()) };
    let engine = Engine::default();
    let module = if flags & abi::MODULE_TRUSTED != 0 {
        // SAFETY: the flag promises what is asked for here.
        Program::from_trusted(&engine, unsafe { TrustedImage::new(stay()) })
    } else if !bytes.starts_with(&MAGIC) {
        translated(&engine, &mut &*bytes)
    } else if flags & abi::MODULE_STAYS != 0 {
        verified(&engine, stay())
    } else {
        verified(&engine, Buffer::copy_of(bytes)?)
    };
    Ok(Loaded {
        module: module?,
        lease: None,
    })
}

fn by_name(name: &str) -> Result<Loaded<'static>, Failure> {
    let device = thimble_device_ffi::device()?;
    let found = load::find(device, name)?;
    Ok(load::load(found, &Engine::default(), name, &|| false)?)
}

/// Hands a module, or what was wrong, to C.
///
/// # Safety
///
/// The places can be written, or are null.
unsafe fn hand_over(
    loaded: Result<Loaded<'static>, Failure>,
    name: &str,
    module: *mut *mut Module,
    error: *mut abi::Error,
) -> i32 {
    let owner = loaded.and_then(|loaded| Ok(Owner::new(loaded)?));
    match owner {
        Ok(_) if module.is_null() => NULL.status(),
        Ok(owner) => {
            let pointer = owner.0.as_ptr();
            // The handle in C is the owner now.
            core::mem::forget(owner);
            // SAFETY: by this function's own condition.
            unsafe { module.write(pointer) };
            0
        }
        Err(failure) => {
            // SAFETY: likewise.
            unsafe { arguments::set(error, failure.about(&[name])) };
            failure.status()
        }
    }
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_module_load(
    bytes: *const c_void,
    length: usize,
    flags: u32,
    module: *mut *mut Module,
    error: *mut abi::Error,
) -> i32 {
    const FLAGS: u32 = abi::MODULE_STAYS | abi::MODULE_TRUSTED;
    // SAFETY: by this function's own condition.
    let loaded = unsafe {
        slice(bytes.cast::<u8>(), length).and_then(|bytes| match flags & !FLAGS {
            0 => from_memory(bytes, flags),
            _ => Err(Failure::new(Kind::InvalidArgument, "unknown flags")),
        })
    };
    // SAFETY: likewise.
    unsafe { hand_over(loaded, "", module, error) }
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_module_open(
    name: *const c_char,
    module: *mut *mut Module,
    error: *mut abi::Error,
) -> i32 {
    // SAFETY: by this function's own condition.
    let (loaded, name) = match unsafe { text(name) } {
        Ok(name) => (by_name(name), name),
        Err(failure) => (Err(failure), ""),
    };
    // SAFETY: likewise.
    unsafe { hand_over(loaded, name, module, error) }
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_module_unload(module: *mut Module) {
    drop(NonNull::new(module).map(Owner));
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_module_size(module: *const Module) -> usize {
    // SAFETY: by this function's own condition.
    unsafe { reference(module) }.map_or(0, |module| module.loaded.module.image_bytes().len())
}

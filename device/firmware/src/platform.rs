//! The platform of this firmware, and places on the heap.

use alloc::alloc::alloc;
use core::alloc::Layout;
use core::sync::atomic::{AtomicPtr, Ordering};

use thimble_platform_ffi::CPlatform;

/// The platform lives for ever: there is one, and no more to it than a few bits.
pub(crate) fn platform() -> Option<&'static CPlatform> {
    static PLATFORM: AtomicPtr<CPlatform> = AtomicPtr::new(core::ptr::null_mut());
    let known = PLATFORM.load(Ordering::Acquire);
    if !known.is_null() {
        // SAFETY: what is stored below is never changed nor given back.
        return Some(unsafe { &*known });
    }
    let platform = CPlatform::new().ok()?;
    let made = allocate(platform)?;
    // Two threads that are here at once make two, which does no harm.
    PLATFORM.store(made, Ordering::Release);
    // SAFETY: as above.
    Some(unsafe { &*made })
}

/// Puts a value on the heap.
pub(crate) fn allocate<T>(value: T) -> Option<*mut T> {
    let layout = Layout::new::<T>();
    assert!(layout.size() > 0);
    // SAFETY: the size is not 0.
    let place = unsafe { alloc(layout) }.cast::<T>();
    if place.is_null() {
        return None;
    }
    // SAFETY: the place was allocated for a value of this type.
    unsafe { place.write(value) };
    Some(place)
}

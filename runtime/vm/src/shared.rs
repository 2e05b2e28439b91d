//! A box and a shared pointer whose allocation can fail.
#![allow(
    unsafe_code,
    reason = "the standard ones abort when there is no memory"
)]

use alloc::alloc::{alloc, dealloc};
use alloc::boxed::Box;
use core::alloc::Layout;
use core::ops::Deref;
use core::ptr::NonNull;
use core::sync::atomic::fence;

use portable_atomic::{AtomicUsize, Ordering};
use thimble_wasm::fallible::OutOfMemory;

/// Moves a value to the heap.
///
/// # Errors
/// [`OutOfMemory`] when the allocator has no room.
pub(crate) fn try_box<T>(value: T) -> Result<Box<T>, OutOfMemory> {
    let pointer = allocate::<T>()?;
    // SAFETY: `pointer` is valid for a write of a `T`, was allocated by the
    // global allocator with the layout of `T` (or is dangling for a `T` without
    // size), which is what `Box::from_raw` asks for.
    unsafe {
        pointer.as_ptr().write(value);
        Ok(Box::from_raw(pointer.as_ptr()))
    }
}

fn allocate<T>() -> Result<NonNull<T>, OutOfMemory> {
    let layout = Layout::new::<T>();
    if layout.size() == 0 {
        return Ok(NonNull::dangling());
    }
    // SAFETY: the layout's size is not 0.
    NonNull::new(unsafe { alloc(layout) }.cast()).ok_or(OutOfMemory)
}

struct Counted<T> {
    count: AtomicUsize,
    value: T,
}

/// A value with several owners, on the heap; dropped with the last of them.
pub(crate) struct Shared<T>(NonNull<Counted<T>>);

// SAFETY: a `Shared` gives out `&T` on any thread (`T: Sync`) and drops the `T` on
// the thread of the last owner (`T: Send`); the count is atomic.
unsafe impl<T: Send + Sync> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Shared<T> {}

impl<T> Shared<T> {
    /// Moves a value to the heap.
    ///
    /// # Errors
    /// [`OutOfMemory`] when the allocator has no room.
    pub(crate) fn try_new(value: T) -> Result<Self, OutOfMemory> {
        let pointer = allocate::<Counted<T>>()?;
        // SAFETY: `pointer` was allocated for a `Counted<T>`.
        unsafe {
            pointer.as_ptr().write(Counted {
                count: AtomicUsize::new(1),
                value,
            })
        };
        Ok(Self(pointer))
    }
}

impl<T> Shared<T> {
    /// Whether both own the same value.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        // SAFETY: the allocation lives as long as any owner, and `self` is one.
        // The count cannot overflow: owners take memory, at least a byte each.
        unsafe { self.0.as_ref() }
            .count
            .fetch_add(1, Ordering::Relaxed);
        Self(self.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the allocation lives as long as any owner, and `self` is one.
        &unsafe { self.0.as_ref() }.value
    }
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        // SAFETY: as for `deref`.
        if unsafe { self.0.as_ref() }
            .count
            .fetch_sub(1, Ordering::Release)
            != 1
        {
            return;
        }
        // What the other owners did happens before the value is dropped.
        fence(Ordering::Acquire);
        // SAFETY: this was the last owner, so nothing refers to the allocation,
        // which `try_new` made with this layout and initialised.
        unsafe {
            self.0.as_ptr().drop_in_place();
            dealloc(self.0.as_ptr().cast(), Layout::new::<Counted<T>>());
        }
    }
}

impl<T: core::fmt::Debug> core::fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_owner_drops_the_value() {
        let flag = Shared::try_new(AtomicUsize::new(0)).unwrap();
        struct OnDrop(Shared<AtomicUsize>);
        impl Drop for OnDrop {
            fn drop(&mut self) {
                self.0.fetch_add(1, Ordering::Relaxed);
            }
        }
        let first = Shared::try_new(OnDrop(flag.clone())).unwrap();
        let second = first.clone();
        drop(first);
        assert_eq!(flag.load(Ordering::Relaxed), 0);
        drop(second);
        assert_eq!(flag.load(Ordering::Relaxed), 1);
    }
}

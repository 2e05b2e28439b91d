//! An allocator that counts, and that can fail from the n-th allocation on.
//!
//! Everything is by thread, so that tests do not disturb each other.
#![allow(unsafe_code, reason = "the trait of allocators is unsafe")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
    /// Allocations that succeed before one fails; none: all succeed.
    static LEFT: Cell<Option<u64>> = const { Cell::new(None) };
    static FAILED: Cell<u64> = const { Cell::new(0) };
}

/// The system's allocator with counters.
#[derive(Debug)]
pub struct Allocator;

/// Which allocations fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// The n-th, from 0.
    Only(u64),
    /// The n-th, and all after it.
    From(u64),
}

thread_local! {
    static ALL_AFTER: Cell<bool> = const { Cell::new(false) };
}

/// Whether an allocation may succeed now.
fn may_succeed() -> bool {
    let Some(left) = LEFT.get() else { return true };
    if left > 0 {
        LEFT.set(Some(left - 1));
        return true;
    }
    FAILED.set(FAILED.get() + 1);
    if !ALL_AFTER.get() {
        LEFT.set(None);
    }
    false
}

fn add(bytes: usize) {
    LIVE.set(LIVE.get() + bytes as isize);
    PEAK.set(PEAK.get().max(LIVE.get()));
}

fn subtract(bytes: usize) {
    LIVE.set(LIVE.get() - bytes as isize);
}

// SAFETY: every call is passed on to the system's allocator with the caller's
// arguments, or fails as the trait allows it; the counters do not allocate, being
// constants at first and without destructors.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !may_succeed() {
            return std::ptr::null_mut();
        }
        add(layout.size());
        // SAFETY: the caller's promise is that of the method called.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if !may_succeed() {
            return std::ptr::null_mut();
        }
        add(layout.size());
        // SAFETY: the caller's promise is that of the method called.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        subtract(layout.size());
        // SAFETY: the caller's promise is that of the method called.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Whoever shrinks has no error to return, and the system does not fail it.
        if size > layout.size() && !may_succeed() {
            return std::ptr::null_mut();
        }
        subtract(layout.size());
        add(size);
        // SAFETY: the caller's promise is that of the method called.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// Bytes that this thread has allocated and not given back.
pub fn live() -> isize {
    LIVE.get()
}

/// The most bytes that were live since [`reset_peak`].
pub fn peak() -> isize {
    PEAK.get()
}

/// Forgets the peak.
pub fn reset_peak() {
    PEAK.set(LIVE.get());
}

/// Runs with allocations that fail; returns how many did.
pub fn failing<T>(which: Failing, run: impl FnOnce() -> T) -> (T, u64) {
    let (first, all_after) = match which {
        Failing::Only(first) => (first, false),
        Failing::From(first) => (first, true),
    };
    FAILED.set(0);
    ALL_AFTER.set(all_after);
    LEFT.set(Some(first));
    let result = run();
    LEFT.set(None);
    (result, FAILED.get())
}

/// Runs without failures, and without counting, inside of [`failing`]: for what
/// belongs to the machine the test runs on.
pub fn undisturbed<T>(run: impl FnOnce() -> T) -> T {
    let (left, live) = (LEFT.take(), LIVE.get());
    let result = run();
    LEFT.set(left);
    LIVE.set(live);
    result
}

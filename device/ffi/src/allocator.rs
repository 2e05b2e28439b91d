//! The allocator of the firmware's Rust side.

use core::alloc::{GlobalAlloc, Layout};

use crate::abi::{thimble_device_allocate, thimble_device_reallocate, thimble_device_release};

struct Heap;

// SAFETY: `thimble_device.h` asks for what the callers of these methods promise, sizes
// above 0 and blocks of this heap, and promises what they must return.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the layout has a size above 0 and an alignment that is a power of two.
        unsafe { thimble_device_allocate(layout.size(), layout.align()).cast() }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is of this heap and nobody uses it any more.
        unsafe { thimble_device_release(block.cast(), layout.size()) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the block is of this heap and has this layout; the size is above 0.
        unsafe {
            thimble_device_reallocate(block.cast(), layout.size(), size, layout.align()).cast()
        }
    }
}

#[global_allocator]
static HEAP: Heap = Heap;

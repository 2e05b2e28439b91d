//! Boxes whose allocation can fail.

use alloc::boxed::Box;
use alloc::vec::Vec;

use thimble::fallible::{OutOfMemory, TryVec};

/// Moves a value to the heap. An array, since only a vector's allocation can fail.
pub(crate) fn boxed<T>(value: T) -> Result<Box<[T; 1]>, OutOfMemory> {
    let mut one = Vec::new();
    one.try_reserve_exact(1).map_err(|_| OutOfMemory)?;
    one.try_push(value)?;
    #[allow(
        clippy::disallowed_methods,
        reason = "reserved exactly, so there is nothing to give back"
    )]
    let boxed = one.into_boxed_slice().try_into();
    boxed.map_err(|_| OutOfMemory)
}

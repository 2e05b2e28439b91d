//! Cryptographic random numbers.

use core::ffi::c_void;

use thimble_platform::{Random, Result};

use crate::platform::CPlatform;
use crate::status::{MOST, done};

unsafe extern "C" {
    fn thimble_platform_random_fill(buffer: *mut c_void, length: usize) -> i32;
}

impl Random for CPlatform {
    fn fill(&self, buffer: &mut [u8]) -> Result<()> {
        buffer.chunks_mut(MOST).try_for_each(|part| {
            // SAFETY: `part` can be written during the call for its whole
            // length, and the shim does not keep the pointer.
            done(unsafe { thimble_platform_random_fill(part.as_mut_ptr().cast(), part.len()) })
        })
    }
}

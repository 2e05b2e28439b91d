//! Console streams.

use core::ffi::c_void;

use thimble_platform::{Console, Result, Stream};

use crate::platform::CPlatform;
use crate::status::{MOST, count, flag};

unsafe extern "C" {
    fn thimble_platform_console_read(stream: usize, buffer: *mut c_void, length: usize) -> i32;
    fn thimble_platform_console_write(stream: usize, data: *const c_void, length: usize) -> i32;
    safe fn thimble_platform_console_is_terminal(stream: usize) -> i32;
}

impl Console for CPlatform {
    fn read(&self, stream: Stream, buffer: &mut [u8]) -> Result<usize> {
        let length = buffer.len().min(MOST);
        // SAFETY: `buffer` can be written during the call for `length` bytes,
        // and the shim does not keep the pointer.
        let status = unsafe {
            thimble_platform_console_read(stream.raw(), buffer.as_mut_ptr().cast(), length)
        };
        count(status, length)
    }

    fn write(&self, stream: Stream, data: &[u8]) -> Result<usize> {
        let length = data.len().min(MOST);
        // SAFETY: `data` can be read during the call for `length` bytes, and
        // the shim neither writes to it nor keeps the pointer.
        let status =
            unsafe { thimble_platform_console_write(stream.raw(), data.as_ptr().cast(), length) };
        count(status, length)
    }

    fn is_terminal(&self, stream: Stream) -> bool {
        flag(thimble_platform_console_is_terminal(stream.raw())).unwrap_or(false)
    }
}

//! A shim over the host: what a shim in C does, for tests.

mod file;
mod socket;
mod system;
mod thread;

use std::io::Write;
use std::os::fd::OwnedFd;
use std::sync::LazyLock;

use thimble_platform::{Error, Result};
use thimble_platform_ffi::abi;
use thimble_platform_host::Host;

/// What waits on the console's standard input.
pub static TYPED: &[u8] = b"what somebody typed\n";

/// The system below the shim.
pub static HOST: LazyLock<Host> = LazyLock::new(|| {
    let (input, mut keyboard) = std::io::pipe().unwrap();
    keyboard.write_all(TYPED).unwrap();
    let screen = || OwnedFd::from(std::fs::File::create("/dev/null").unwrap());
    Host::with_console(input.into(), screen(), screen())
});

/// The status of an error.
pub fn failed(error: Error) -> i32 {
    -(error.kind() as i32 + 256 * error.code())
}

/// The status of a call that gives nothing.
pub fn done(result: Result<()>) -> i32 {
    result.map_or_else(failed, |()| 0)
}

/// The status of a call that gives a number.
pub fn count(result: Result<usize>) -> i32 {
    result.map_or_else(failed, |count| count.try_into().unwrap())
}

/// The status of a call that says yes or no.
pub fn flag(result: Result<bool>) -> i32 {
    result.map_or_else(failed, i32::from)
}

/// The status of a call that gives something through a pointer.
///
/// # Safety
///
/// `to` can be written.
pub unsafe fn filled<T>(result: Result<T>, to: *mut T) -> i32 {
    match result {
        Ok(value) => {
            // SAFETY: by this function's own condition.
            unsafe { to.write(value) };
            0
        }
        Err(error) => failed(error),
    }
}

/// Nanoseconds, or none for no end.
pub fn timeout(timeout: u64) -> Option<u64> {
    (timeout != abi::FOREVER).then_some(timeout)
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_version() -> u32 {
    abi::VERSION
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_capabilities() -> u32 {
    abi::HAS_WALL_CLOCK | abi::HAS_FILES | abi::HAS_SOCKETS
}

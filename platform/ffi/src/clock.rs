//! Time.

use thimble_platform::{Clock, Result};

use crate::platform::CPlatform;
use crate::status::done;

unsafe extern "C" {
    safe fn thimble_platform_clock_now() -> u64;
    safe fn thimble_platform_clock_resolution() -> u64;
    fn thimble_platform_clock_thread_time(time: *mut u64) -> i32;
}

#[cfg(feature = "wall-clock")]
unsafe extern "C" {
    fn thimble_platform_wall_clock_now(time: *mut u64) -> i32;
    safe fn thimble_platform_wall_clock_set(time: u64) -> i32;
    safe fn thimble_platform_wall_clock_resolution() -> u64;
}

impl Clock for CPlatform {
    fn now(&self) -> u64 {
        thimble_platform_clock_now()
    }

    fn resolution(&self) -> u64 {
        thimble_platform_clock_resolution().max(1)
    }

    fn thread_time(&self) -> Result<u64> {
        let mut time = 0;
        // SAFETY: `time` can be written during the call, and the shim does
        // not keep the pointer.
        done(unsafe { thimble_platform_clock_thread_time(&raw mut time) })?;
        Ok(time)
    }
}

#[cfg(feature = "wall-clock")]
impl thimble_platform::WallClock for CPlatform {
    fn now(&self) -> Result<u64> {
        let mut time = 0;
        // SAFETY: `time` can be written during the call, and the shim does
        // not keep the pointer.
        done(unsafe { thimble_platform_wall_clock_now(&raw mut time) })?;
        Ok(time)
    }

    fn set(&self, time: u64) -> Result<()> {
        done(thimble_platform_wall_clock_set(time))
    }

    fn resolution(&self) -> u64 {
        thimble_platform_wall_clock_resolution().max(1)
    }
}

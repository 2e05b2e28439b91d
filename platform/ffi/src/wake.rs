//! Wake objects.

use thimble_platform::{ErrorKind, Result, WakeHandle, Wakes};

use crate::platform::CPlatform;
use crate::status::{done, handle};

unsafe extern "C" {
    fn thimble_platform_wake_create(wake: *mut usize) -> i32;
    safe fn thimble_platform_wake_set(wake: usize) -> i32;
    safe fn thimble_platform_wake_clear(wake: usize) -> i32;
    safe fn thimble_platform_wake_destroy(wake: usize) -> i32;
}

impl Wakes for CPlatform {
    fn create(&self) -> Result<WakeHandle> {
        // SAFETY: `handle` gives a pointer that can be written during the
        // call, and the shim does not keep it.
        let wake = handle(|wake| unsafe { thimble_platform_wake_create(wake) })?;
        if wake == 0 {
            // To poll, 0 means no wake object.
            return Err(ErrorKind::Other.into());
        }
        Ok(WakeHandle::from_raw(wake))
    }

    fn wake(&self, wake: WakeHandle) -> Result<()> {
        done(thimble_platform_wake_set(wake.raw()))
    }

    fn clear(&self, wake: WakeHandle) -> Result<()> {
        done(thimble_platform_wake_clear(wake.raw()))
    }

    fn destroy(&self, wake: WakeHandle) -> Result<()> {
        done(thimble_platform_wake_destroy(wake.raw()))
    }
}

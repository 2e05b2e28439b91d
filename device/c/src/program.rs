//! Programs: instances with WASI.

use thimble_device::Settings;

use crate::abi;
use crate::arguments::reference;
use crate::instance::Instance;
use crate::make::hand_over;
use crate::module::Module;
use crate::wasi::wasi;

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_program_create(
    module: *mut Module,
    options: *const abi::InstanceOptions,
    wasi_options: *const abi::WasiOptions,
    instance: *mut *mut Instance,
    error: *mut abi::Error,
) -> i32 {
    // SAFETY: by this function's own condition.
    unsafe {
        let wasi = |settings: &Settings| {
            let platform = thimble_device_ffi::platform()?;
            wasi(platform, settings, reference(wasi_options).ok()).map(Some)
        };
        hand_over(module, options, wasi, instance, error)
    }
}

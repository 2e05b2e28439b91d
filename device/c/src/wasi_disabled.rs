//! What a program has of WASI in a build without it: there are no programs.

use thimble_device::Settings;
use thimble_platform::Platform;

use crate::abi;
use crate::error::{Failure, Kind};
use crate::instance::Wasi;

/// Refuses.
///
/// # Safety
///
/// None; as with WASI.
pub(crate) const unsafe fn wasi(
    _: &'static dyn Platform,
    _: &Settings,
    _: Option<&abi::WasiOptions>,
) -> Result<Wasi, Failure> {
    Err(Failure::new(
        Kind::NotSupported,
        "this firmware has no WASI",
    ))
}

//! What there is one of in a firmware.

#[cfg(any(feature = "flash", feature = "store-files"))]
use thimble_device::StorageError;
#[cfg(feature = "store-files")]
use thimble_device::storage::FileStorage;
#[cfg(feature = "flash")]
use thimble_device::storage::FlashStorage;
use thimble_device::{Device, Processes, StartError, Storage};
use thimble_platform::{Error, ErrorKind, Result};
use thimble_platform_ffi::CPlatform;

use crate::device::CDevice;
#[cfg(any(feature = "flash", feature = "store-files"))]
use crate::device::raw_settings;
#[cfg(feature = "store-files")]
use crate::device::text;
#[cfg(feature = "flash")]
use crate::flash::CFlash;
use crate::lazy::Lazy;

/// The platform.
///
/// # Errors
/// When the shim was written for another version of the symbols, or memory is short.
pub fn platform() -> Result<&'static CPlatform> {
    static PLATFORM: Lazy<CPlatform> = Lazy::new();
    PLATFORM.get_or_try_init(CPlatform::new)
}

/// What went wrong with the system below.
#[cfg(any(feature = "flash", feature = "store-files"))]
fn system(error: StorageError) -> Error {
    match error {
        StorageError::Platform(error) => error,
        _ => Error::new(ErrorKind::OutOfMemory),
    }
}

#[cfg(feature = "flash")]
fn flash_storage(platform: &'static CPlatform) -> Result<&'static dyn Storage> {
    static FLASH: Lazy<CFlash> = Lazy::new();
    static STORAGE: Lazy<FlashStorage> = Lazy::new();
    let flash = FLASH.get_or_try_init(CFlash::new)?;
    let storage = STORAGE.get_or_try_init(|| {
        let settings = raw_settings();
        FlashStorage::new(platform, flash, settings.transfer, settings.processes).map_err(system)
    })?;
    Ok(storage)
}

#[cfg(feature = "store-files")]
fn file_storage(platform: &'static CPlatform, path: &'static str) -> Result<&'static dyn Storage> {
    static STORAGE: Lazy<FileStorage> = Lazy::new();
    let storage = STORAGE.get_or_try_init(|| {
        FileStorage::new(platform, path, raw_settings().transfer).map_err(system)
    })?;
    Ok(storage)
}

/// The storage of installed programs, if there is one and it can be used.
fn storage(platform: &'static CPlatform) -> Option<&'static dyn Storage> {
    #[cfg(feature = "flash")]
    match flash_storage(platform) {
        Ok(storage) => return Some(storage),
        Err(error) => unusable("flash", error),
    }
    #[cfg(feature = "store-files")]
    // SAFETY: the header asks for a text that stays, or NULL.
    if let Some(path) = unsafe { text(raw_settings().store) } {
        match file_storage(platform, path) {
            Ok(storage) => return Some(storage),
            Err(error) => unusable(path, error),
        }
    }
    let _ = platform;
    None
}

/// Tells the log that programs cannot be installed in a place.
#[cfg(any(feature = "flash", feature = "store-files"))]
fn unusable(place: &str, error: Error) {
    #[cfg(feature = "log")]
    ::log::error!("store: {place} cannot be used: {error}");
    let _ = (place, error);
}

/// The firmware.
///
/// # Errors
/// When memory is short, or mutexes are.
pub fn device() -> Result<&'static dyn Device> {
    static DEVICE: Lazy<CDevice> = Lazy::new();
    let platform = platform()?;
    #[cfg(feature = "log")]
    crate::log::begin();
    Ok(DEVICE.get_or_try_init(|| Ok(CDevice::new(platform, storage(platform))))?)
}

static PROCESSES: Lazy<Processes> = Lazy::new();

/// The programs that run, if there may be any: somebody has asked for [`processes`].
pub fn running() -> Option<&'static Processes> {
    PROCESSES.get()
}

/// The programs that run.
///
/// # Errors
/// As [`device`].
pub fn processes() -> Result<&'static Processes> {
    PROCESSES.get_or_try_init(|| {
        Processes::new(device()?).map_err(|error| match error {
            StartError::Platform(error) => error,
            _ => Error::new(ErrorKind::OutOfMemory),
        })
    })
}

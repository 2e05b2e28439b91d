//! The C symbols as a platform.

use thimble_platform as api;
use thimble_platform::{Error, ErrorKind, Platform, Result};

use crate::abi;

unsafe extern "C" {
    safe fn thimble_platform_version() -> u32;
    safe fn thimble_platform_capabilities() -> u32;
}

/// The system behind the C symbols of this program.
///
/// There is one set of symbols in a program, so this holds no more than what
/// the shim can do.
#[derive(Clone, Copy, Debug)]
pub struct CPlatform {
    capabilities: u32,
}

impl CPlatform {
    /// The platform of this program.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotSupported`], with the shim's version as the code, when
    /// the shim was written for another version of the symbols.
    pub fn new() -> Result<CPlatform> {
        let version = thimble_platform_version();
        if version != abi::VERSION {
            return Err(Error::with_code(
                ErrorKind::NotSupported,
                version.cast_signed(),
            ));
        }
        Ok(CPlatform {
            capabilities: thimble_platform_capabilities(),
        })
    }

    /// Whether the shim has this optional capability.
    #[cfg(any(feature = "wall-clock", feature = "files", feature = "sockets"))]
    fn has(&self, capability: u32) -> bool {
        self.capabilities & capability != 0
    }

    /// The bits of `thimble_platform_capabilities`.
    pub fn capabilities(&self) -> u32 {
        self.capabilities
    }
}

impl Platform for CPlatform {
    fn threads(&self) -> &dyn api::Threads {
        self
    }

    fn mutexes(&self) -> &dyn api::Mutexes {
        self
    }

    fn conditions(&self) -> &dyn api::Conditions {
        self
    }

    fn clock(&self) -> &dyn api::Clock {
        self
    }

    fn random(&self) -> &dyn api::Random {
        self
    }

    fn console(&self) -> &dyn api::Console {
        self
    }

    fn memory(&self) -> &dyn api::Memory {
        self
    }

    fn wakes(&self) -> &dyn api::Wakes {
        self
    }

    fn poll(&self) -> &dyn api::Poll {
        self
    }

    #[cfg(feature = "wall-clock")]
    fn wall_clock(&self) -> Option<&dyn api::WallClock> {
        self.has(abi::HAS_WALL_CLOCK).then_some(self as _)
    }

    #[cfg(feature = "files")]
    fn files(&self) -> Option<&dyn api::Files> {
        self.has(abi::HAS_FILES).then_some(self as _)
    }

    #[cfg(feature = "sockets")]
    fn sockets(&self) -> Option<&dyn api::Sockets> {
        self.has(abi::HAS_SOCKETS).then_some(self as _)
    }
}

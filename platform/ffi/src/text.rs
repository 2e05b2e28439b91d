//! Text for C: checked, and ended by NUL.

use alloc::vec::Vec;
use core::ffi::{CStr, c_char};

use thimble_platform::{ErrorKind, Result};

/// Text that ends with NUL and has no other.
pub(crate) struct Text(Vec<u8>);

impl Text {
    /// Copies `text`; [`ErrorKind::InvalidArgument`] if it has a NUL.
    pub(crate) fn new(text: &str) -> Result<Text> {
        if text.contains('\0') {
            return Err(ErrorKind::InvalidArgument.into());
        }
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(text.len() + 1)?;
        #[allow(clippy::disallowed_methods, reason = "room was reserved above")]
        {
            bytes.extend_from_slice(text.as_bytes());
            bytes.push(0);
        }
        Ok(Text(bytes))
    }

    /// Copies the name of a thread, up to the first NUL.
    pub(crate) fn cut(text: &str) -> Result<Text> {
        Text::new(text.split('\0').next().unwrap_or_default())
    }

    /// Copies a name of one component; [`ErrorKind::InvalidArgument`] if it
    /// is anything else.
    #[cfg(feature = "files")]
    pub(crate) fn name(name: &str) -> Result<Text> {
        if matches!(name, "" | "." | "..") || name.contains('/') {
            return Err(ErrorKind::InvalidArgument.into());
        }
        Text::new(name)
    }

    /// The first character, valid for as long as `self`.
    pub(crate) fn as_ptr(&self) -> *const c_char {
        CStr::from_bytes_with_nul(&self.0)
            .unwrap_or_default()
            .as_ptr()
    }
}

//! Names of programs.

use super::StorageError;

/// The longest name of an installed program, in bytes.
pub const NAME_LENGTH: usize = 31;

/// A name that a program can have.
pub(super) type Name = Text<NAME_LENGTH>;

/// A short text that is kept without an allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Text<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Text<N> {
    /// The parts in a row, if there is room for them.
    pub fn concat(parts: &[&str]) -> Option<Self> {
        let mut text = Self {
            bytes: [0; N],
            length: 0,
        };
        for part in parts {
            let end = text.length.checked_add(part.len())?;
            let place = text.bytes.get_mut(text.length..end)?;
            place.copy_from_slice(part.as_bytes());
            text.length = end;
        }
        Some(text)
    }

    pub fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl Name {
    /// Takes a name that a program can have.
    ///
    /// # Errors
    /// [`StorageError::Name`].
    pub fn new(name: &str) -> Result<Self, StorageError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if name.is_empty() || name.starts_with('.') || !name.bytes().all(allowed) {
            return Err(StorageError::Name);
        }
        Self::concat(&[name]).ok_or(StorageError::Name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        for name in ["a", "A-Z_0.9", "0123456789012345678901234567890"] {
            assert_eq!(Name::new(name).unwrap().as_str(), name);
        }
        for name in [
            "",
            ".",
            "..",
            ".a",
            "a/b",
            "a b",
            "ä",
            "a\0",
            "01234567890123456789012345678901",
        ] {
            assert_eq!(Name::new(name), Err(StorageError::Name), "{name:?}");
        }
    }
}

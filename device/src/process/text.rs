//! Texts in a row, and names that need no heap.

use alloc::vec::Vec;

use thimble::fallible::TryVec;

use super::StartError;

/// Texts in one allocation, each ended by a NUL.
#[derive(Debug, Default)]
pub(super) struct Texts(Vec<u8>);

impl Texts {
    /// Appends the text made of `parts`.
    pub(super) fn push(&mut self, parts: &[&str]) -> Result<(), StartError> {
        if parts.iter().any(|part| part.contains('\0')) {
            return Err(StartError::Text);
        }
        let length = parts.iter().map(|part| part.len()).sum::<usize>();
        self.0.try_reserve(length.saturating_add(1))?;
        for part in parts {
            self.0.try_extend(part.as_bytes())?;
        }
        Ok(self.0.try_push(0)?)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        // What was pushed is UTF-8, up to the last NUL.
        let bytes = self.0.split_last().map_or(&[][..], |(_, bytes)| bytes);
        let text = core::str::from_utf8(bytes).unwrap_or_default();
        let count = if self.0.is_empty() { 0 } else { usize::MAX };
        text.split('\0').take(count)
    }
}

/// The longest name of a program that runs, in bytes.
const NAME_LENGTH: usize = 31;

/// The name of a program that runs, cut if it is long.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Name {
    bytes: [u8; NAME_LENGTH],
    length: u8,
}

impl Name {
    /// The last component of a path, or a name without directories as it is.
    pub(super) fn new(program: &str) -> Self {
        let name = program.rsplit('/').next().unwrap_or(program);
        let length = name.floor_char_boundary(NAME_LENGTH);
        let mut bytes = [0; NAME_LENGTH];
        for (to, from) in bytes.iter_mut().zip(name.bytes().take(length)) {
            *to = from;
        }
        Self {
            bytes,
            length: length as u8,
        }
    }

    pub(super) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.length.into()).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

#[cfg(test)]
#[allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test"
)]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use super::*;

    #[test]
    fn texts_come_back_in_order() {
        let mut texts = Texts::default();
        assert_eq!(texts.iter().count(), 0);
        texts.push(&[""]).unwrap();
        texts.push(&["NAME", "=", "välue"]).unwrap();
        texts.push(&[""]).unwrap();
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["", "NAME=välue", ""]);
        assert_eq!(texts.push(&["a\0"]), Err(StartError::Text));
        assert_eq!(texts.iter().count(), 3);
    }

    #[test]
    fn names_are_cut_between_characters() {
        for (program, name) in [
            ("/lfs/apps/hello.wasm", "hello.wasm"),
            ("hello", "hello"),
            ("", ""),
            (
                "0123456789012345678901234567890",
                "0123456789012345678901234567890",
            ),
            (
                "01234567890123456789012345678901",
                "0123456789012345678901234567890",
            ),
            (
                "012345678901234567890123456789ä",
                "012345678901234567890123456789",
            ),
        ] {
            assert_eq!(Name::new(program).as_str(), name);
        }
    }
}

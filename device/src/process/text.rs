//! Texts in a row, and names that need no heap.

use alloc::vec::Vec;

use thimble::fallible::TryVec;

use super::StartError;

/// Texts of several kinds in one allocation: what goes to a thread is moved on small
/// stacks. Each begins with the letter of its kind and ends with a NUL.
#[derive(Debug, Default)]
pub(super) struct Texts(Vec<u8>);

impl Texts {
    /// Appends the text made of `parts`.
    pub(super) fn push(&mut self, kind: char, parts: &[&str]) -> Result<(), StartError> {
        if parts.iter().any(|part| part.contains('\0')) {
            return Err(StartError::Text);
        }
        let length = parts.iter().map(|part| part.len()).sum::<usize>();
        let room = length.saturating_add(kind.len_utf8() + 1);
        self.0.try_reserve(room)?;
        self.0
            .try_extend(kind.encode_utf8(&mut [0; 4]).as_bytes())?;
        for part in parts {
            self.0.try_extend(part.as_bytes())?;
        }
        Ok(self.0.try_push(0)?)
    }

    /// The texts of one kind, in their order.
    pub(super) fn iter(&self, kind: char) -> impl Iterator<Item = &str> {
        // What was pushed is UTF-8.
        let texts = core::str::from_utf8(&self.0).unwrap_or_default();
        texts
            .split_terminator('\0')
            .filter_map(move |text| text.strip_prefix(kind))
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
        assert_eq!(texts.iter('a').count(), 0);
        texts.push('a', &[""]).unwrap();
        texts.push('b', &["NAME", "=", "välue"]).unwrap();
        texts.push('a', &["a"]).unwrap();
        texts.push('a', &[""]).unwrap();
        assert_eq!(texts.iter('a').collect::<Vec<_>>(), ["", "a", ""]);
        assert_eq!(texts.iter('b').collect::<Vec<_>>(), ["NAME=välue"]);
        assert_eq!(texts.push('a', &["a\0"]), Err(StartError::Text));
        assert_eq!(texts.iter('a').count(), 3);
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

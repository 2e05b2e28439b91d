//! Names of the files that keep programs.

use super::super::StorageError;
use super::super::name::{NAME_LENGTH, Name, Text};

/// The ending of a program's file.
pub(super) const ENDING: &str = ".thm";

/// The ending of a file that is being written, or that was not yet renamed.
pub(super) const NEW_ENDING: &str = ".new";

/// The name of a file that keeps a program.
pub(super) type FileName = Text<{ NAME_LENGTH + ENDING.len() }>;

impl Name {
    /// The name of a file with one of the endings.
    pub(super) fn file(&self, ending: &str) -> Result<FileName, StorageError> {
        FileName::concat(&[self.as_str(), ending]).ok_or(StorageError::Name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_has_room_for_an_ending() {
        let name = Name::new("0123456789012345678901234567890").unwrap();
        for (ending, file) in [
            (ENDING, "0123456789012345678901234567890.thm"),
            (NEW_ENDING, "0123456789012345678901234567890.new"),
        ] {
            assert_eq!(name.file(ending).unwrap().as_str(), file);
        }
    }
}

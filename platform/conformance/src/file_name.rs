//! Cases about making, removing and renaming.

use thimble_platform::{DirectoryEntry, ErrorKind, FileKind, ListControl};

use crate::file::{DIRECTORY, NEW, READ, Scratch, in_scratch};
use crate::outcome::{Result, check, fails};
use crate::run::{Config, cases};

cases![
    directories_are_made_once,
    removing_tells_files_from_directories,
    renaming_moves_and_replaces,
    renaming_between_directories,
    renaming_tells_files_from_directories,
    a_directory_does_not_move_into_itself,
    names_are_kept_byte_for_byte,
    long_names_are_refused_or_kept,
];

fn directories_are_made_once(config: &Config) -> Result {
    in_scratch(config, |s| {
        s.files.create_directory_at(s.directory, "d")?;
        let again = s.files.create_directory_at(s.directory, "d");
        fails(again, ErrorKind::AlreadyExists)?;
        s.make("f", b"")?;
        let file = s.files.create_directory_at(s.directory, "f");
        fails(file, ErrorKind::AlreadyExists)?;
        let kind = s.files.metadata_at(s.directory, "d")?.kind;
        check(kind == FileKind::Directory, "a directory")
    })
}

fn removing_tells_files_from_directories(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (files, here) = (s.files, s.directory);
        s.make("f", b"")?;
        files.create_directory_at(here, "d")?;
        fails(
            files.remove_directory_at(here, "f"),
            ErrorKind::NotDirectory,
        )?;
        fails(files.remove_file_at(here, "d"), ErrorKind::IsDirectory)?;
        let (d, _) = files.open_at(here, "d", DIRECTORY)?;
        files.create_directory_at(d, "inside")?;
        files.close(d)?;
        fails(files.remove_directory_at(here, "d"), ErrorKind::NotEmpty)?;
        let (d, _) = files.open_at(here, "d", DIRECTORY)?;
        files.remove_directory_at(d, "inside")?;
        files.close(d)?;
        files.remove_directory_at(here, "d")?;
        files.remove_file_at(here, "f")?;
        fails(files.remove_file_at(here, "f"), ErrorKind::NotFound)?;
        fails(files.remove_directory_at(here, "d"), ErrorKind::NotFound)?;
        check(s.count()? == 0, "nothing left")
    })
}

fn renaming_moves_and_replaces(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (files, here) = (s.files, s.directory);
        s.make("a", b"content of a")?;
        files.rename_at(here, "a", here, "b")?;
        fails(files.metadata_at(here, "a"), ErrorKind::NotFound)?;
        s.names("b", b"content of a")?;
        s.make("c", b"c")?;
        files.rename_at(here, "b", here, "c")?;
        s.names("c", b"content of a")?;
        check(s.count()? == 1, "one name")?;
        files.rename_at(here, "c", here, "c")?;
        s.names("c", b"content of a")?;
        fails(
            files.rename_at(here, "missing", here, "c"),
            ErrorKind::NotFound,
        )?;
        s.names("c", b"content of a")
    })
}

fn renaming_between_directories(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (files, here) = (s.files, s.directory);
        s.make("f", b"content")?;
        files.create_directory_at(here, "d")?;
        files.create_directory_at(here, "e")?;
        let (d, _) = files.open_at(here, "d", DIRECTORY)?;
        files.rename_at(here, "f", d, "g")?;
        fails(files.metadata_at(here, "f"), ErrorKind::NotFound)?;
        let (file, _) = files.open_at(d, "g", READ)?;
        s.holds(file, 0, b"content")?;
        files.close(file)?;
        files.rename_at(here, "e", d, "e")?;
        let kind = files.metadata_at(d, "e")?.kind;
        check(kind == FileKind::Directory, "a directory")?;
        files.close(d)?;
        check(s.count()? == 1, "one name")
    })
}

fn renaming_tells_files_from_directories(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (files, here) = (s.files, s.directory);
        s.make("f", b"content")?;
        files.create_directory_at(here, "d")?;
        files.create_directory_at(here, "full")?;
        let (full, _) = files.open_at(here, "full", DIRECTORY)?;
        files.create_directory_at(full, "inside")?;
        files.close(full)?;
        fails(
            files.rename_at(here, "f", here, "d"),
            ErrorKind::IsDirectory,
        )?;
        fails(
            files.rename_at(here, "d", here, "f"),
            ErrorKind::NotDirectory,
        )?;
        fails(
            files.rename_at(here, "d", here, "full"),
            ErrorKind::NotEmpty,
        )?;
        s.names("f", b"content")?;
        check(s.count()? == 3, "nothing to have changed")?;
        files.rename_at(here, "full", here, "d")?;
        check(s.count()? == 2, "an empty directory to be replaced")?;
        let (d, _) = files.open_at(here, "d", DIRECTORY)?;
        files.metadata_at(d, "inside")?;
        Ok(files.close(d)?)
    })
}

fn a_directory_does_not_move_into_itself(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (files, here) = (s.files, s.directory);
        files.create_directory_at(here, "d")?;
        let (d, _) = files.open_at(here, "d", DIRECTORY)?;
        let moved = files.rename_at(here, "d", d, "inside");
        files.close(d)?;
        fails(moved, ErrorKind::InvalidArgument)?;
        check(s.count()? == 1, "the directory to stay")
    })
}

fn names_are_kept_byte_for_byte(config: &Config) -> Result {
    in_scratch(config, |s| {
        // Within what every medium with long names can hold.
        for name in ["with space", "two.dots.txt", "_-+=~", "..a"] {
            s.make(name, name.as_bytes())?;
            s.names(name, name.as_bytes())?;
            check(shows_only(s, name)?, "the name as it was given")?;
            s.files.remove_file_at(s.directory, name)?;
        }
        // FAT takes no dots and spaces at the end: names to be refused, not to be cut.
        for name in ["...", "dot.", "space "] {
            match s.files.open_at(s.directory, name, NEW) {
                Err(error) if error.kind() == ErrorKind::InvalidArgument => {
                    let made = s.files.create_directory_at(s.directory, name);
                    fails(made, ErrorKind::InvalidArgument)?;
                    check(s.count()? == 0, "nothing to have been made")?;
                }
                opened => {
                    s.files.close(opened?.0)?;
                    check(shows_only(s, name)?, "the name as it was given")?;
                    s.files.remove_file_at(s.directory, name)?;
                }
            }
        }
        Ok(())
    })
}

/// Whether the directory has this name and no other.
fn shows_only(s: &Scratch, name: &str) -> Result<bool> {
    let mut found = false;
    s.files
        .list(s.directory, 0, &mut |entry: DirectoryEntry<'_>| {
            found = entry.name == name.as_bytes();
            ListControl::Continue
        })?;
    Ok(found && s.count()? == 1)
}

fn long_names_are_refused_or_kept(config: &Config) -> Result {
    let long = [b'n'; 300];
    let long = core::str::from_utf8(&long).unwrap_or_default();
    in_scratch(config, |s| {
        let made = s.files.create_directory_at(s.directory, long);
        if made.is_ok() {
            s.files.metadata_at(s.directory, long)?;
            return Ok(s.files.remove_directory_at(s.directory, long)?);
        }
        fails(made, ErrorKind::NameTooLong)?;
        check(s.count()? == 0, "nothing to have been made")
    })
}

//! Cases about links: hard ones, and symbolic ones that nobody follows.

use thimble_platform::{ErrorKind, FileKind, OpenOptions, TimeChange};

use crate::file::{DIRECTORY, KEEP, NEW, READ, Scratch, WRITE, in_scratch};
use crate::outcome::{Result, check, fails, supported};
use crate::run::{Config, cases};

cases![
    a_hard_link_is_a_further_name,
    hard_links_are_for_files,
    a_symbolic_link_says_its_target,
    opening_never_follows,
    creating_never_follows,
    metadata_is_of_the_link,
    changing_is_of_the_link,
    reading_something_else_is_refused,
];

const NO_HARD: &str = "no hard links";
const NO_SYMBOLIC: &str = "no symbolic links";

fn symlink(s: &Scratch, target: &str, name: &str) -> Result {
    let made = s.files.symlink_at(target, s.directory, name);
    supported(made, NO_SYMBOLIC)
}

fn a_hard_link_is_a_further_name(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (files, here) = (s.files, s.directory);
        s.make("a", b"content")?;
        supported(files.link_at(here, "a", here, "b"), NO_HARD)?;
        let (a, b) = (files.metadata_at(here, "a")?, files.metadata_at(here, "b")?);
        check(a.links == 2 && b.links == 2, "two names")?;
        check(a.inode == b.inode && a.device == b.device, "one object")?;
        files.remove_file_at(here, "a")?;
        check(files.metadata_at(here, "b")?.links == 1, "one name")?;
        s.names("b", b"content")?;
        s.make("c", b"")?;
        let taken = files.link_at(here, "b", here, "c");
        fails(taken, ErrorKind::AlreadyExists)?;
        let missing = files.link_at(here, "missing", here, "d");
        fails(missing, ErrorKind::NotFound)
    })
}

fn hard_links_are_for_files(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (files, here) = (s.files, s.directory);
        files.create_directory_at(here, "d")?;
        let linked = supported(files.link_at(here, "d", here, "e"), NO_HARD);
        match linked {
            Ok(()) => check(false, "a directory to have one name"),
            // Which kind depends on whether there are hard links at all.
            Err(crate::outcome::Stop::Skipped(why)) => Err(crate::outcome::Stop::Skipped(why)),
            Err(_) => fails(files.link_at(here, "d", here, "e"), ErrorKind::NotPermitted),
        }
    })
}

fn a_symbolic_link_says_its_target(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (files, here) = (s.files, s.directory);
        for target in [
            "x",
            "../..",
            "/absolute/path",
            "no/such/place",
            "spaced out",
        ] {
            symlink(s, target, "link")?;
            let mut buffer = [0; 64];
            let length = files.read_link_at(here, "link", &mut buffer)?;
            check(length == target.len(), "the length of the target")?;
            let said = buffer.get(..length).unwrap_or_default();
            check(said == target.as_bytes(), "the target")?;
            let again = files.symlink_at(target, here, "link");
            fails(again, ErrorKind::AlreadyExists)?;
            files.remove_file_at(here, "link")?;
        }
        symlink(s, "twelve bytes", "link")?;
        let mut short = [0; 5];
        let length = files.read_link_at(here, "link", &mut short)?;
        check(length == 12, "the whole length")?;
        check(&short == b"twelv", "the first bytes")?;
        check(
            files.read_link_at(here, "link", &mut [])? == 12,
            "the whole length without room",
        )?;
        let empty = files.symlink_at("", here, "empty");
        fails(empty, ErrorKind::InvalidArgument)
    })
}

fn opening_never_follows(config: &Config) -> Result {
    let truncate = OpenOptions {
        truncate: true,
        ..WRITE
    };
    let walk = OpenOptions {
        read: false,
        ..DIRECTORY
    };
    in_scratch(config, |s| {
        s.make("file", b"content")?;
        s.files.create_directory_at(s.directory, "directory")?;
        for target in ["file", "directory", "missing", ".", "..", "/", "link"] {
            symlink(s, target, "link")?;
            for options in [READ, WRITE, truncate, DIRECTORY, walk] {
                let opened = s.files.open_at(s.directory, "link", options);
                fails(opened, ErrorKind::Loop)?;
            }
            s.files.remove_file_at(s.directory, "link")?;
        }
        s.names("file", b"content")
    })
}

fn creating_never_follows(config: &Config) -> Result {
    let create = OpenOptions {
        create: true,
        ..WRITE
    };
    in_scratch(config, |s| {
        for target in ["missing", "/", "."] {
            symlink(s, target, "link")?;
            let opened = s.files.open_at(s.directory, "link", create);
            fails(opened, ErrorKind::Loop)?;
            let opened = s.files.open_at(s.directory, "link", NEW);
            fails(opened, ErrorKind::AlreadyExists)?;
            let made = s.files.create_directory_at(s.directory, "link");
            fails(made, ErrorKind::AlreadyExists)?;
            s.files.remove_file_at(s.directory, "link")?;
        }
        check(s.count()? == 0, "nothing to have been made")
    })
}

fn metadata_is_of_the_link(config: &Config) -> Result {
    in_scratch(config, |s| {
        s.make("file", b"content")?;
        symlink(s, "file", "link")?;
        let file = s.files.metadata_at(s.directory, "file")?;
        let link = s.files.metadata_at(s.directory, "link")?;
        check(link.kind == FileKind::SymbolicLink, "a symbolic link")?;
        check(link.size == 4, "the length of the target's name")?;
        check(link.inode != file.inode || link.inode == 0, "two objects")?;
        check(file.links == 1, "a symbolic link not to count as a name")
    })
}

fn changing_is_of_the_link(config: &Config) -> Result {
    const THEN: u64 = 1_000_000_000_000_000_000;
    in_scratch(config, |s| {
        let (files, here) = (s.files, s.directory);
        s.make("file", b"content")?;
        symlink(s, "file", "link")?;
        let before = files.metadata_at(here, "file")?;
        match files.set_times_at(here, "link", KEEP, TimeChange::At(THEN)) {
            Err(error) if error.kind() == ErrorKind::NotSupported => {}
            result => result?,
        }
        let after = files.metadata_at(here, "file")?;
        check(
            after.modified == before.modified,
            "the file's times to stay",
        )?;
        files.rename_at(here, "link", here, "moved")?;
        let kind = files.metadata_at(here, "moved")?.kind;
        check(kind == FileKind::SymbolicLink, "the link to be renamed")?;
        files.remove_file_at(here, "moved")?;
        s.names("file", b"content")?;
        files.create_directory_at(here, "d")?;
        symlink(s, "d", "link")?;
        fails(
            files.remove_directory_at(here, "link"),
            ErrorKind::NotDirectory,
        )?;
        files.metadata_at(here, "d")?;
        files.metadata_at(here, "link")?;
        Ok(())
    })
}

fn reading_something_else_is_refused(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (files, here) = (s.files, s.directory);
        symlink(s, "x", "link")?;
        s.make("file", b"content")?;
        files.create_directory_at(here, "directory")?;
        for name in ["file", "directory"] {
            let read = files.read_link_at(here, name, &mut [0; 16]);
            fails(read, ErrorKind::InvalidArgument)?;
        }
        let missing = files.read_link_at(here, "missing", &mut [0; 16]);
        fails(missing, ErrorKind::NotFound)
    })
}

//! Cases about opening files.

use thimble_platform::{ErrorKind, FileHandle, FileKind, OpenOptions};

use crate::file::{DIRECTORY, KEEP, NEW, READ, WRITE, in_scratch};
use crate::outcome::{Result, check, fails};
use crate::run::{Config, cases};

cases![
    a_root_must_be_a_directory,
    what_is_missing_is_not_found,
    exclusive_makes_a_file_once,
    create_takes_what_is_there,
    truncate_empties,
    directories_and_files_differ,
    contradicting_options_are_refused,
    names_are_one_component,
    unknown_handles_are_refused,
    a_duplicate_lives_on,
    closed_files_come_back,
];

fn a_root_must_be_a_directory(config: &Config) -> Result {
    let (files, path) = config.files()?;
    let root = files.open_root(path)?;
    let kind = files.metadata(root)?.kind;
    check(kind == FileKind::Directory, "a directory")?;
    files.close(root)?;
    fails(
        files.open_root("/there/is/no/such/directory"),
        ErrorKind::NotFound,
    )
}

fn what_is_missing_is_not_found(config: &Config) -> Result {
    in_scratch(config, |s| {
        for options in [READ, WRITE, DIRECTORY] {
            let opened = s.files.open_at(s.directory, "missing", options);
            fails(opened, ErrorKind::NotFound)?;
        }
        let metadata = s.files.metadata_at(s.directory, "missing");
        fails(metadata, ErrorKind::NotFound)
    })
}

fn exclusive_makes_a_file_once(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (file, kind) = s.files.open_at(s.directory, "new", NEW)?;
        check(kind == FileKind::Regular, "a regular file")?;
        let metadata = s.files.metadata(file)?;
        check(metadata.kind == FileKind::Regular, "a regular file")?;
        check(metadata.size == 0, "an empty file")?;
        check(metadata.links == 1, "one name")?;
        s.files.close(file)?;
        let again = s.files.open_at(s.directory, "new", NEW);
        fails(again, ErrorKind::AlreadyExists)?;
        s.files.create_directory_at(s.directory, "directory")?;
        let directory = s.files.open_at(s.directory, "directory", NEW);
        fails(directory, ErrorKind::AlreadyExists)
    })
}

fn create_takes_what_is_there(config: &Config) -> Result {
    let create = OpenOptions {
        create: true,
        ..WRITE
    };
    in_scratch(config, |s| {
        s.make("file", b"content")?;
        let (file, _) = s.files.open_at(s.directory, "file", create)?;
        check(s.files.metadata(file)?.size == 7, "the content to stay")?;
        s.files.close(file)?;
        let (file, _) = s.files.open_at(s.directory, "other", create)?;
        s.files.close(file)?;
        s.names("other", b"")
    })
}

fn truncate_empties(config: &Config) -> Result {
    let truncate = OpenOptions {
        truncate: true,
        ..WRITE
    };
    in_scratch(config, |s| {
        s.make("file", b"content")?;
        let (file, _) = s.files.open_at(s.directory, "file", truncate)?;
        check(s.files.metadata(file)?.size == 0, "an empty file")?;
        s.files.close(file)?;
        s.names("file", b"")?;
        let missing = s.files.open_at(s.directory, "missing", truncate);
        fails(missing, ErrorKind::NotFound)
    })
}

fn directories_and_files_differ(config: &Config) -> Result {
    in_scratch(config, |s| {
        s.make("file", b"")?;
        s.files.create_directory_at(s.directory, "directory")?;
        let file = s.files.open_at(s.directory, "file", DIRECTORY);
        fails(file, ErrorKind::NotDirectory)?;
        let directory = s.files.open_at(s.directory, "directory", WRITE);
        fails(directory, ErrorKind::IsDirectory)?;
        let (directory, kind) = s.files.open_at(s.directory, "directory", READ)?;
        check(kind == FileKind::Directory, "a directory")?;
        let read = s.files.read_at(directory, 0, &mut [0; 4]);
        fails(read, ErrorKind::IsDirectory)?;
        let size = s.files.set_size(directory, 0);
        fails(size, ErrorKind::InvalidArgument)?;
        s.files.close(directory)?;
        // A file is no place for names.
        let (file, _) = s.files.open_at(s.directory, "file", READ)?;
        let inside = s.files.open_at(file, "inside", READ);
        fails(inside, ErrorKind::NotDirectory)?;
        let inside = s.files.metadata_at(file, "inside");
        fails(inside, ErrorKind::NotDirectory)?;
        Ok(s.files.close(file)?)
    })
}

fn contradicting_options_are_refused(config: &Config) -> Result {
    let none = OpenOptions::default();
    let contradictions = [
        none,
        OpenOptions {
            create: true,
            ..none
        },
        OpenOptions {
            truncate: true,
            ..READ
        },
        OpenOptions {
            exclusive: true,
            ..WRITE
        },
        OpenOptions {
            directory: true,
            ..WRITE
        },
        OpenOptions {
            create: true,
            ..DIRECTORY
        },
    ];
    in_scratch(config, |s| {
        s.make("file", b"content")?;
        for options in contradictions {
            let opened = s.files.open_at(s.directory, "file", options);
            fails(opened, ErrorKind::InvalidArgument)?;
        }
        s.names("file", b"content")
    })
}

fn names_are_one_component(config: &Config) -> Result {
    let refused = ErrorKind::InvalidArgument;
    in_scratch(config, |s| {
        let (files, here) = (s.files, s.directory);
        files.create_directory_at(here, "d")?;
        s.make("f", b"")?;
        for name in ["", ".", "..", "/", "d/", "d/..", "../case", "/tmp", "a\0b"] {
            for options in [READ, NEW, DIRECTORY] {
                fails(files.open_at(here, name, options), refused)?;
            }
            fails(files.metadata_at(here, name), refused)?;
            fails(files.set_times_at(here, name, KEEP, KEEP), refused)?;
            fails(files.create_directory_at(here, name), refused)?;
            fails(files.remove_file_at(here, name), refused)?;
            fails(files.remove_directory_at(here, name), refused)?;
            fails(files.rename_at(here, name, here, "g"), refused)?;
            fails(files.rename_at(here, "f", here, name), refused)?;
            fails(files.link_at(here, name, here, "g"), refused)?;
            fails(files.link_at(here, "f", here, name), refused)?;
            fails(files.symlink_at("f", here, name), refused)?;
            fails(files.read_link_at(here, name, &mut [0; 4]), refused)?;
        }
        check(s.count()? == 2, "nothing to have changed")
    })
}

fn unknown_handles_are_refused(config: &Config) -> Result {
    let refused = ErrorKind::BadDescriptor;
    in_scratch(config, |s| {
        let files = s.files;
        let (stale, _) = files.open_at(s.directory, "file", NEW)?;
        files.close(stale)?;
        for handle in [stale, FileHandle::from_raw(usize::MAX)] {
            fails(files.read_at(handle, 0, &mut [0; 4]), refused)?;
            fails(files.write_at(handle, 0, b"data"), refused)?;
            fails(files.set_size(handle, 0), refused)?;
            fails(files.sync(handle, false), refused)?;
            fails(files.metadata(handle), refused)?;
            fails(files.set_times(handle, KEEP, KEEP), refused)?;
            fails(files.duplicate(handle), refused)?;
            fails(files.open_at(handle, "file", READ), refused)?;
            fails(files.metadata_at(handle, "file"), refused)?;
            fails(files.create_directory_at(handle, "d"), refused)?;
            fails(files.remove_file_at(handle, "file"), refused)?;
            fails(files.rename_at(s.directory, "file", handle, "to"), refused)?;
            fails(files.close(handle), refused)?;
        }
        Ok(())
    })
}

fn a_duplicate_lives_on(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (file, _) = s.files.open_at(s.directory, "file", NEW)?;
        let duplicate = s.files.duplicate(file)?;
        check(duplicate != file, "another handle")?;
        s.write_all(file, 0, b"content")?;
        s.files.close(file)?;
        s.holds(duplicate, 0, b"content")?;
        s.write_all(duplicate, 4, b"inue")?;
        s.files.close(duplicate)?;
        s.names("file", b"continue")?;
        let directory = s.files.duplicate(s.directory)?;
        let (file, _) = s.files.open_at(directory, "file", READ)?;
        s.files.close(directory)?;
        s.holds(file, 0, b"continue")?;
        Ok(s.files.close(file)?)
    })
}

fn closed_files_come_back(config: &Config) -> Result {
    in_scratch(config, |s| {
        s.make("file", b"content")?;
        for _ in 0..500 {
            let (file, _) = s.files.open_at(s.directory, "file", READ)?;
            s.files.close(file)?;
            let directory = s.files.duplicate(s.directory)?;
            s.files.close(directory)?;
        }
        Ok(())
    })
}

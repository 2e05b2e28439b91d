//! Programs in files.

// Runs on a developer's machine; a check that cannot be made fails.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic
)]

mod storage_support;

use std::fs;
use std::sync::LazyLock;

use storage_support::files::{Directory, Medium};
use storage_support::nor::Effect;
use storage_support::{
    execute, image, install, installing, is_out_of_memory, module, names, refusals, run, together,
};
use thimble::code::image::{FORMAT_VERSION, ImageError};
use thimble::{Engine, Error};
use thimble_device::storage::{FileStorage, Storage, StorageError};
use thimble_platform::testing::{Call, FaultInjector};
use thimble_platform::{ErrorKind, Platform};
use thimble_platform_host::Host;
use thimble_tests_memory::allocator::{Allocator, undisturbed};
use thimble_tests_memory::roomy::Roomy;
use thimble_tests_memory::sweep::{End, sweep};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

static HOST: LazyLock<Host> = LazyLock::new(Host::new);

fn storage(platform: &'static dyn Platform, directory: &Directory) -> FileStorage {
    FileStorage::new(platform, directory.programs(), 256).unwrap()
}

fn new() -> (Directory, FileStorage) {
    let directory = Directory::new();
    let storage = storage(&*HOST, &directory);
    (directory, storage)
}

#[test]
fn programs_are_installed_listed_run_and_removed() {
    let (directory, storage) = new();
    // The directory is made by the first installation.
    assert_eq!(names(&storage), [""; 0]);
    assert_eq!(run(&storage, "a"), Err(StorageError::NotFound));
    assert_eq!(storage.remove("a"), Err(StorageError::NotFound));
    assert!(!fs::exists(directory.programs()).unwrap());
    let (one, two) = (module(1, 0), module(2, 1_500));
    let length = install(&storage, "a", &one).unwrap();
    assert_eq!(length as usize, image(&one).len());
    install(&storage, "b", &two).unwrap();
    install(&storage, "c.d", &image(&two)).unwrap();
    assert_eq!(directory.names(), ["a.thm", "b.thm", "c.d.thm"]);
    assert_eq!(fs::read(directory.file("b.thm")).unwrap(), image(&two));
    storage
        .list(&mut |installed| {
            let expected = if installed.name == "a" { &one } else { &two };
            assert_eq!(installed.length as usize, image(expected).len());
            assert!(!installed.in_place);
        })
        .unwrap();
    let loaded = storage.load(&Engine::default(), "b").unwrap();
    assert!(loaded.lease.is_none());
    // It is in memory, so it can be replaced and removed.
    install(&storage, "b", &one).unwrap();
    assert_eq!(execute(&loaded), Ok(2));
    assert_eq!(run(&storage, "b"), Ok(1));
    assert_eq!(storage.remove("b"), Ok(()));
    assert_eq!(execute(&loaded), Ok(2));
    assert_eq!(run(&storage, "b"), Err(StorageError::NotFound));
    assert_eq!(names(&storage), ["a", "c.d"]);
    assert_eq!(run(&storage, "c.d"), Ok(2));
}

#[test]
fn what_is_refused_leaves_what_was_installed() {
    let (directory, storage) = new();
    refusals(&storage);
    assert_eq!(directory.names(), ["a.thm"]);
}

#[test]
fn other_operations_go_on_while_a_program_is_installed() {
    let (_directory, storage) = new();
    installing(&storage);
    // Not removing the program itself, of which nobody knows yet which one it is.
    let bytes = module(2, 1_000);
    let mut source = storage_support::Meanwhile {
        bytes: &bytes,
        started: false,
        act: || assert_eq!(storage.remove("a"), Err(StorageError::Busy)),
    };
    storage
        .install(&Engine::default(), "a", &mut source)
        .unwrap();
    assert_eq!(run(&storage, "a"), Ok(2));
}

#[test]
fn threads_use_a_storage_together() {
    let (_directory, storage) = new();
    together(&storage);
}

#[test]
fn a_program_that_is_being_written_is_none() {
    let (_directory, storage) = new();
    let bytes = module(1, 1_000);
    let mut source = storage_support::Meanwhile {
        bytes: &bytes,
        started: false,
        act: || {
            assert_eq!(names(&storage), [""; 0]);
            assert_eq!(run(&storage, "a"), Err(StorageError::NotFound));
        },
    };
    storage
        .install(&Engine::default(), "a", &mut source)
        .unwrap();
    assert_eq!(run(&storage, "a"), Ok(1));
}

#[test]
fn images_are_verified_at_each_load() {
    let (directory, storage) = new();
    install(&storage, "a", &module(1, 300)).unwrap();
    let good = fs::read(directory.file("a.thm")).unwrap();
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut changed = good.clone();
        change(&mut changed);
        fs::write(directory.file("a.thm"), changed).unwrap();
        assert_eq!(names(&storage), ["a"]);
        match run(&storage, "a").unwrap_err() {
            StorageError::Program(Error::Image(error)) => error,
            error => panic!("{error:?}"),
        }
    };
    for at in 0..good.len() {
        with(&|image| image[at] ^= 1 << (at % 8));
    }
    for length in [0, 3, 63, 64, good.len() - 1] {
        with(&|image| image.truncate(length));
    }
    let malformed = with(&|image| {
        image[66] ^= 1;
        storage_support::seal(image);
    });
    assert!(
        matches!(malformed, ImageError::Malformed { .. }),
        "{malformed:?}"
    );
    let huge = with(&|image| {
        image[12..16].copy_from_slice(&0xffff_fff0_u32.to_le_bytes());
        storage_support::seal(image);
    });
    let expected = 0xffff_fff0;
    assert_eq!(huge, ImageError::Truncated { expected });
    let version = with(&|image| {
        image[4] += 1;
        storage_support::seal(image);
    });
    let found = FORMAT_VERSION + 1;
    assert_eq!(version, ImageError::Version { found });
    // A damaged one is replaced, or removed.
    install(&storage, "a", &module(2, 300)).unwrap();
    assert_eq!(run(&storage, "a"), Ok(2));
    with(&|image| image.truncate(10));
    storage.remove("a").unwrap();
    assert_eq!(directory.names(), [""; 0]);
}

#[test]
fn what_else_is_in_the_directory_stays() {
    let (directory, storage) = new();
    install(&storage, "a", &module(1, 0)).unwrap();
    fs::write(directory.file("notes.txt"), "text").unwrap();
    fs::write(directory.file(".thm"), "no name").unwrap();
    fs::write(directory.file("not a name.new"), "").unwrap();
    fs::create_dir(directory.file("d.thm")).unwrap();
    fs::create_dir(directory.file("e.new")).unwrap();
    std::os::unix::fs::symlink(directory.file("a.thm"), directory.file("link.thm")).unwrap();
    let others = directory.names();
    assert_eq!(names(&storage), ["a"]);
    for name in ["d", "e", "link"] {
        assert_eq!(run(&storage, name), Err(StorageError::NotFound));
        assert_eq!(storage.remove(name), Err(StorageError::NotFound));
    }
    install(&storage, "a", &module(2, 0)).unwrap();
    assert_eq!(run(&storage, "a"), Ok(2));
    assert!(install(&storage, "d", &module(2, 0)).is_err());
    assert_eq!(directory.names(), others);
}

#[test]
fn files_that_were_not_renamed_are_programs_or_go() {
    let (directory, storage) = new();
    install(&storage, "other", &module(9, 0)).unwrap();
    let (one, two) = (image(&module(1, 500)), image(&module(2, 500)));
    let write = |name: &str, bytes: &[u8]| fs::write(directory.file(name), bytes).unwrap();
    // Cut before renaming: the old one counts.
    write("both.thm", &one);
    write("both.new", &two);
    // Cut between removing and renaming.
    write("new.new", &two);
    // Cut while writing.
    write("short.new", &two[..two.len() - 1]);
    write("zeros.new", &[&[0; 64], &two[64..]].concat());
    for _ in 0..2 {
        assert_eq!(names(&storage), ["both", "new", "other"]);
        assert_eq!(run(&storage, "both"), Ok(1));
        assert_eq!(run(&storage, "new"), Ok(2));
        assert_eq!(run(&storage, "short"), Err(StorageError::NotFound));
        assert_eq!(run(&storage, "zeros"), Err(StorageError::NotFound));
        assert_eq!(storage.remove("zeros"), Err(StorageError::NotFound));
        // Any installation clears up, after which all is the same.
        install(&storage, "other", &module(9, 0)).unwrap();
        assert_eq!(directory.names(), ["both.thm", "new.thm", "other.thm"]);
    }
    // What is removed does not come back.
    write("both.new", &two);
    write("only.new", &two);
    storage.remove("both").unwrap();
    storage.remove("only").unwrap();
    assert_eq!(names(&storage), ["new", "other"]);
    assert_eq!(directory.names(), ["new.thm", "other.thm"]);
    // The only copy outlives a replacement that is refused.
    write("only.new", &two);
    install(&storage, "only", &one[..100]).unwrap_err();
    assert_eq!(run(&storage, "only"), Ok(2));
}

/// Replaces a program, or removes it, with power lost at every change.
fn cut(two_steps: bool, act: &dyn Fn(&dyn Storage) -> Result<(), StorageError>) -> u32 {
    let mut cuts = 0;
    for effect in [Effect::None, Effect::Half, Effect::All] {
        for number in 0.. {
            let (directory, medium) = (Directory::new(), Medium::new(two_steps));
            let storage = storage(medium, &directory);
            install(&storage, "other", &module(3, 10)).unwrap();
            install(&storage, "a", &module(1, 1_100)).unwrap();
            medium.cut_at(number, effect);
            let acted = act(&storage);
            let was_cut = medium.restart();
            let what = format!("{effect:?} at {number}, {two_steps}");
            let storage = self::storage(medium, &directory);
            let value = run(&storage, "a");
            assert!(
                matches!(value, Ok(1 | 2) | Err(StorageError::NotFound)),
                "{what}: {value:?}"
            );
            let mut expected = vec!["a", "other"];
            if value.is_err() {
                expected.remove(0);
            }
            assert_eq!(names(&storage), expected, "{what}");
            if !was_cut {
                acted.unwrap();
                assert_ne!(value, Ok(1));
                break;
            }
            assert!(acted.is_err() || value != Ok(1), "{what}");
            cuts += 1;
            // Nor does a second cut lose what is there, wherever it comes.
            medium.cut_at(number, effect);
            let third = install(&storage, "a", &module(4, 600));
            medium.restart();
            let storage = self::storage(medium, &directory);
            let second = run(&storage, "a");
            assert!(second == value || second == Ok(4), "{what}: {second:?}");
            assert!(third.is_err() || second == Ok(4), "{what}");
            install(&storage, "a", &module(5, 600)).unwrap();
            assert_eq!(run(&storage, "a"), Ok(5), "{what}");
            assert_eq!(run(&storage, "other"), Ok(3), "{what}");
            assert_eq!(directory.names(), ["a.thm", "other.thm"], "{what}");
        }
    }
    cuts
}

#[test]
fn after_a_cut_there_is_the_old_or_the_new_program() {
    for two_steps in [false, true] {
        // Opening, pieces, the header, synchronising, renaming.
        let bytes = module(2, 900);
        let replace = |storage: &dyn Storage| install(storage, "a", &bytes).map(drop);
        assert!(cut(two_steps, &replace) >= 3 * 8);
        let image = image(&bytes);
        let replace = |storage: &dyn Storage| install(storage, "a", &image).map(drop);
        assert!(cut(two_steps, &replace) >= 3 * 8);
        assert_eq!(cut(two_steps, &|storage| storage.remove("a")), 3);
    }
}

#[test]
fn after_a_cut_of_the_first_installation_there_is_the_program_or_none() {
    for two_steps in [false, true] {
        for effect in [Effect::None, Effect::Half, Effect::All] {
            for number in 0.. {
                let (directory, medium) = (Directory::new(), Medium::new(two_steps));
                let storage = storage(medium, &directory);
                medium.cut_at(number, effect);
                let installed = install(&storage, "a", &module(1, 900));
                let was_cut = medium.restart();
                let storage = self::storage(medium, &directory);
                let value = run(&storage, "a");
                let is_there = names(&storage) == ["a"];
                assert_eq!(
                    value,
                    if is_there {
                        Ok(1)
                    } else {
                        Err(StorageError::NotFound)
                    }
                );
                assert!(is_there || installed.is_err());
                install(&storage, "a", &module(2, 900)).unwrap();
                assert_eq!(run(&storage, "a"), Ok(2));
                assert_eq!(directory.names(), ["a.thm"]);
                if !was_cut {
                    assert!(number >= 9, "{number} changes");
                    break;
                }
            }
        }
    }
}

#[test]
fn a_change_that_fails_leaves_the_old_program_and_nothing_else() {
    let kinds = [
        (ErrorKind::Io, StorageError::Platform(ErrorKind::Io.into())),
        (ErrorKind::NoSpace, StorageError::Full),
        (
            ErrorKind::ReadOnly,
            StorageError::Platform(ErrorKind::ReadOnly.into()),
        ),
        (ErrorKind::Busy, StorageError::Busy),
    ];
    for (kind, expected) in kinds {
        for two_steps in [false, true] {
            for effect in [Effect::None, Effect::Half] {
                for number in 0.. {
                    let (directory, medium) = (Directory::new(), Medium::new(two_steps));
                    let storage = storage(medium, &directory);
                    install(&storage, "a", &module(1, 1_100)).unwrap();
                    medium.fail_at(number, effect, kind);
                    let installed = install(&storage, "a", &module(2, 900));
                    if !medium.restart() {
                        assert!(installed.is_ok());
                        assert!(number >= 8, "{number} changes");
                        break;
                    }
                    let what = format!("{kind:?} {effect:?} at {number}, {two_steps}");
                    assert_eq!(installed, Err(expected), "{what}");
                    assert_eq!(names(&storage), ["a"], "{what}");
                    let value = run(&storage, "a");
                    if directory.names() == ["a.new"] {
                        // Removed, and not renamed.
                        assert!(two_steps, "{what}");
                        assert_eq!(value, Ok(2), "{what}");
                    } else {
                        assert_eq!(value, Ok(1), "{what}");
                        assert_eq!(directory.names(), ["a.thm"], "{what}");
                    }
                    install(&storage, "a", &module(3, 600)).unwrap();
                    assert_eq!(run(&storage, "a"), Ok(3), "{what}");
                }
            }
        }
    }
}

#[test]
fn any_call_that_fails_is_told_and_leaves_the_old_program() {
    let platform: &FaultInjector<'_> = Box::leak(Box::new(FaultInjector::new(&*HOST)));
    let directory = Directory::new();
    let storage = storage(platform, &directory);
    install(&storage, "a", &module(1, 500)).unwrap();
    install(&storage, "b", &module(9, 500)).unwrap();
    type Act<'a> = &'a dyn Fn() -> Result<(), StorageError>;
    let acts: [(&str, Act<'_>); 4] = [
        ("install", &|| {
            install(&storage, "a", &module(1, 900)).map(drop)
        }),
        ("install an image", &|| {
            install(&storage, "a", &image(&module(1, 900))).map(drop)
        }),
        ("load", &|| run(&storage, "a").map(drop)),
        ("list", &|| storage.list(&mut |_| ())),
    ];
    for (what, act) in acts {
        let calls = [
            Call::FileOpen,
            Call::FileRead,
            Call::FileWrite,
            Call::FileList,
            Call::FileMetadata,
            Call::FileName,
        ];
        let mut number = 0;
        loop {
            number += 1;
            platform.fail(&calls, number, ErrorKind::Io);
            let done = act();
            let failed = platform.seen() >= number;
            platform.fail(&[], 0, ErrorKind::Io);
            assert_eq!(run(&storage, "a"), Ok(1), "{what} {number}");
            assert_eq!(names(&storage), ["a", "b"], "{what} {number}");
            if !failed {
                assert_eq!(done, Ok(()), "{what}");
                break;
            }
            let error = StorageError::Platform(ErrorKind::Io.into());
            assert_eq!(done, Err(error), "{what} {number}");
            assert_eq!(directory.names(), ["a.thm", "b.thm"], "{what} {number}");
        }
        assert!(number > 4, "{what}: {number} calls");
    }
}

#[test]
fn a_medium_that_is_removed_is_an_error_and_comes_back() {
    let (directory, medium) = (Directory::new(), Medium::new(true));
    let storage = storage(medium, &directory);
    install(&storage, "a", &module(1, 500)).unwrap();
    medium.remove();
    let error = StorageError::Platform(ErrorKind::Io.into());
    assert_eq!(storage.list(&mut |_| ()), Err(error));
    assert_eq!(run(&storage, "a"), Err(error));
    assert_eq!(storage.remove("a"), Err(error));
    assert_eq!(install(&storage, "a", &module(2, 500)), Err(error));
    medium.restart();
    let bytes = module(2, 900);
    let mut source = storage_support::Meanwhile {
        bytes: &bytes,
        started: true,
        act: || medium.remove(),
    };
    let installed = storage.install(&Engine::default(), "a", &mut source);
    assert_eq!(installed, Err(error));
    medium.restart();
    assert_eq!(run(&storage, "a"), Ok(1));
    install(&storage, "a", &bytes).unwrap();
    assert_eq!(run(&storage, "a"), Ok(2));
    assert_eq!(directory.names(), ["a.thm"]);
}

#[test]
fn a_directory_without_a_parent_is_an_error() {
    let directory = Directory::new();
    let path = directory.file("deeper");
    let storage = FileStorage::new(&*HOST, path, 256).unwrap();
    for result in [
        storage.list(&mut |_| ()),
        run(&storage, "a").map(drop),
        install(&storage, "a", &module(1, 0)).map(drop),
        storage.remove("a"),
    ] {
        assert!(
            matches!(result, Err(StorageError::Platform(error)) if error.kind() == ErrorKind::NotFound),
            "{result:?}"
        );
    }
}

#[test]
fn a_failed_allocation_leaves_the_old_program() {
    let directory = Directory::new();
    let platform: &Roomy = Box::leak(Box::new(Roomy(Host::new())));
    let storage = storage(platform, &directory);
    let (old, new) = (module(1, 1_000), module(2, 1_000));
    let image = image(&new);
    for bytes in [&new, &image] {
        let allocations = sweep("installing in a file", || {
            undisturbed(|| install(&storage, "a", &old).unwrap());
            match install(&storage, "a", bytes) {
                Ok(_) => {
                    undisturbed(|| assert_eq!(run(&storage, "a"), Ok(2)));
                    End::Complete
                }
                Err(error) => {
                    undisturbed(|| {
                        assert!(is_out_of_memory(&error), "{error:?}");
                        assert_eq!(run(&storage, "a"), Ok(1));
                        assert_eq!(directory.names(), ["a.thm"]);
                    });
                    End::NoMemory
                }
            }
        });
        assert!(allocations >= 2, "{allocations}");
    }
    undisturbed(|| install(&storage, "a", &old).unwrap());
    let engine = Engine::default();
    sweep("loading from a file", || match storage.load(&engine, "a") {
        Ok(loaded) => {
            undisturbed(|| assert_eq!(execute(&loaded), Ok(1)));
            End::Complete
        }
        Err(error) => {
            undisturbed(|| assert!(is_out_of_memory(&error), "{error:?}"));
            End::NoMemory
        }
    });
}

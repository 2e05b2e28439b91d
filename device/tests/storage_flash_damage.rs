//! Programs in a flash partition that loses power, fails, or holds what nobody wrote.

// Runs on a developer's machine; a check that cannot be made fails.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic
)]

mod storage_support;

use storage_support::flash::{COPIED, GEOMETRIES, MAPPED, host, new, records, storage};
use storage_support::nor::{Effect, Geometry, Nor};
use storage_support::{crc, install, module, module_with, names, run};
use thimble::Error;
use thimble::code::image::{FORMAT_VERSION, ImageError};
use thimble_device::storage::{Flash, Storage, StorageError};
use thimble_platform::ErrorKind;

/// Replaces a program with power lost at every operation in every way.
fn cut_while_replacing(geometry: Geometry, again: bool) -> u32 {
    let platform = host();
    let (old, new) = (module(1, 1_100), module(2, 900));
    let (other, third) = (module(3, 10), module(4, 600));
    let mut cuts = 0;
    for effect in Effect::EACH {
        for number in 0.. {
            let nor = Nor::new(geometry);
            let storage = storage(platform, nor);
            install(&storage, "other", &other).unwrap();
            install(&storage, "a", &old).unwrap();
            nor.cut_at(number, effect);
            let installed = install(&storage, "a", &new);
            if !nor.restart() {
                assert_eq!(run(&storage, "a"), Ok(2));
                break;
            }
            cuts += 1;
            let what = format!("{geometry:?}, {effect:?} at {number}");
            let storage = self::storage(platform, nor);
            let value = run(&storage, "a");
            assert!(matches!(value, Ok(1 | 2)), "{what}: {value:?}");
            if installed.is_ok() {
                assert_eq!(value, Ok(2), "{what}");
            }
            assert_eq!(run(&storage, "other"), Ok(3), "{what}");
            assert_eq!(names(&storage), ["a", "other"], "{what}");
            if again {
                // Another cut, at the same operation of what clears up after the first.
                nor.cut_at(number, Effect::Garbage);
                let installed = install(&storage, "a", &third).is_ok();
                let was_cut = nor.restart();
                let storage = self::storage(platform, nor);
                let second = run(&storage, "a");
                assert!(second == value || second == Ok(4), "{what}: {second:?}");
                assert!(second == Ok(4) || was_cut && !installed, "{what}");
            }
            // All is as if nothing had happened.
            let storage = self::storage(platform, nor);
            install(&storage, "a", &third).unwrap();
            assert_eq!(run(&storage, "a"), Ok(4), "{what}");
            assert_eq!(names(&storage), ["a", "other"], "{what}");
            assert_eq!(records(nor).len(), 2, "{what}");
            storage.remove("a").unwrap();
            storage.remove("other").unwrap();
            assert_eq!(records(nor), [], "{what}");
            let whole = (geometry.page * (geometry.pages - 2)) as usize;
            install(&storage, "whole", &module(5, whole)).unwrap();
            assert_eq!(run(&storage, "whole"), Ok(5), "{what}");
        }
    }
    cuts
}

#[test]
fn after_a_cut_there_is_the_old_or_the_new_program() {
    for geometry in GEOMETRIES {
        let cuts = cut_while_replacing(geometry, false);
        // Each has pages to erase, pieces to program, two headers, and an old record.
        assert!(cuts >= 4 * 8, "{cuts}");
    }
}

#[test]
fn after_two_cuts_there_is_the_old_or_a_new_program() {
    assert!(cut_while_replacing(MAPPED, true) >= 4 * 8);
    assert!(cut_while_replacing(COPIED, true) >= 4 * 8);
}

#[test]
fn after_a_cut_a_removed_program_is_there_or_not() {
    for geometry in GEOMETRIES {
        for effect in Effect::EACH {
            let (nor, storage) = new(geometry);
            install(&storage, "other", &module(3, 10)).unwrap();
            install(&storage, "a", &module(1, 1_100)).unwrap();
            nor.cut_at(0, effect);
            storage.remove("a").unwrap_err();
            assert!(nor.restart());
            let storage = self::storage(host(), nor);
            match run(&storage, "a") {
                Ok(value) => assert_eq!(value, 1),
                Err(StorageError::NotFound) => {
                    assert_eq!(storage.remove("a"), Err(StorageError::NotFound));
                }
                // The header may have survived, but not all of the first page.
                Err(StorageError::Program(Error::Image(ImageError::ContentChecksum))) => {
                    storage.remove("a").unwrap();
                }
                Err(error) => panic!("{error:?}"),
            }
            assert_eq!(run(&storage, "other"), Ok(3));
            install(&storage, "a", &module(2, 900)).unwrap();
            assert_eq!(run(&storage, "a"), Ok(2));
            storage.remove("a").unwrap();
            storage.remove("other").unwrap();
            assert_eq!(names(&storage), [""; 0]);
        }
    }
}

#[test]
fn an_operation_that_fails_leaves_the_old_or_the_new_program() {
    for geometry in [MAPPED, COPIED] {
        for effect in Effect::EACH {
            for number in 0.. {
                let (nor, storage) = new(geometry);
                install(&storage, "a", &module(1, 1_100)).unwrap();
                nor.fail_at(number, effect);
                let installed = install(&storage, "a", &module(2, 900));
                let failed = nor.restart();
                let expected = if installed.is_ok() { 2 } else { 1 };
                assert_eq!(run(&storage, "a"), Ok(expected), "{effect:?} at {number}");
                assert_eq!(names(&storage), ["a"]);
                install(&storage, "a", &module(4, 600)).unwrap();
                assert_eq!(run(&storage, "a"), Ok(4), "{effect:?} at {number}");
                assert_eq!(records(nor).len(), 1);
                if !failed {
                    break;
                }
            }
        }
    }
}

#[test]
fn a_damaged_header_is_no_program() {
    for geometry in [MAPPED, COPIED] {
        let (nor, storage) = new(geometry);
        install(&storage, "a", &module(1, 1_000)).unwrap();
        install(&storage, "b", &module(2, 1_000)).unwrap();
        let start = records(nor)[0] * geometry.page;
        for at in start..start + 128 {
            for bit in 0..8 {
                let byte = nor.peek(at);
                nor.poke(at, byte ^ 1 << bit);
                assert_eq!(run(&storage, "a"), Err(StorageError::NotFound));
                assert_eq!(names(&storage), ["b"]);
                assert_eq!(run(&storage, "b"), Ok(2));
                nor.poke(at, byte);
            }
        }
        assert_eq!(run(&storage, "a"), Ok(1));
    }
}

#[test]
fn a_damaged_image_is_not_executed() {
    for geometry in [MAPPED, COPIED] {
        let (nor, storage) = new(geometry);
        let length = install(&storage, "a", &module(1, 1_000)).unwrap();
        let start = records(nor)[0] * geometry.page + 128;
        for at in start..start + length - 64 {
            let byte = nor.peek(at);
            nor.poke(at, byte ^ 1 << (at % 8));
            let error = Error::Image(ImageError::ContentChecksum);
            assert_eq!(run(&storage, "a"), Err(StorageError::Program(error)));
            nor.poke(at, byte);
        }
        // The rest of the last page does not matter.
        nor.poke(start + length - 64, 0);
        assert_eq!(run(&storage, "a"), Ok(1));
    }
}

#[test]
fn an_image_of_another_version_is_refused_and_can_be_removed() {
    for geometry in [MAPPED, COPIED] {
        let (nor, storage) = new(geometry);
        install(&storage, "a", &module(1, 1_000)).unwrap();
        // As another firmware would have written it.
        let start = records(nor)[0] * geometry.page;
        let poke = |at: u32, bytes: &[u8]| {
            for (at, byte) in (start + at..).zip(bytes) {
                nor.poke(at, *byte);
            }
        };
        let peek = |at: u32, length: u32| -> Vec<u8> {
            (start + at..start + at + length)
                .map(|at| nor.peek(at))
                .collect()
        };
        let found = FORMAT_VERSION + 1;
        poke(68, &found.to_le_bytes());
        poke(124, &crc(&peek(64, 60)));
        poke(60, &crc(&[peek(0, 60), peek(64, 64)].concat()));
        let error = Error::Image(ImageError::Version { found });
        assert_eq!(run(&storage, "a"), Err(StorageError::Program(error)));
        assert_eq!(names(&storage), ["a"]);
        storage.remove("a").unwrap();
        assert_eq!(names(&storage), [""; 0]);
    }
}

#[test]
fn a_program_cannot_bring_a_record() {
    // A record as the storage writes it, with the program of its first page.
    let (nor, storage) = new(MAPPED);
    install(&storage, "forged", &module(666, 0)).unwrap();
    let start = records(nor)[0] * MAPPED.page;
    let page: Vec<u8> = (start..start + MAPPED.page)
        .map(|at| nor.peek(at))
        .collect();
    let mut refused = 0;
    for shift in 0..MAPPED.page as usize {
        let nor = Nor::new(MAPPED);
        let storage = self::storage(host(), nor);
        let data = [&page[shift..], &page, &page, &page].concat();
        match install(&storage, "a", &module_with(1, &data)) {
            Ok(_) => storage.remove("a").unwrap(),
            Err(StorageError::Program(Error::Image(ImageError::Malformed { .. }))) => refused += 1,
            Err(error) => panic!("{error:?}"),
        }
        assert_eq!(names(&storage), [""; 0], "{shift}");
        assert_eq!(run(&storage, "forged"), Err(StorageError::NotFound));
    }
    // The one shift for which the record would lie at the start of a page.
    assert_eq!(refused, 1);
}

#[test]
fn whatever_the_partition_held_is_no_program() {
    for (seed, geometry) in GEOMETRIES.into_iter().enumerate() {
        let nor = Nor::new(geometry);
        let mut random = seed as u32;
        for at in 0..nor.size() {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            nor.poke(at, (random >> 24) as u8);
        }
        let storage = storage(host(), nor);
        assert_eq!(names(&storage), [""; 0]);
        install(&storage, "a", &module(1, 1_000)).unwrap();
        assert_eq!(run(&storage, "a"), Ok(1));
    }
}

#[test]
fn pages_that_cannot_be_read_are_free_until_all_are() {
    let (nor, storage) = new(MAPPED);
    install(&storage, "a", &module(1, 1_000)).unwrap();
    let used = records(nor)[0];
    for page in 0..MAPPED.pages {
        nor.set_unreadable(page, !(used..used + 3).contains(&page));
    }
    assert_eq!(run(&storage, "a"), Ok(1));
    assert_eq!(names(&storage), ["a"]);
    install(&storage, "b", &module(2, 3_000)).unwrap();
    assert_eq!(run(&storage, "b"), Ok(2));
    for page in 0..MAPPED.pages {
        nor.set_unreadable(page, true);
    }
    let error = StorageError::Platform(ErrorKind::Io.into());
    assert_eq!(storage.list(&mut |_| ()), Err(error));
    assert_eq!(run(&storage, "a"), Err(error));
    assert_eq!(storage.remove("a"), Err(error));
    assert_eq!(install(&storage, "c", &module(3, 10)), Err(error));
}

#[test]
fn a_byte_that_is_worn_out_keeps_a_program_from_being_installed() {
    for geometry in [MAPPED, COPIED] {
        // In the header of the record, in that of the image, and in its content.
        for at in [3, 70, 200, 900] {
            let (nor, storage) = new(geometry);
            install(&storage, "a", &module(1, 1_100)).unwrap();
            let free = 3 * geometry.page + at;
            nor.poke(free, 0xa5);
            nor.wear_out(free);
            let installed = install(&storage, "a", &module(2, 900));
            let error = StorageError::Platform(ErrorKind::Io.into());
            assert_eq!(installed, Err(error), "{at}");
            assert_eq!(run(&storage, "a"), Ok(1), "{at}");
            assert_eq!(records(nor), [0], "{at}");
        }
    }
}

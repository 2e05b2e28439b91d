//! Programs in a flash partition.

// Runs on a developer's machine; a check that cannot be made fails.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic
)]

mod storage_support;

use storage_support::nor::{Effect, Geometry, Nor};
use storage_support::{
    crc, execute, image, install, installing, is_out_of_memory, module, module_with, names,
    refusals, run, together,
};
use thimble::code::image::ImageError;
use thimble::{Engine, Error};
use thimble_device::storage::{Flash, FlashStorage, Storage, StorageError};
use thimble_platform::{ErrorKind, Platform};
use thimble_platform_host::Host;
use thimble_tests_memory::allocator::{Allocator, undisturbed};
use thimble_tests_memory::sweep::{End, sweep};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

const MAPPED: Geometry = Geometry {
    page: 512,
    pages: 16,
    granule: 4,
    erased: 0xff,
    mapped: true,
};

const COPIED: Geometry = Geometry {
    mapped: false,
    ..MAPPED
};

/// What flash is like: in pages, granules, and whether it is mapped.
const GEOMETRIES: [Geometry; 6] = [
    MAPPED,
    COPIED,
    Geometry {
        granule: 1,
        page: 256,
        pages: 40,
        ..COPIED
    },
    Geometry {
        granule: 32,
        page: 1024,
        ..MAPPED
    },
    // The headers take granules of their own, and a whole page.
    Geometry {
        granule: 128,
        page: 256,
        pages: 40,
        ..MAPPED
    },
    Geometry {
        erased: 0,
        granule: 8,
        ..MAPPED
    },
];

fn host() -> &'static Host {
    Box::leak(Box::default())
}

fn storage(platform: &'static dyn Platform, nor: &'static Nor) -> FlashStorage {
    FlashStorage::new(platform, nor, 256).unwrap()
}

fn new(geometry: Geometry) -> (&'static Nor, FlashStorage) {
    let nor = Nor::new(geometry);
    (nor, storage(host(), nor))
}

/// The first pages of the records in a flash.
fn records(nor: &Nor) -> Vec<u32> {
    let (page, size) = (nor.erase_size(), nor.size());
    let begins = |start: u32| (0..8).all(|at| nor.peek(start + at) == b"thmflash"[at as usize]);
    (0..size / page)
        .filter(|number| begins(number * page))
        .collect()
}

/// The longest content of a module for which there is room, by trying.
fn capacity(storage: &dyn Storage, longest: usize) -> usize {
    let (mut fits, mut too_long) = (0, longest);
    while too_long - fits > 1 {
        let middle = fits.midpoint(too_long);
        match install(storage, "capacity", &module(1, middle)) {
            Ok(_) => {
                storage.remove("capacity").unwrap();
                fits = middle;
            }
            Err(StorageError::Full) => too_long = middle,
            Err(error) => panic!("{error:?}"),
        }
    }
    fits
}

#[test]
fn programs_are_installed_listed_run_and_removed() {
    for geometry in GEOMETRIES {
        let (nor, storage) = new(geometry);
        assert_eq!(names(&storage), [""; 0]);
        assert_eq!(run(&storage, "a"), Err(StorageError::NotFound));
        assert_eq!(storage.remove("a"), Err(StorageError::NotFound));
        let (one, two) = (module(1, 0), module(2, 1_500));
        let length = install(&storage, "a", &one).unwrap();
        assert_eq!(length as usize, image(&one).len());
        // A module, and an image.
        install(&storage, "b", &two).unwrap();
        install(&storage, "c", &image(&two)).unwrap();
        let loaded = storage.load(&Engine::default(), "c").unwrap();
        assert_eq!(loaded.module.image_bytes(), image(&two));
        assert_eq!(loaded.lease.is_some(), geometry.mapped);
        drop(loaded);
        storage
            .list(&mut |installed| {
                assert_eq!(installed.in_place, geometry.mapped);
                let expected = if installed.name == "a" { &one } else { &two };
                assert_eq!(installed.length as usize, image(expected).len());
            })
            .unwrap();
        // Another start of the device.
        drop(storage);
        let storage = self::storage(host(), nor);
        assert_eq!(names(&storage), ["a", "b", "c"]);
        assert_eq!(run(&storage, "a"), Ok(1));
        assert_eq!(run(&storage, "b"), Ok(2));
        assert_eq!(run(&storage, "c"), Ok(2));
        assert_eq!(storage.remove("b"), Ok(()));
        assert_eq!(run(&storage, "b"), Err(StorageError::NotFound));
        assert_eq!(names(&storage), ["a", "c"]);
    }
}

#[test]
fn a_mapped_program_is_executed_where_it_lies() {
    let (nor, storage) = new(MAPPED);
    install(&storage, "a", &module(1, 2_000)).unwrap();
    let in_place = storage.load(&Engine::default(), "a").unwrap();
    let mapped = nor.image(0, nor.size()).unwrap().as_bytes().as_ptr_range();
    assert!(mapped.contains(&in_place.module.image_bytes().as_ptr()));
    assert_eq!(execute(&in_place), Ok(1));
}

#[test]
fn what_is_refused_leaves_what_was_installed() {
    for geometry in GEOMETRIES {
        refusals(&new(geometry).1);
    }
}

#[test]
fn other_operations_go_on_while_a_program_is_installed() {
    for geometry in GEOMETRIES {
        installing(&new(geometry).1);
    }
}

#[test]
fn threads_use_a_storage_together() {
    for geometry in [MAPPED, COPIED] {
        together(&new(geometry).1);
    }
}

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
fn a_program_that_runs_is_neither_removed_nor_erased() {
    let (nor, storage) = new(MAPPED);
    install(&storage, "a", &module(1, 1_000)).unwrap();
    let engine = Engine::default();
    let (first, again) = (
        storage.load(&engine, "a").unwrap(),
        storage.load(&engine, "a").unwrap(),
    );
    assert_eq!(storage.remove("a"), Err(StorageError::Busy));
    drop(again);
    assert_eq!(storage.remove("a"), Err(StorageError::Busy));
    // It is replaced, and goes on, through several installations.
    for value in 2..6 {
        install(&storage, "a", &module(value, 1_000)).unwrap();
        assert_eq!(run(&storage, "a"), Ok(value));
        assert_eq!(execute(&first), Ok(1));
        assert_eq!(records(nor).len(), 2);
        assert_eq!(names(&storage), ["a"]);
    }
    // The old one would come back if only the new one were removed.
    assert_eq!(storage.remove("a"), Err(StorageError::Busy));
    drop(first);
    assert_eq!(storage.remove("a"), Ok(()));
    assert_eq!(records(nor), []);
}

#[test]
fn the_pages_of_a_program_that_runs_are_not_free_whatever_its_header_reads_as() {
    let (nor, storage) = new(MAPPED);
    install(&storage, "a", &module(1, 1_000)).unwrap();
    let loaded = storage.load(&Engine::default(), "a").unwrap();
    nor.set_unreadable(records(nor)[0], true);
    assert_eq!(run(&storage, "a"), Err(StorageError::NotFound));
    for value in 2..20 {
        install(&storage, "b", &module(value, 2_000)).unwrap();
        assert_eq!(run(&storage, "b"), Ok(value));
        assert_eq!(execute(&loaded), Ok(1));
    }
    drop(loaded);
}

#[test]
fn a_copied_program_can_be_removed_while_it_runs() {
    let (_, storage) = new(COPIED);
    install(&storage, "a", &module(1, 1_000)).unwrap();
    let loaded = storage.load(&Engine::default(), "a").unwrap();
    assert_eq!(storage.remove("a"), Ok(()));
    install(&storage, "b", &module(2, 6_000)).unwrap();
    assert_eq!(execute(&loaded), Ok(1));
}

#[test]
fn a_full_store_keeps_what_it_has() {
    for geometry in GEOMETRIES {
        let (nor, storage) = new(geometry);
        let mut count = 0;
        let installed = loop {
            let installed = install(&storage, &format!("p{count}"), &module(count, 300));
            if installed.is_err() {
                break installed;
            }
            count += 1;
        };
        assert_eq!(installed, Err(StorageError::Full));
        let taken = 300 / geometry.page as i32 + 2;
        assert!(count >= geometry.pages as i32 / taken, "{count}");
        for value in 0..count {
            assert_eq!(run(&storage, &format!("p{value}")), Ok(value));
        }
        // There is no room to replace one before it is removed.
        assert_eq!(
            install(&storage, "p0", &module(99, 300)),
            Err(StorageError::Full)
        );
        assert_eq!(run(&storage, "p0"), Ok(0));
        // Every other one goes: what is free is in pieces.
        for value in (0..count).step_by(2) {
            storage.remove(&format!("p{value}")).unwrap();
        }
        assert_eq!(
            install(&storage, "long", &module(99, 1_500)),
            Err(StorageError::Full)
        );
        for value in (0..count).step_by(2) {
            install(&storage, &format!("p{value}"), &module(value + 50, 300)).unwrap();
        }
        for value in 0..count {
            let expected = if value % 2 == 0 { value + 50 } else { value };
            assert_eq!(run(&storage, &format!("p{value}")), Ok(expected));
        }
        for value in 0..count {
            storage.remove(&format!("p{value}")).unwrap();
        }
        assert_eq!(records(nor), []);
        install(&storage, "long", &module(99, 1_500)).unwrap();
        assert_eq!(run(&storage, "long"), Ok(99));
    }
}

#[test]
fn a_program_can_take_the_whole_partition() {
    let (nor, storage) = new(MAPPED);
    let longest = capacity(&storage, nor.size() as usize);
    let length = install(&storage, "a", &module(1, longest)).unwrap();
    // Headers take 128 bytes, and an image ends at a multiple of 4.
    assert_eq!(length + 64, nor.size());
    assert_eq!(run(&storage, "a"), Ok(1));
    assert_eq!(
        install(&storage, "b", &module(1, 0)),
        Err(StorageError::Full)
    );
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
        poke(68, &2_u16.to_le_bytes());
        poke(124, &crc(&peek(64, 60)));
        poke(60, &crc(&[peek(0, 60), peek(64, 64)].concat()));
        let error = Error::Image(ImageError::Version { found: 2 });
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
fn replacing_a_program_moves_it_on() {
    let (nor, storage) = new(MAPPED);
    let installations = 300;
    for value in 0..installations {
        install(&storage, "a", &module(value, 500)).unwrap();
    }
    // Each takes two pages, and erases the first one of its predecessor.
    let wear = nor.wear();
    println!("erased, by page: {wear:?}");
    assert_eq!(wear.iter().sum::<u32>(), 3 * installations as u32 - 1);
    assert!(
        wear.iter()
            .all(|&erased| erased <= installations as u32 * 2 / 5)
    );
}

#[test]
fn a_failed_allocation_leaves_the_old_program() {
    for geometry in [MAPPED, COPIED] {
        let (_, storage) = new(geometry);
        let (old, new) = (module(1, 1_000), module(2, 1_000));
        let image = image(&new);
        for bytes in [&new, &image] {
            let allocations = sweep("installing in flash", || {
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
                        });
                        End::NoMemory
                    }
                }
            });
            assert!(allocations >= 2, "{allocations}");
        }
        undisturbed(|| install(&storage, "a", &old).unwrap());
        let engine = Engine::default();
        sweep("loading from flash", || match storage.load(&engine, "a") {
            Ok(loaded) => {
                undisturbed(|| assert_eq!(execute(&loaded), Ok(1)));
                End::Complete
            }
            Err(error) => {
                undisturbed(|| assert!(is_out_of_memory(&error), "{error:?}"));
                End::NoMemory
            }
        });
        // No lease was lost.
        assert_eq!(storage.remove("a"), Ok(()));
    }
}

#[test]
fn a_flash_with_odd_sizes_is_refused() {
    let odd = [
        Geometry {
            granule: 3,
            page: 384,
            ..MAPPED
        },
        Geometry { page: 64, ..MAPPED },
        Geometry {
            granule: 256,
            ..MAPPED
        },
        Geometry {
            granule: 8,
            page: 500,
            ..MAPPED
        },
        Geometry {
            granule: 1,
            page: 130,
            ..MAPPED
        },
        Geometry { pages: 0, ..MAPPED },
    ];
    for geometry in odd {
        let is_odd = geometry.granule != 256;
        let result = FlashStorage::new(host(), Nor::new(geometry), 256);
        let error = StorageError::Platform(ErrorKind::InvalidArgument.into());
        assert_eq!(result.err(), is_odd.then_some(error), "{geometry:?}");
    }
}

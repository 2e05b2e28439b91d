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

use storage_support::flash::{COPIED, GEOMETRIES, MAPPED, host, new, records, storage};
use storage_support::nor::{Geometry, Nor};
use storage_support::{
    execute, image, install, installing, is_out_of_memory, module, names, refusals, run, together,
};
use thimble::Engine;
use thimble_device::storage::{Flash, FlashStorage, Storage, StorageError};
use thimble_platform::ErrorKind;
use thimble_tests_memory::allocator::{Allocator, undisturbed};
use thimble_tests_memory::sweep::{End, sweep};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

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
fn only_so_many_programs_are_executed_where_they_lie() {
    let storage = FlashStorage::new(host(), Nor::new(MAPPED), 256, 1).unwrap();
    for name in ["a", "b"] {
        install(&storage, name, &module(1, 1_000)).unwrap();
    }
    let engine = Engine::default();
    let loaded = ["a", "a"].map(|name| storage.load(&engine, name).unwrap());
    let refused = storage.load(&engine, "b").map(drop);
    let no_memory = StorageError::Program(thimble::Error::OutOfMemory);
    assert_eq!(refused, Err(no_memory));
    drop(loaded);
    assert_eq!(run(&storage, "b"), Ok(1));
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
        let result = FlashStorage::new(host(), Nor::new(geometry), 256, 4);
        let error = StorageError::Platform(ErrorKind::InvalidArgument.into());
        assert_eq!(result.err(), is_odd.then_some(error), "{geometry:?}");
    }
}

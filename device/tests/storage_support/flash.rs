//! Storages in simulated flash.

use thimble_device::storage::{Flash, FlashStorage};
use thimble_platform::Platform;
use thimble_platform_host::Host;

use super::nor::{Geometry, Nor};

pub const MAPPED: Geometry = Geometry {
    page: 512,
    pages: 16,
    granule: 4,
    erased: 0xff,
    mapped: true,
};

pub const COPIED: Geometry = Geometry {
    mapped: false,
    ..MAPPED
};

/// What flash is like: in pages, granules, and whether it is mapped.
pub const GEOMETRIES: [Geometry; 6] = [
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

pub fn host() -> &'static Host {
    Box::leak(Box::default())
}

pub fn storage(platform: &'static dyn Platform, nor: &'static Nor) -> FlashStorage {
    FlashStorage::new(platform, nor, 256, 4).unwrap()
}

pub fn new(geometry: Geometry) -> (&'static Nor, FlashStorage) {
    let nor = Nor::new(geometry);
    (nor, storage(host(), nor))
}

/// The first pages of the records in a flash.
pub fn records(nor: &Nor) -> Vec<u32> {
    let (page, size) = (nor.erase_size(), nor.size());
    let begins = |start: u32| (0..8).all(|at| nor.peek(start + at) == b"thmflash"[at as usize]);
    (0..size / page)
        .filter(|number| begins(number * page))
        .collect()
}

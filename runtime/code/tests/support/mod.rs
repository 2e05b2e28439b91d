//! What the tests of images share.
#![allow(
    dead_code,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used
)]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use std::path::{Path, PathBuf};

use thimble_code::image::{Buffer, Header, Image, ImageError, verify};
use thimble_code::{Config, translate};
use thimble_wasm::{Error, Limits};

/// The image of a module.
pub fn image_of(mut module: &[u8]) -> Result<Buffer, Error> {
    let mut buffer = Buffer::new();
    translate(
        &mut module,
        &Limits::DEFAULT,
        Config::default(),
        &mut buffer,
    )?;
    Ok(buffer)
}

/// The image of a module in the text format.
pub fn image_of_text(text: &str) -> Buffer {
    image_of(&wat::parse_str(text).unwrap()).unwrap()
}

/// Opens and verifies.
pub fn check(bytes: &[u8]) -> Result<(), ImageError> {
    verify(&Image::open(bytes)?)
}

/// Makes both checksums fit again.
pub fn repair(bytes: &mut [u8]) {
    const CHECKSUM: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    let length = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    if let Some(content) = bytes.get(64..length) {
        let checksum = CHECKSUM.checksum(content);
        bytes[16..20].copy_from_slice(&checksum.to_le_bytes());
    }
    let checksum = CHECKSUM.checksum(&bytes[..60]);
    bytes[60..64].copy_from_slice(&checksum.to_le_bytes());
}

/// The header of an image.
pub fn header(bytes: &[u8]) -> Header {
    Header::decode(bytes).unwrap()
}

/// A path in the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// The modules in a folder, in the order of their names.
pub fn modules(folder: &str) -> Vec<(String, Vec<u8>)> {
    let mut modules: Vec<_> = std::fs::read_dir(repository(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "wasm")
        })
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    modules.sort();
    assert!(!modules.is_empty());
    modules
}

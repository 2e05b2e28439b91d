//! The frame of an image: what was damaged on its way is refused, and says how.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use support::{check, image_of, image_of_text, modules};
use thimble_code::image::{Buffer, FORMAT_VERSION, HEADER_LENGTH, Image, ImageError};
use thimble_code::operation::{CELL, TOKENS, decode};
use thimble_code::{Config, translate};
use thimble_tests_validation::module;
use thimble_wasm::{Limits, Source, SourceError};

const PROGRAM: &str = "(module (memory 1) (data (i32.const 4) \"abc\")
    (func (export \"double\") (param i32) (result i32)
        (i32.add (local.get 0) (local.get 0))))";

#[test]
fn each_flipped_bit_is_found() {
    let mut image = image_of_text(PROGRAM);
    check(image.as_bytes()).unwrap();
    let bytes = image.as_bytes_mut();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            let version = u16::from_le_bytes([bytes[4], bytes[5]]);
            let expected = match at {
                0..4 => ImageError::Magic,
                4..6 => ImageError::Version { found: version },
                6..HEADER_LENGTH => ImageError::HeaderChecksum,
                _ => ImageError::ContentChecksum,
            };
            assert_eq!(
                Image::open(bytes).unwrap_err(),
                expected,
                "byte {at}, bit {bit}"
            );
            bytes[at] ^= 1 << bit;
        }
    }
    check(bytes).unwrap();
}

#[test]
fn each_truncation_is_found() {
    let image = image_of_text(PROGRAM);
    let bytes = image.as_bytes();
    for length in 0..bytes.len() {
        let error = Image::open(&bytes[..length]).unwrap_err();
        let expected = match length {
            0..4 => ImageError::Magic,
            4..HEADER_LENGTH => ImageError::Truncated {
                expected: HEADER_LENGTH as u32,
            },
            _ => ImageError::Truncated {
                expected: bytes.len() as u32,
            },
        };
        assert_eq!(error, expected, "{length} bytes");
    }
}

/// Every token with its operation and operands, put together as FNV-1a does.
fn fingerprint_of_tokens() -> u64 {
    let mut fingerprint = 0xcbf2_9ce4_8422_2325_u64;
    for number in 0..TOKENS {
        let decoded = decode(number * CELL).unwrap();
        let operands: Vec<_> = decoded.shape().operands().collect();
        for byte in format!("{decoded:?} {operands:?}").bytes() {
            fingerprint = (fingerprint ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    fingerprint
}

#[test]
fn tokens_do_not_change_within_a_version() {
    assert_eq!(
        (FORMAT_VERSION, fingerprint_of_tokens()),
        (3, 0xc9b5_5573_f6de_a706),
        "tokens mean something else: raise FORMAT_VERSION, and write the new numbers here"
    );
}

#[test]
fn other_versions_features_and_files_are_refused() {
    let mut image = image_of_text(PROGRAM);
    let bytes = image.as_bytes_mut();
    bytes[4..6].copy_from_slice(&(FORMAT_VERSION + 1).to_le_bytes());
    support::repair(bytes);
    let error = Image::open(bytes).unwrap_err();
    assert_eq!(
        error,
        ImageError::Version {
            found: FORMAT_VERSION + 1
        }
    );
    assert_eq!(
        error.to_string(),
        "the image has format version 4, this runtime reads version 3"
    );

    let mut image = image_of_text(PROGRAM);
    let bytes = image.as_bytes_mut();
    bytes[8..12].copy_from_slice(&0x8000_0001u32.to_le_bytes());
    support::repair(bytes);
    let error = Image::open(bytes).unwrap_err();
    assert_eq!(
        error,
        ImageError::Features {
            lacking: 0x8000_0000
        }
    );

    assert_eq!(
        Image::open(b"\0asm\x01\0\0\0").unwrap_err(),
        ImageError::Magic
    );
    assert_eq!(Image::open(b"").unwrap_err(), ImageError::Magic);
}

#[test]
fn an_image_must_be_aligned_and_may_be_followed_by_other_bytes() {
    let mut buffer = Buffer::new();
    buffer.extend(&[0; 2]).unwrap();
    buffer.extend(image_of_text(PROGRAM).as_bytes()).unwrap();
    assert_eq!(
        Image::open(&buffer.as_bytes()[2..]).unwrap_err(),
        ImageError::Alignment
    );

    let mut buffer = image_of_text(PROGRAM);
    let length = buffer.as_bytes().len();
    buffer.extend(b"signature").unwrap();
    let image = Image::open(buffer.as_bytes()).unwrap();
    assert_eq!(image.bytes().len(), length);
    thimble_code::image::verify(&image).unwrap();
}

/// A module that comes in pieces.
struct Pieces<'a>(&'a [u8], usize);

impl Source for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SourceError> {
        let length = self.0.len().min(buffer.len()).min(self.1);
        let (front, rest) = self.0.split_at(length);
        buffer[..length].copy_from_slice(front);
        self.0 = rest;
        Ok(length)
    }
}

#[test]
fn the_image_does_not_depend_on_how_the_module_arrives() {
    let programs = modules("bench/workloads")
        .into_iter()
        .map(|(_, module)| module);
    for module in programs.chain((0..100).map(module)) {
        let Ok(whole) = image_of(&module) else {
            continue;
        };
        for most in [1, 2, 7, 512] {
            let mut buffer = Buffer::new();
            let mut pieces = Pieces(&module, most);
            translate(
                &mut pieces,
                &Limits::DEFAULT,
                Config::default(),
                &mut buffer,
            )
            .unwrap();
            assert!(
                buffer.as_bytes() == whole.as_bytes(),
                "in pieces of {most} bytes"
            );
        }
    }
}

#[test]
fn sites_and_names_can_be_left_out() {
    for (name, module) in modules("guests/wasm") {
        let full = image_of(&module).unwrap();
        let mut buffer = Buffer::new();
        let config = Config {
            sites: false,
            names: false,
        };
        translate(
            &mut module.as_slice(),
            &Limits::DEFAULT,
            config,
            &mut buffer,
        )
        .unwrap();
        check(buffer.as_bytes()).unwrap();
        let image = Image::open(buffer.as_bytes()).unwrap();
        assert_eq!(
            image.code_units(),
            Image::open(full.as_bytes()).unwrap().code_units()
        );
        assert!(buffer.as_bytes().len() < full.as_bytes().len(), "{name}");
        assert_eq!(
            image
                .sites(image.imported_function_count())
                .unwrap()
                .count(),
            0
        );
    }
}

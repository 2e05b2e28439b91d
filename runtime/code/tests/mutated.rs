//! Damaged images: whatever is changed, the verifier answers.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use support::{check, image_of, image_of_text, repair};
use thimble_tests_validation::{Random, module};

/// A program with a little of everything.
const EVERYTHING: &str = include_str!("everything.wat");

/// Values for a unit that are near limits and near what is there.
fn values(unit: u16) -> [u16; 12] {
    [
        0,
        1,
        2,
        unit.wrapping_add(1),
        unit.wrapping_sub(1),
        unit ^ 0x100,
        unit ^ 0x8000,
        unit << 1,
        0x7fff,
        0x8000,
        0xfffe,
        0xffff,
    ]
}

/// Changes each unit of an image, the header's last words excepted, and counts
/// what is refused.
fn change_each_unit(image: &[u8]) -> (u32, u32) {
    let mut bytes = thimble_code::image::Buffer::copy_of(image).unwrap();
    let bytes = bytes.as_bytes_mut();
    let (mut tried, mut refused) = (0, 0);
    // Magic, version and header length are tested elsewhere.
    for at in (8..bytes.len() - 1).step_by(2) {
        let unit = u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        for value in values(unit) {
            bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
            repair(bytes);
            tried += 1;
            refused += u32::from(check(bytes).is_err());
        }
        bytes[at..at + 2].copy_from_slice(&unit.to_le_bytes());
    }
    repair(bytes);
    assert_eq!(bytes, image);
    (tried, refused)
}

#[test]
fn each_unit_of_a_program_may_be_anything() {
    let image = image_of_text(EVERYTHING);
    check(image.as_bytes()).unwrap();
    let (tried, refused) = change_each_unit(image.as_bytes());
    println!(
        "{tried} changes to {} bytes, {refused} refused",
        image.as_bytes().len()
    );
    assert!(refused * 3 > tried, "{refused} of {tried}");
}

#[test]
fn each_unit_of_generated_programs_may_be_anything() {
    let (mut images, mut tried, mut refused) = (0, 0, 0);
    for seed in 0..150 {
        let Ok(image) = image_of(&module(seed)) else {
            continue;
        };
        if image.as_bytes().len() > 3_000 {
            continue;
        }
        let counts = change_each_unit(image.as_bytes());
        (images, tried, refused) = (images + 1, tried + counts.0, refused + counts.1);
    }
    println!("{images} images, {tried} changes, {refused} refused");
    assert!(images > 50);
}

#[test]
fn many_changes_at_once() {
    let mut random = Random(7);
    for seed in 0..300 {
        let Ok(image) = image_of(&module(seed)) else {
            continue;
        };
        for _ in 0..200 {
            let mut changed = thimble_code::image::Buffer::copy_of(image.as_bytes()).unwrap();
            let bytes = changed.as_bytes_mut();
            for _ in 0..=random.below(6) {
                let at = 8 + 2 * random.below(bytes.len() / 2 - 4);
                // Numbers from elsewhere in the image are more often meaningful.
                let from = 64 + 2 * random.below(bytes.len() / 2 - 32);
                let value = [bytes[from], bytes[from + 1]];
                bytes[at..at + 2].copy_from_slice(&value);
            }
            repair(bytes);
            let _ = check(bytes);
        }
    }
}

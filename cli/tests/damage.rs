//! Damaged modules and images end in an error, or in a program that is stopped; never in a panic.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    reason = "tests, and what several of them share"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests may panic"
)]

mod support;

use std::fs;

use support::{Directory, guest, thimble};

/// Numbers that look random and are the same in every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// Runs and inspects `bytes` with damage, often.
fn damage(name: &str, bytes: &[u8], repair: impl Fn(&mut [u8])) {
    let directory = Directory::new(&format!("damage-{name}"));
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for _ in 0..60 {
        let mut bytes = bytes.to_vec();
        for _ in 0..=numbers.below(3) {
            let at = numbers.below(bytes.len());
            bytes[at] ^= 1 << numbers.below(8);
        }
        if numbers.below(8) == 0 {
            bytes.truncate(numbers.below(bytes.len()));
        }
        repair(&mut bytes);
        let file = directory.write(name, &bytes);
        let limits = [
            "--fuel",
            "1000000",
            "--timeout",
            "10s",
            "--max-memory",
            "16M",
        ];
        for outcome in [
            thimble(["run"].iter().chain(&limits).chain(&[file.as_str()])),
            thimble(["inspect", "--code", &file]),
            thimble(["validate", &file]),
        ] {
            // A signal has no code, and a panic has this one.
            assert_ne!(outcome.code(), 101, "{outcome:?}");
        }
    }
}

#[test]
fn damaged_modules_are_harmless() {
    for name in ["hello-freestanding", "trap"] {
        damage(
            &format!("{name}.wasm"),
            &fs::read(guest(name)).unwrap(),
            |_| {},
        );
    }
}

#[test]
fn damaged_images_are_harmless() {
    let directory = Directory::new("to-damage");
    for name in ["hello-freestanding", "trap"] {
        let image = directory.text(name);
        thimble(["compile", &guest(name), "-o", &image]).prints("");
        let bytes = fs::read(&image).unwrap();
        damage(&format!("{name}.thm"), &bytes, |_| {});
        damage(&format!("{name}-repaired.thm"), &bytes, repair);
    }
}

/// Makes the checksums of an image fit its damage.
fn repair(bytes: &mut [u8]) {
    const HEADER: usize = 64;
    if bytes.len() < HEADER {
        return;
    }
    let length = u32::from_le_bytes(*bytes[12..].first_chunk().unwrap()) as usize;
    if let Some(content) = bytes.get(HEADER..length) {
        let checksum = crc32(content).to_le_bytes();
        bytes[16..20].copy_from_slice(&checksum);
    }
    let checksum = crc32(&bytes[..HEADER - 4]).to_le_bytes();
    bytes[HEADER - 4..HEADER].copy_from_slice(&checksum);
}

/// CRC-32 as in ISO-HDLC.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 0 {
                crc >> 1
            } else {
                crc >> 1 ^ 0xedb8_8320
            };
        }
    }
    !crc
}

//! Changing an image so that the verifier has something to think about.

use thimble_code::image::{HEADER_LENGTH, Image};
use thimble_code::operation::TOKENS;
use thimble_tests_validation::Random;

/// Makes both checksums fit.
pub fn repair(bytes: &mut [u8]) {
    const CHECKSUM: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    let length = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    if let Some(content) = bytes.get(HEADER_LENGTH..length) {
        let checksum = CHECKSUM.checksum(content);
        bytes[16..20].copy_from_slice(&checksum.to_le_bytes());
    }
    let checksum = CHECKSUM.checksum(&bytes[..60]);
    bytes[60..HEADER_LENGTH].copy_from_slice(&checksum.to_le_bytes());
}

/// Changes the unit with this number, counted from behind the version.
pub fn change_at(bytes: &mut [u8], number: usize, unit: u16) {
    let at = 8 + number * 2 % (bytes.len() - 8);
    bytes[at..at + 2].copy_from_slice(&unit.to_le_bytes());
}

fn unit_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// Changes some units, most of them in code.
pub fn change(bytes: &mut [u8], random: &mut Random) {
    let image = Image::assume_open(bytes);
    // Behind the prologues, where most can be changed without being refused.
    let pieces: Vec<(usize, usize)> = (image.imported_function_count()..image.record_count())
        .filter_map(|index| image.function(index))
        .map(|record| (record.code as usize, record.units as usize))
        .collect();
    for _ in 0..=random.below(4) / 3 {
        let (start, units) = if pieces.is_empty() || random.below(8) == 0 {
            (8, bytes.len() / 2 - 4)
        } else {
            pieces[random.below(pieces.len())]
        };
        let at = start + 2 * random.below(units);
        let old = unit_at(bytes, at);
        let unit = match random.below(8) {
            0 => random.below(TOKENS.into()) as u16,
            // The same row in another form, or a neighbour with the same operands.
            1 => old.wrapping_add(random.below(5) as u16).wrapping_sub(2),
            2 | 3 => random.below(24) as u16,
            4 => 0,
            5 => random.number() as u16,
            _ => unit_at(bytes, start + 2 * random.below(units)),
        };
        bytes[at..at + 2].copy_from_slice(&unit.to_le_bytes());
    }
    repair(bytes);
}

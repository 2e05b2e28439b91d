//! The header of a record.
//!
//! | offset | field |
//! |---|---|
//! | 0 | magic |
//! | 8 | version of the header (16 bits), length of the name (16 bits) |
//! | 12 | length of the image |
//! | 16 | sequence number (64 bits): greater in a newer record |
//! | 24 | name, zeros behind it |
//! | 56 | zeros |
//! | 60 | checksum of the 60 bytes before and of the image's header |

use thimble::code::image::{Checksum, HEADER_LENGTH};

use crate::storage::name::Name;

/// Bytes of a header: as many as the image's.
pub(super) const RECORD_HEADER_LENGTH: usize = HEADER_LENGTH;

/// The first bytes of a record. No image is written that has them at the start of a
/// page, so whatever the version, they stay the same.
pub(super) const MAGIC: [u8; 8] = *b"thmflash";

const VERSION: u16 = 1;

/// A record that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    /// Its first page.
    pub page: u32,
    /// Its pages.
    pub pages: u32,
    /// Greater in a newer record.
    pub sequence: u64,
    /// The name of the program.
    pub name: Name,
    /// Bytes of the image.
    pub length: u32,
}

/// What the header of a record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fields {
    pub sequence: u64,
    pub name: Name,
    pub length: u32,
}

type Bytes = [u8; RECORD_HEADER_LENGTH];

impl Fields {
    /// The bytes of the header of a record with this image.
    pub fn encode(&self, image_header: &[u8; HEADER_LENGTH]) -> Bytes {
        let mut bytes = [0; RECORD_HEADER_LENGTH];
        let name = self.name.as_str().as_bytes();
        let [low, high] = (name.len() as u16).to_le_bytes();
        let [version_low, version_high] = VERSION.to_le_bytes();
        let parts: [&[u8]; 5] = [
            &MAGIC,
            &[version_low, version_high, low, high],
            &self.length.to_le_bytes(),
            &self.sequence.to_le_bytes(),
            name,
        ];
        let parts = parts.into_iter().flatten();
        for (place, byte) in bytes.iter_mut().zip(parts) {
            *place = *byte;
        }
        let checksum = checksum(&bytes, image_header);
        if let Some(place) = bytes.last_chunk_mut() {
            *place = checksum;
        }
        bytes
    }

    /// What a header says, if it is one.
    pub fn decode(bytes: &Bytes, image_header: &[u8; HEADER_LENGTH]) -> Option<Self> {
        if bytes.last_chunk() != Some(&checksum(bytes, image_header)) {
            return None;
        }
        let name_length = u16::from_le_bytes(field(bytes, 10)?);
        let name = bytes.get(24..)?.get(..usize::from(name_length))?;
        let fields = Self {
            length: u32::from_le_bytes(field(bytes, 12)?),
            sequence: u64::from_le_bytes(field(bytes, 16)?),
            name: Name::new(core::str::from_utf8(name).ok()?).ok()?,
        };
        // Magic, version, and the zeros: whatever a checksum fits by chance, only what
        // was written is accepted.
        (fields.encode(image_header) == *bytes).then_some(fields)
    }
}

fn field<const N: usize>(bytes: &Bytes, at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

/// The checksum at the end of a record's header.
fn checksum(record_header: &Bytes, image_header: &[u8; HEADER_LENGTH]) -> [u8; 4] {
    let mut checksum = Checksum::new();
    if let Some((covered, _)) = record_header.split_last_chunk::<4>() {
        checksum.update(covered);
    }
    checksum.update(image_header);
    checksum.finish().to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Fields {
        Fields {
            sequence: 0x0102_0304_0506_0708,
            name: Name::new("0123456789012345678901234567890").unwrap(),
            length: 70_000,
        }
    }

    #[test]
    fn a_header_comes_back() {
        let image_header = [7; HEADER_LENGTH];
        let bytes = fields().encode(&image_header);
        assert_eq!(Fields::decode(&bytes, &image_header), Some(fields()));
        assert!(bytes.starts_with(&MAGIC));
        assert_eq!(bytes[55..60], [0; 5]);
    }

    #[test]
    fn a_changed_header_is_none() {
        let image_header = [7; HEADER_LENGTH];
        let bytes = fields().encode(&image_header);
        for at in 0..RECORD_HEADER_LENGTH {
            for bit in 0..8 {
                let mut changed = bytes;
                changed[at] ^= 1 << bit;
                assert_eq!(Fields::decode(&changed, &image_header), None, "{at}");
                let mut changed = image_header;
                changed[at] ^= 1 << bit;
                assert_eq!(Fields::decode(&bytes, &changed), None, "{at}");
            }
        }
    }

    #[test]
    fn a_header_of_another_version_is_none() {
        let image_header = [7; HEADER_LENGTH];
        for (at, value) in [(8, 2), (9, 1), (10, 40), (0, b'T'), (56, 1), (26, b'/')] {
            let mut bytes = fields().encode(&image_header);
            bytes[at] = value;
            let checksum = checksum(&bytes, &image_header);
            *bytes.last_chunk_mut().unwrap() = checksum;
            assert_eq!(Fields::decode(&bytes, &image_header), None, "{at}");
        }
    }
}

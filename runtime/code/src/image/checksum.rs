//! The checksum of images: CRC-32 as in zip and Ethernet (ISO-HDLC).

/// What four bits make of the remainder: 64 bytes of flash, where the usual table
/// takes 1 KB.
const TABLE: [u32; 16] = {
    let mut table = [0; 16];
    let mut bits = 0;
    #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    while bits < 16 {
        let mut remainder = bits as u32;
        let mut step = 0;
        while step < 4 {
            remainder = remainder >> 1 ^ if remainder & 1 == 0 { 0 } else { 0xedb8_8320 };
            step += 1;
        }
        table[bits] = remainder;
        bits += 1;
    }
    table
};

/// The checksum of bytes that come in pieces.
#[derive(Clone, Copy, Debug)]
pub struct Checksum(u32);

impl Default for Checksum {
    fn default() -> Self {
        Self::new()
    }
}

impl Checksum {
    /// The checksum before the first piece.
    #[must_use]
    pub const fn new() -> Self {
        Self(u32::MAX)
    }

    /// Adds a piece.
    pub fn update(&mut self, bytes: &[u8]) {
        #[allow(clippy::indexing_slicing, reason = "four bits, 16 rows")]
        let four_bits = |remainder: u32| remainder >> 4 ^ TABLE[remainder as usize & 15];
        let (words, rest) = bytes.as_chunks();
        let mut remainder = self.0;
        for &word in words {
            remainder ^= u32::from_le_bytes(word);
            // Eight times.
            remainder = four_bits(four_bits(four_bits(four_bits(remainder))));
            remainder = four_bits(four_bits(four_bits(four_bits(remainder))));
        }
        for &byte in rest {
            remainder = four_bits(four_bits(remainder ^ u32::from(byte)));
        }
        self.0 = remainder;
    }

    /// The checksum of all pieces.
    #[must_use]
    pub const fn finish(self) -> u32 {
        !self.0
    }

    /// The checksum of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> u32 {
        let mut checksum = Self::new();
        checksum.update(bytes);
        checksum.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_another_implementation_in_any_pieces() {
        const OTHER: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
        let bytes: [u8; 1000] = core::array::from_fn(|index| ((index * index) >> 3) as u8);
        for length in [0, 1, 2, 63, 64, 1000] {
            let bytes = &bytes[..length];
            assert_eq!(Checksum::of(bytes), OTHER.checksum(bytes));
            let mut pieces = Checksum::new();
            bytes.chunks(7).for_each(|piece| pieces.update(piece));
            assert_eq!(pieces.finish(), OTHER.checksum(bytes));
        }
    }
}

//! What is kept of a program's output.

use alloc::vec::Vec;

use thimble::fallible::{OutOfMemory, TryVec};

/// The newest bytes of a program's output.
#[derive(Debug)]
pub(super) struct Log {
    bytes: Vec<u8>,
    /// Bytes that came in since the start, modulo 2⁶⁴; the last of them are kept.
    end: u64,
}

/// How many bytes [`Log::read`] returns at most.
pub(super) const PIECE: usize = 64;

impl Log {
    pub(super) fn new(capacity: usize) -> Result<Self, OutOfMemory> {
        let mut bytes = Vec::new();
        bytes.try_resize(capacity, 0)?;
        Ok(Self { bytes, end: 0 })
    }

    pub(super) fn clear(&mut self) {
        self.end = 0;
    }

    /// Appends bytes, in place of the oldest where there is no room.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let place = self.place(self.end);
            if let Some(place) = self.bytes.get_mut(place) {
                *place = *byte;
            }
            self.end = self.end.wrapping_add(1);
        }
    }

    /// Where a byte is kept.
    fn place(&self, position: u64) -> usize {
        let capacity = self.bytes.len().max(1) as u64;
        (position % capacity) as usize
    }

    /// The position behind the last byte.
    pub(super) const fn end(&self) -> u64 {
        self.end
    }

    /// Copies what there is from a position on, or from the oldest byte that is kept,
    /// up to `end`. Returns the position behind and how many there are. A character of UTF-8 is not cut.
    pub(super) fn read(&self, from: u64, end: u64, piece: &mut [u8; PIECE]) -> (u64, usize) {
        let oldest = self.end.saturating_sub(self.bytes.len() as u64);
        let mut from = from.max(oldest);
        let byte = |position| self.bytes.get(self.place(position)).copied();
        if from == oldest && oldest > 0 {
            // The first character may have lost its beginning.
            let lost = (from..end)
                .take(3)
                .take_while(|at| byte(*at).is_some_and(continues));
            from += lost.count() as u64;
        }
        let mut length = 0;
        for (place, position) in piece.iter_mut().zip(from..end) {
            *place = byte(position).unwrap_or_default();
            length += 1;
        }
        let next = from + length as u64;
        if next < end {
            length = whole(piece.get(..length).unwrap_or_default());
        }
        (from + length as u64, length)
    }
}

/// Whether a byte goes on with a character of UTF-8.
const fn continues(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// The length without a character that is not complete at the end.
fn whole(bytes: &[u8]) -> usize {
    let tail = bytes
        .iter()
        .rev()
        .take(3)
        .take_while(|byte| continues(**byte))
        .count();
    let start = bytes.len().saturating_sub(tail + 1);
    let needed = match bytes.get(start) {
        Some(0xc0..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..) => 4,
        _ => 1,
    };
    if start > 0 && tail + 1 < needed {
        start
    } else {
        bytes.len()
    }
}

#[cfg(test)]
#[allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test"
)]
mod tests {
    extern crate std;

    use std::string::String;
    use std::vec::Vec;

    use super::*;

    fn pieces(log: &Log) -> Vec<String> {
        let (mut from, mut piece, mut pieces) = (0, [0; PIECE], Vec::new());
        loop {
            let (next, length) = log.read(from, log.end(), &mut piece);
            if length == 0 {
                return pieces;
            }
            pieces.push(String::from_utf8(piece[..length].to_vec()).unwrap());
            from = next;
        }
    }

    #[test]
    fn the_newest_bytes_are_kept() {
        let mut log = Log::new(5).unwrap();
        assert!(pieces(&log).is_empty());
        log.push(b"abc");
        assert_eq!(pieces(&log), ["abc"]);
        log.push(b"defg");
        assert_eq!(pieces(&log), ["cdefg"]);
        log.push(b"0123456789");
        assert_eq!(pieces(&log), ["56789"]);
        log.clear();
        assert!(pieces(&log).is_empty());
        log.push(b"x");
        assert_eq!(pieces(&log), ["x"]);
    }

    #[test]
    fn without_room_nothing_is_kept() {
        let mut log = Log::new(0).unwrap();
        log.push(b"abc");
        assert!(pieces(&log).is_empty());
    }

    #[test]
    fn characters_are_not_cut() {
        let mut log = Log::new(200).unwrap();
        // 240 bytes, of which 200 are kept: the first is the last of a character.
        for _ in 0..80 {
            log.push("€".as_bytes());
        }
        let pieces = pieces(&log);
        assert_eq!(pieces.concat(), "€".repeat(66));
        assert_eq!(pieces.len(), 4);
    }

    #[test]
    fn what_is_no_text_comes_all_the_same() {
        let mut log = Log::new(256).unwrap();
        log.push(&[0xff; 130]);
        let (mut from, mut piece, mut count) = (0, [0; PIECE], 0);
        while count < 130 {
            let (next, length) = log.read(from, log.end(), &mut piece);
            assert!(length > 0);
            (from, count) = (next, count + length);
        }
        assert_eq!(count, 130);
    }
}

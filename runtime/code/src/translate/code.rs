//! The code of a body while it grows.

use alloc::vec::Vec;

use thimble_wasm::fallible::{OutOfMemory, TryVec};

/// Units that [`Code::put`] writes at once.
const MOST: usize = 4;

/// Units that it grows by, at least: an expression has fewer.
const LEAST: usize = 16;

/// Units of code. Behind them there is room that is initialised too, so that several
/// units are written by one comparison and as words.
#[derive(Debug, Default)]
pub(super) struct Code {
    units: Vec<u16>,
    length: usize,
}

impl Code {
    /// How many units there are.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn units(&self) -> &[u16] {
        self.units.get(..self.length).unwrap_or_default()
    }

    pub(super) fn units_mut(&mut self) -> &mut [u16] {
        self.units.get_mut(..self.length).unwrap_or_default()
    }

    /// Forgets the units from that position on.
    pub(super) fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }

    /// Makes room for so many units in front of the first one, if there is that much.
    pub(super) fn expect(&mut self, units: usize) {
        let room = units + MOST;
        if self.length == 0 && self.units.len() < room {
            // Not both at once.
            self.units = Vec::new();
            // Without this room, the code grows as it comes.
            let _ = self.units.try_resize_default(room);
        }
    }

    /// Appends up to four units, the first one lowest.
    #[inline(always)]
    pub(super) fn put(&mut self, units: u64, count: usize) -> Result<(), OutOfMemory> {
        if self.units.len() - self.length < MOST {
            self.grow(MOST)?;
        }
        let behind = self.units.get_mut(self.length..);
        if let Some(place) = behind.and_then(|behind| behind.first_chunk_mut::<MOST>()) {
            *place = [
                units as u16,
                (units >> 16) as u16,
                (units >> 32) as u16,
                (units >> 48) as u16,
            ];
            self.length += count;
        }
        Ok(())
    }

    /// Makes room for so many units.
    pub(super) fn reserve(&mut self, units: usize) -> Result<(), OutOfMemory> {
        if self.units.len() - self.length < units {
            self.grow(units)?;
        }
        Ok(())
    }

    /// Appends any number of units.
    pub(super) fn extend(&mut self, units: &[u16]) -> Result<(), OutOfMemory> {
        for &unit in units {
            self.put(unit.into(), 1)?;
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, more: usize) -> Result<(), OutOfMemory> {
        let length = self.length + more.max(self.length).max(LEAST);
        self.units.try_resize_default(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_come_back_in_order() {
        let mut code = Code::default();
        code.expect(3);
        for number in 0..100u16 {
            code.put(u64::from(number) | 7 << 16 | 8 << 32, 2).unwrap();
        }
        code.extend(&[1, 2, 3, 4, 5]).unwrap();
        assert_eq!(code.len(), 205);
        code.truncate(202);
        let expected = (0..100).flat_map(|number| [number, 7]).chain([1, 2]);
        assert!(code.units().iter().copied().eq(expected));
        code.units_mut()[1] = 9;
        assert_eq!(code.units()[..3], [0, 9, 1]);
    }
}

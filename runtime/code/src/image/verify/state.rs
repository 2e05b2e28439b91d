//! Which cells hold references, as the code goes on.

use alloc::vec::Vec;

use thimble_wasm::fallible::{OutOfMemory, TryVec};

/// The kinds of reference that a value may be used as: none for a number, both
/// for null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub const NONE: Self = Self(0);
    pub const FUNCTION: Self = Self(1);
    pub const EXTERN: Self = Self(2);
    pub const NULL: Self = Self(3);

    /// Whether a value of these kinds may be used as each of the `wanted`.
    pub const fn covers(self, wanted: Self) -> bool {
        self.0 & wanted.0 == wanted.0
    }

    /// What both may be used as.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// Cells of which one word says the kinds: two bits each.
const CELLS: u16 = 16;

/// Where references are: the accumulator, and each cell of the frame.
///
/// What parameters and locals hold never changes; cells of the operand stack
/// hold what was written last.
#[derive(Default)]
pub(super) struct State {
    pub accumulator: Kinds,
    words: Vec<u32>,
    /// The first cell of the operand stack.
    stack: u16,
    /// Words outside this range are 0 for all cells of the operand stack.
    used: (usize, usize),
}

fn place(cell: u16) -> (usize, u32) {
    (usize::from(cell / CELLS), u32::from(cell % CELLS) * 2)
}

impl State {
    /// Begins a function: no references in a frame of so many cells.
    pub(super) fn begin(&mut self, frame: u16, stack: u16) -> Result<(), OutOfMemory> {
        self.words.clear();
        self.words.try_resize(usize::from(frame / CELLS) + 1, 0)?;
        self.stack = stack;
        self.used = (usize::MAX, 0);
        self.accumulator = Kinds::NONE;
        Ok(())
    }

    /// What the cell may be used as.
    pub(super) fn get(&self, cell: u16) -> Kinds {
        let (word, shift) = place(cell);
        Kinds((self.words.get(word).copied().unwrap_or_default() >> shift) as u8 & 3)
    }

    /// Says what a cell holds, whatever it is.
    pub(super) fn set(&mut self, cell: u16, kinds: Kinds) {
        let (word, shift) = place(cell);
        if let Some(word) = self.words.get_mut(word) {
            *word = *word & !(3 << shift) | u32::from(kinds.0) << shift;
        }
    }

    /// Writes to a cell, and says whether that is allowed: a parameter or local
    /// that holds a reference must go on holding one of its kind.
    pub(super) fn write(&mut self, cell: u16, kinds: Kinds) -> bool {
        if cell < self.stack {
            return kinds.covers(self.get(cell));
        }
        let word = place(cell).0;
        // A cell outside the frame is refused elsewhere; it must not be in use.
        if kinds != Kinds::NONE && word < self.words.len() {
            self.used = (self.used.0.min(word), self.used.1.max(word + 1));
        }
        self.set(cell, kinds);
        true
    }

    /// Forgets what the operand stack holds from `cell` on. Returns how much
    /// work it was.
    pub(super) fn forget_from(&mut self, cell: u16) -> usize {
        let (first, shift) = place(cell.max(self.stack));
        let (low, high) = self.used;
        let low = low.max(first);
        let words = self.words.get_mut(low..high).unwrap_or_default();
        let work = words.len();
        for (word, index) in words.iter_mut().zip(low..) {
            let kept = if index == first { (1 << shift) - 1 } else { 0 };
            *word &= kept;
        }
        self.used.1 = high.min(first + 1);
        work
    }

    /// Forgets what the operand stack and the accumulator hold.
    pub(super) fn reset(&mut self) -> usize {
        self.accumulator = Kinds::NONE;
        let work = self.forget_from(self.stack);
        self.used = (usize::MAX, 0);
        work
    }

    /// Copies cells of the operand stack, as `memmove` does. Returns how much
    /// work it was.
    pub(super) fn copy(&mut self, from: u16, to: u16, count: u16) -> usize {
        // What lies outside the words in use, before and after, is nothing.
        let cell = |word: usize| word.saturating_mul(CELLS.into());
        let start = cell(self.used.0).saturating_sub(from.max(to).into());
        let end = cell(self.used.1)
            .saturating_sub(from.min(to).into())
            .min(count.into());
        let work = end.saturating_sub(start);
        for index in 0..work {
            let index = if to < from {
                start + index
            } else {
                end - 1 - index
            } as u16;
            let kinds = self.get(from.saturating_add(index));
            self.write(to.saturating_add(index), kinds);
        }
        work
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locals_keep_their_kind_and_the_stack_forgets() {
        let mut state = State::default();
        state.begin(100, 17).unwrap();
        state.set(3, Kinds::FUNCTION);
        assert!(state.write(3, Kinds::NULL));
        assert!(!state.write(3, Kinds::EXTERN));
        assert!(!state.write(3, Kinds::NONE));
        assert!(state.write(4, Kinds::NULL));
        assert_eq!(state.get(4), Kinds::NONE, "a number's local stays a number");
        for cell in 17..100 {
            assert!(state.write(cell, Kinds::EXTERN));
        }
        state.forget_from(50);
        assert_eq!(state.get(49), Kinds::EXTERN);
        assert!((50..100).all(|cell| state.get(cell) == Kinds::NONE));
        assert!(state.write(20, Kinds::EXTERN) && state.write(60_000, Kinds::EXTERN));
        state.reset();
        assert!((17..100).all(|cell| state.get(cell) == Kinds::NONE));
        assert_eq!(state.get(3), Kinds::FUNCTION);
    }

    #[test]
    fn copies_overlap() {
        for (from, to) in [(10, 12), (12, 10), (10, 40), (40, 10)] {
            let mut state = State::default();
            state.begin(100, 5).unwrap();
            let kinds = |index: u16| Kinds((index % 4) as u8);
            for index in 0..20 {
                state.write(from + index, kinds(index));
            }
            state.copy(from, to, 20);
            for index in 0..20 {
                assert_eq!(
                    state.get(to + index),
                    kinds(index),
                    "{from} to {to}, {index}"
                );
            }
        }
    }
}

//! The operand stack as the translator sees it: not values, but where each value is.

use thimble_wasm::fallible::TryVec;
use thimble_wasm::{Failure, ValueType};

use super::function::{Function, broken, too_large};
use crate::operation::{CELL, Width};

/// Where the value of a stack entry is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// In the entry's own cells.
    Slot,
    /// In a local that was not written since.
    Local {
        /// The local.
        index: u16,
        /// The next lower entry (+ 1) that is the same local; 0 for none.
        below: u16,
    },
    /// Nowhere: it is known.
    Constant(Constant),
    /// In the accumulator only.
    Accumulator,
}

/// The bits of a number, in words: an entry is smaller so, and copied all the time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constant {
    low: u32,
    high: u32,
}

impl Constant {
    /// The lower 32 bits: all there are of an i32.
    pub const fn low(self) -> u32 {
        self.low
    }

    /// The bits, the upper ones of a short number 0.
    pub const fn bits(self) -> u64 {
        self.low as u64 | (self.high as u64) << 32
    }
}

/// Which [`Place`] it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Slot,
    Local,
    Constant,
    Accumulator,
}

/// One entry of the operand stack: three words, since it is copied all the time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    kind: Kind,
    pub ty: ValueType,
    /// The entry's own first cell, used or not.
    pub slot: u16,
    /// Of a constant its bits; of a local its index, and in the upper half the next lower
    /// entry that is the same.
    low: u32,
    high: u32,
}

impl Entry {
    #[inline(always)]
    const fn new(ty: ValueType, slot: u16, place: Place) -> Self {
        let (kind, low, high) = match place {
            Place::Slot => (Kind::Slot, 0, 0),
            Place::Local { index, below } => (Kind::Local, index as u32 | (below as u32) << 16, 0),
            Place::Constant(Constant { low, high }) => (Kind::Constant, low, high),
            Place::Accumulator => (Kind::Accumulator, 0, 0),
        };
        Self {
            kind,
            ty,
            slot,
            low,
            high,
        }
    }

    /// Where the value is.
    #[inline(always)]
    pub(super) const fn place(&self) -> Place {
        let Self { low, high, .. } = *self;
        match self.kind {
            Kind::Slot => Place::Slot,
            Kind::Local => Place::Local {
                index: low as u16,
                below: (low >> 16) as u16,
            },
            Kind::Constant => Place::Constant(Constant { low, high }),
            Kind::Accumulator => Place::Accumulator,
        }
    }

    /// Whether the value is in the accumulator only.
    #[inline(always)]
    pub(super) fn is_accumulator(&self) -> bool {
        self.kind == Kind::Accumulator
    }

    /// Whether the value is known.
    #[inline(always)]
    pub(super) fn is_constant(&self) -> bool {
        self.kind == Kind::Constant
    }
}

/// One local.
#[derive(Clone, Copy, Debug)]
pub(super) struct Local {
    pub cell: u16,
    pub ty: ValueType,
    /// The topmost stack entry (+ 1) that is this local; 0 for none.
    alias: u16,
}

impl Local {
    pub const fn new(ty: ValueType) -> Self {
        Self {
            cell: 0,
            ty,
            alias: 0,
        }
    }
}

/// The width of a value of a type.
pub(super) const fn width(ty: ValueType) -> Width {
    match ty {
        ValueType::I64 | ValueType::F64 => Width::W64,
        _ => Width::W32,
    }
}

/// The bytes of the cells that a value of a type takes.
///
/// The translator names cells as code does: by their offset in bytes.
pub(super) const fn size(ty: ValueType) -> u16 {
    match ty {
        ValueType::I64 | ValueType::F64 => 2 * CELL,
        ValueType::V128 => 4 * CELL,
        _ => CELL,
    }
}

impl Function {
    /// Pushes an entry whose value is in its slot, or a constant.
    #[inline(never)]
    pub(super) fn push(&mut self, ty: ValueType, place: Place) -> Result<(), Failure> {
        self.push_entry(ty, place)
    }

    #[inline(always)]
    fn push_entry(&mut self, ty: ValueType, place: Place) -> Result<(), Failure> {
        let slot = self.next_slot;
        let end = slot.checked_add(size(ty)).ok_or_else(too_large)?;
        self.next_slot = end;
        self.frame_size = self.frame_size.max(end);
        if ty.is_reference() {
            self.push_reference()?;
        }
        Ok(self.stack.try_push(Entry::new(ty, slot, place))?)
    }

    /// Notes that the next entry is a reference.
    #[cold]
    #[inline(never)]
    fn push_reference(&mut self) -> Result<(), Failure> {
        self.has_references = true;
        Ok(self.references.try_push(self.stack.len() as u32)?)
    }

    /// Pushes an entry that is a local.
    #[inline(never)]
    pub(super) fn push_local(&mut self, index: u16) -> Result<(), Failure> {
        // Each entry has a cell of its own, so there are not more than that.
        let number = self.stack.len() as u16 + 1;
        let local = self.locals.get_mut(usize::from(index)).ok_or_else(broken)?;
        let below = core::mem::replace(&mut local.alias, number);
        let ty = local.ty;
        self.push_entry(ty, Place::Local { index, below })
    }

    /// Pushes an entry that has the bits of a local, as a value of this type.
    #[inline(never)]
    pub(super) fn push_alias(&mut self, ty: ValueType, index: u16) -> Result<(), Failure> {
        // Each entry has a cell of its own, so there are not more than that.
        let number = self.stack.len() as u16 + 1;
        let local = self.locals.get_mut(usize::from(index)).ok_or_else(broken)?;
        let below = core::mem::replace(&mut local.alias, number);
        self.push(ty, Place::Local { index, below })
    }

    /// Pushes a constant.
    #[inline(never)]
    pub(super) fn push_constant(&mut self, ty: ValueType, bits: u64) -> Result<(), Failure> {
        let constant = Constant {
            low: bits as u32,
            high: (bits >> 32) as u32,
        };
        self.push_entry(ty, Place::Constant(constant))
    }

    /// Pushes a value that the last operation left in the accumulator.
    #[inline(never)]
    pub(super) fn push_accumulator(&mut self, ty: ValueType) -> Result<(), Failure> {
        self.accumulator = Some(self.stack.len());
        self.push(ty, Place::Accumulator)
    }

    /// Pops an entry. If it is in the accumulator, it is the caller's business
    /// to use it before the accumulator is written.
    ///
    /// Where there is none, which validation excludes, it is any, and the body fails at
    /// its end: a result would have to be looked at each time.
    #[inline(never)]
    pub(super) fn pop(&mut self) -> Entry {
        let Some(entry) = self.stack.pop() else {
            self.broken = true;
            return Entry::new(ValueType::I32, 0, Place::Slot);
        };
        self.next_slot = entry.slot;
        self.release(&entry);
        if entry.ty.is_reference() {
            self.references.pop();
        }
        self.flushed = self.flushed.min(self.stack.len());
        entry
    }

    /// Pops the operands of a binary operator, which are numbers.
    #[inline(always)]
    pub(super) fn pop_numbers(&mut self) -> [Entry; 2] {
        let at = self.stack.len().saturating_sub(2);
        let top = self.stack.get(at..).and_then(|top| top.first_chunk());
        let Some(&[first, second]) = top else {
            return [self.pop(), self.pop()];
        };
        self.stack.truncate(at);
        self.next_slot = first.slot;
        self.release(&second);
        self.release(&first);
        self.flushed = self.flushed.min(at);
        [first, second]
    }

    /// Pushes the result of a binary operator, which the last operation left in the
    /// accumulator, at the slot of the first operand. It is not larger than that, so the
    /// frame has room for it.
    #[inline(always)]
    pub(super) fn push_result(&mut self, ty: ValueType, slot: u16) -> Result<(), Failure> {
        self.accumulator = Some(self.stack.len());
        self.next_slot = slot.saturating_add(size(ty));
        let entry = Entry::new(ty, slot, Place::Accumulator);
        Ok(self.stack.try_push(entry)?)
    }

    /// Forgets where a popped entry was.
    #[inline(always)]
    fn release(&mut self, entry: &Entry) {
        match entry.place() {
            Place::Local { index, below } => self.unalias(index, below),
            Place::Accumulator => self.accumulator = None,
            Place::Slot | Place::Constant(_) => {}
        }
    }

    /// Forgets that the topmost entry that is this local is it.
    #[inline(always)]
    fn unalias(&mut self, index: u16, below: u16) {
        if let Some(local) = self.locals.get_mut(usize::from(index)) {
            local.alias = below;
        }
    }

    /// Pops entries until `height` are left.
    pub(super) fn truncate(&mut self, height: usize) {
        while self.stack.len() > height {
            self.pop();
        }
    }

    /// The cell of a value that is in one.
    pub(super) fn cell_of(&self, entry: &Entry) -> Option<u16> {
        match entry.place() {
            Place::Slot => Some(entry.slot),
            Place::Local { index, .. } => {
                self.locals.get(usize::from(index)).map(|local| local.cell)
            }
            Place::Constant(_) | Place::Accumulator => None,
        }
    }

    /// Whether the accumulator holds the value, be it in a cell too.
    pub(super) fn in_accumulator(&self, entry: &Entry) -> bool {
        if entry.is_accumulator() {
            return true;
        }
        match self.mirror {
            Some((cell, mirrored)) => self.is_mirrored(entry, cell, mirrored),
            None => false,
        }
    }

    #[inline(never)]
    fn is_mirrored(&self, entry: &Entry, cell: u16, mirrored: Width) -> bool {
        mirrored == width(entry.ty) && self.cell_of(entry) == Some(cell)
    }

    /// Puts a popped value into a cell, its own unless it is in one already.
    ///
    /// A constant overwrites the accumulator: other popped values that are in
    /// it must be put into cells before.
    pub(super) fn place_in_cell(&mut self, entry: &mut Entry) -> Result<u16, Failure> {
        match entry.place() {
            Place::Constant(constant) => self.constant_to(constant, entry.ty, entry.slot)?,
            Place::Accumulator => self.store_accumulator(entry.slot, width(entry.ty))?,
            Place::Slot | Place::Local { .. } => return self.cell_of(entry).ok_or_else(broken),
        }
        entry.kind = Kind::Slot;
        Ok(entry.slot)
    }

    /// Puts popped values into cells, in an order in which none is lost.
    pub(super) fn place_in_cells<const N: usize>(
        &mut self,
        mut entries: [&mut Entry; N],
    ) -> Result<[u16; N], Failure> {
        for entry in &mut entries {
            if entry.is_accumulator() {
                self.place_in_cell(entry)?;
            }
        }
        let mut cells = [0; N];
        for (entry, cell) in entries.into_iter().zip(&mut cells) {
            *cell = self.place_in_cell(entry)?;
        }
        Ok(cells)
    }

    /// Puts a popped value into the accumulator. No other popped value may be there.
    pub(super) fn place_in_accumulator(&mut self, entry: &Entry) -> Result<(), Failure> {
        if self.in_accumulator(entry) {
            return Ok(());
        }
        match entry.place() {
            Place::Constant(constant) => self.constant(constant, entry.ty),
            _ => {
                let cell = self.cell_of(entry).ok_or_else(broken)?;
                self.take(cell, width(entry.ty))
            }
        }
    }

    /// Moves the entry that is in the accumulator only to its cells.
    pub(super) fn vacate(&mut self) -> Result<(), Failure> {
        match self.accumulator.take() {
            Some(index) => self.move_to_slot(index),
            None => Ok(()),
        }
    }

    /// Moves an entry that is in the accumulator to its cells.
    #[inline(never)]
    fn move_to_slot(&mut self, index: usize) -> Result<(), Failure> {
        let entry = self.stack.get_mut(index).ok_or_else(broken)?;
        entry.kind = Kind::Slot;
        let (slot, width) = (entry.slot, width(entry.ty));
        self.store_accumulator(slot, width)
    }

    /// Moves entries from `index` upward to their own cells, so that a path that
    /// joins later finds them there; constants only if asked to.
    pub(super) fn flush_from(&mut self, index: usize, constants: bool) -> Result<(), Failure> {
        if self.accumulator.is_some_and(|at| at >= index) {
            self.vacate()?;
        }
        // From the top, as the lists of aliases want it.
        for at in (index..self.stack.len()).rev() {
            let entry = *self.stack.get(at).ok_or_else(broken)?;
            match entry.place() {
                Place::Local { index, below } => {
                    let cell = self.cell_of(&entry).ok_or_else(broken)?;
                    self.copy(cell, entry.slot, width(entry.ty))?;
                    self.unalias(index, below);
                }
                Place::Constant(constant) if constants => {
                    self.constant_to(constant, entry.ty, entry.slot)?;
                }
                _ => continue,
            }
            if let Some(entry) = self.stack.get_mut(at) {
                entry.kind = Kind::Slot;
            }
        }
        Ok(())
    }

    /// Moves all entries that a join would lose to their own cells.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        self.flush_from(self.flushed, false)?;
        self.flushed = self.stack.len();
        Ok(())
    }

    /// Whether [`flush`](Self::flush) would have to emit code.
    pub(super) fn needs_flush(&self) -> bool {
        self.stack
            .get(self.flushed..)
            .unwrap_or_default()
            .iter()
            .any(|entry| matches!(entry.place(), Place::Local { .. } | Place::Accumulator))
    }

    /// Writes a popped value to a local.
    #[inline(always)]
    pub(super) fn set_local(&mut self, index: u16, entry: &Entry) -> Result<(), Failure> {
        let local = self.locals.get_mut(usize::from(index)).ok_or_else(broken)?;
        let mut alias = core::mem::take(&mut local.alias);
        let local = *local;
        // Entries that are this local keep its old value.
        while let Some(at) = usize::from(alias).checked_sub(1) {
            let other = self.stack.get_mut(at).ok_or_else(broken)?;
            let Place::Local { below, .. } = other.place() else {
                return Err(broken());
            };
            other.kind = Kind::Slot;
            alias = below;
            let slot = other.slot;
            self.copy(local.cell, slot, width(local.ty))?;
        }
        self.move_to(entry, local.cell)
    }

    /// Copies a popped value to a cell.
    pub(super) fn move_to(&mut self, entry: &Entry, cell: u16) -> Result<(), Failure> {
        let width = width(entry.ty);
        match entry.place() {
            Place::Accumulator => return self.store_accumulator(cell, width),
            Place::Constant(constant) => return self.constant_to(constant, entry.ty, cell),
            Place::Slot | Place::Local { .. } => {}
        }
        let from = self.cell_of(entry).ok_or_else(broken)?;
        if from == cell {
            Ok(())
        } else if self.in_accumulator(entry) {
            self.store_accumulator(cell, width)
        } else {
            self.copy(from, cell, width)
        }
    }
}

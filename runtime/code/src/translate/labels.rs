//! Labels and the distances of branches to them.
//!
//! A forward branch is emitted with an empty distance and remembered as a fixup
//! of its label; when the label comes, the distances are filled in. Distances
//! have 16 bits. Where a label is still missing when 16 bits are about to be
//! exceeded, an *island* is emitted in between: a `br.far` with 32 bits, to
//! which the short branches are directed.

use thimble_wasm::fallible::TryVec;
use thimble_wasm::{ErrorKind, Failure, ValueType};

use super::emit::Producer;
use super::function::{Function, broken, too_large};
use super::stack::Place;
use crate::image::NONE;
use crate::operation::{Form, Operation};

/// Units that a short branch reaches backward; forward it is one less.
pub(super) const SHORT: u32 = 16_384;

/// Units after which short branches get an island. What one operator emits fits
/// between this and what a short branch reaches.
const ISLAND_AFTER: u32 = 8_000;

/// References that may be on the stack across a label.
const MAX_REFERENCES: usize = 64;

/// A distance to be filled in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fixup {
    /// Position of the distance.
    at: u32,
    /// The next one of the same label, or the next unused one.
    next: u32,
    /// Whether it has 32 bits.
    long: bool,
}

impl Function {
    pub(super) fn add_fixup(&mut self, list: u32, at: u32, long: bool) -> Result<u32, Failure> {
        if !long {
            self.oldest_short.get_or_insert(at);
            self.watch();
        }
        let fixup = Fixup {
            at,
            next: list,
            long,
        };
        let free = self.free_fixups;
        if let Some(place) = self.fixups.get_mut(free as usize) {
            self.free_fixups = place.next;
            *place = fixup;
            return Ok(free);
        }
        self.fixups.try_push(fixup)?;
        Ok(self.fixups.len() as u32 - 1)
    }

    /// Fills in a distance from `at` to `target`.
    pub(super) fn patch(&mut self, at: u32, long: bool, target: u32) -> Result<(), Failure> {
        let units = if long { 2 } else { 1 };
        // In bytes: two a unit.
        let distance = (i64::from(target) - i64::from(at) - units) * 2;
        let distance = i32::try_from(distance).map_err(|_| too_large())?;
        let place = self
            .code
            .units_mut()
            .get_mut(at as usize..)
            .ok_or_else(broken)?;
        if let (true, Some([low, high])) = (long, place.first_chunk_mut()) {
            *low = distance as u16;
            *high = (distance >> 16) as u16;
        } else if let (false, Some(unit)) = (long, place.first_mut()) {
            let distance = i16::try_from(distance);
            *unit = distance.map_err(|_| {
                Failure::new(&(
                    ErrorKind::Limit,
                    "an instruction needs more code than a branch reaches",
                ))
            })? as u16;
        }
        Ok(())
    }

    /// Fills in and gives back a list of fixups; only the short ones if asked
    /// to. Returns the list of those that are left.
    pub(super) fn resolve(
        &mut self,
        list: u32,
        target: u32,
        short_only: bool,
    ) -> Result<u32, Failure> {
        let mut left = NONE;
        let mut next = list;
        while let Some(&fixup) = self.fixups.get(next as usize) {
            let this = core::mem::replace(&mut next, fixup.next);
            let keep = short_only && fixup.long;
            if !keep {
                self.patch(fixup.at, fixup.long, target)?;
            }
            let list = if keep {
                &mut left
            } else {
                &mut self.free_fixups
            };
            let behind = core::mem::replace(list, this);
            if let Some(fixup) = self.fixups.get_mut(this as usize) {
                fixup.next = behind;
            }
        }
        Ok(left)
    }

    /// The code here can be reached from elsewhere: nothing is known of the
    /// accumulator. Returns the position to branch to.
    pub(super) fn label(&mut self) -> Result<u32, Failure> {
        self.vacate()?;
        self.producer = Producer::NONE;
        self.mirror = None;
        let position = self.position();
        if !self.references.is_empty() {
            self.list_references()?;
        }
        Ok(position)
    }

    /// Lists the slots that hold references: the verifier forgets others at labels.
    fn list_references(&mut self) -> Result<(), Failure> {
        // Without a bound the work would be labels times entries.
        if self.references.len() > MAX_REFERENCES {
            return Err(Failure::new(&(
                ErrorKind::Limit,
                "more than 64 references are on the stack across a label",
            )));
        }
        let at = self.code.len();
        self.units(&[Operation::References.single(), 0])?;
        for ty in [ValueType::FuncRef, ValueType::ExternRef] {
            let references = self.references.iter();
            let slots = references
                .filter_map(|&index| self.stack.get(index as usize))
                .filter(|e| e.ty == ty && matches!(e.place(), Place::Slot));
            for (index, entry) in slots.enumerate() {
                if ty == ValueType::ExternRef && index == 0 {
                    // The cell that never holds one separates the kinds.
                    self.code.put(self.link.into(), 1)?;
                }
                self.code.put(entry.slot.into(), 1)?;
            }
        }
        let count = self.code.len() - at - 2;
        if count == 0 {
            self.code.truncate(at);
        } else if let Some(place) = self.code.units_mut().get_mut(at + 1) {
            *place = count as u16;
        }
        Ok(())
    }

    /// Emits islands when a short branch would otherwise not reach its label.
    /// `room` is how many units come at once.
    pub(super) fn islands(&mut self, room: u32) -> Result<(), Failure> {
        if self.needs_islands(room) {
            self.emit_islands()?;
        }
        Ok(())
    }

    /// Whether a short branch would otherwise not reach its label.
    pub(super) fn needs_islands(&self, room: u32) -> bool {
        self.position().saturating_add(room) >= self.islands_at()
    }

    /// The position from which on islands are needed.
    pub(super) fn islands_at(&self) -> u32 {
        match self.oldest_short {
            Some(oldest) => oldest.saturating_add(ISLAND_AFTER),
            None => u32::MAX,
        }
    }

    #[cold]
    #[inline(never)]
    fn emit_islands(&mut self) -> Result<(), Failure> {
        self.flush()?;
        self.oldest_short = None;
        // The code before goes on behind the islands.
        let mut around = None;
        for index in 0..self.controls.len() {
            let Some(&control) = self.controls.get(index) else {
                break;
            };
            let short = self.has_short(control.fixups);
            let otherwise = control.otherwise.filter(|&list| self.has_short(list));
            if !short && otherwise.is_none() {
                continue;
            }
            if around.is_none() && !self.dead {
                self.form(Operation::Branch, Form::One, &[0])?;
                around = Some(self.position() - 1);
            }
            if short {
                let island = self.position();
                let left = self.resolve(control.fixups, island, true)?;
                self.operation(Operation::BranchFar, &[0, 0])?;
                let list = self.add_fixup(left, island + 1, true)?;
                self.controls.get_mut(index).ok_or_else(broken)?.fixups = list;
            }
            if let Some(list) = otherwise {
                let island = self.position();
                self.resolve(list, island, true)?;
                self.operation(Operation::BranchFar, &[0, 0])?;
                let list = self.add_fixup(NONE, island + 1, true)?;
                self.controls.get_mut(index).ok_or_else(broken)?.otherwise = Some(list);
            }
        }
        if let Some(around) = around {
            let here = self.label()?;
            self.patch(around, false, here)?;
        }
        self.watch();
        Ok(())
    }

    pub(super) fn has_short(&self, list: u32) -> bool {
        let mut next = list;
        while let Some(fixup) = self.fixups.get(next as usize) {
            if !fixup.long {
                return true;
            }
            next = fixup.next;
        }
        false
    }
}

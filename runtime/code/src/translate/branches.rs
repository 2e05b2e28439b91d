//! Branches and returns: values go to where the label expects them, then the
//! code goes on there.

use alloc::vec::Vec;

use thimble_wasm::fallible::TryVec;
use thimble_wasm::{Declarations, Failure, ValueType};

use super::condition::Condition;
use super::control::{Control, Kind};
use super::function::{Function, broken, too_large};
use super::labels::SHORT;
use super::stack::{Entry, size, width};
use crate::image::NONE;
use crate::operation::{Form, Operation, Variant, Width};

/// A `br_table` whose targets are arriving.
#[derive(Debug)]
pub(super) struct PendingTable {
    /// Targets to come, the default included.
    left: u32,
    /// Position of the next distance.
    at: u32,
    /// Of each label to which values must be moved: the position of the last
    /// distance to it, or `NONE`. That distance holds, for now, the position of
    /// the one before it.
    stubs: Vec<u32>,
}

impl Function {
    /// Emits the distance to a label of a short or long branch just emitted.
    fn distance(&mut self, index: usize, control: &Control, long: bool) -> Result<(), Failure> {
        let at = self.position();
        self.units(if long { &[0, 0] } else { &[0] })?;
        if control.kind == Kind::Loop {
            return self.patch(at, long, control.start);
        }
        // The list may have grown since the copy was made.
        let list = self.controls.get(index).ok_or_else(broken)?.fixups;
        let list = self.add_fixup(list, at, long)?;
        self.controls.get_mut(index).ok_or_else(broken)?.fixups = list;
        Ok(())
    }

    /// Whether a short backward branch of `units` units from here reaches the loop.
    fn reaches(&self, control: &Control, units: u32) -> bool {
        self.position() + units - control.start <= SHORT
    }

    /// Emits a branch.
    pub(super) fn jump(&mut self, index: usize, control: &Control) -> Result<(), Failure> {
        if control.kind == Kind::Loop {
            // A loop's start is a site: an endless one is interrupted there.
            self.site()?;
            if !self.reaches(control, 2) {
                self.operation(Operation::BranchFar, &[])?;
                return self.distance(index, control, true);
            }
            let token = Operation::Branch
                .token(Form::One, Variant::Second)
                .ok_or_else(broken)?;
            self.units(&[token])?;
        } else {
            self.form(Operation::Branch, Form::One, &[])?;
        }
        self.distance(index, control, false)
    }

    /// Emits a branch on a condition.
    fn jump_if(
        &mut self,
        index: usize,
        control: &Control,
        condition: Condition,
    ) -> Result<(), Failure> {
        let Condition {
            operation, form, ..
        } = condition;
        let mut variant = Variant::First;
        if control.kind == Kind::Loop {
            self.site()?;
            if !self.reaches(control, 4) {
                // The label behind the branch would do it on one of two paths.
                self.vacate()?;
                let over = self.branch_over(condition.invert())?;
                self.operation(Operation::BranchFar, &[])?;
                self.distance(index, control, true)?;
                let here = self.label()?;
                return self.patch(over, false, here);
            }
            variant = Variant::Second;
        }
        let token = operation.token(form, variant).ok_or_else(broken)?;
        self.emit(condition.operands().behind(token))?;
        self.distance(index, control, false)
    }

    /// Emits a short forward branch and returns where its distance is.
    pub(super) fn branch_over(&mut self, condition: Condition) -> Result<u32, Failure> {
        self.form_units(condition.operation, condition.form, condition.operands())?;
        self.units(&[0])?;
        Ok(self.position() - 1)
    }

    /// The slot of the lowest of the top `count` entries.
    pub(super) fn slot_of_top(&self, count: usize) -> Result<u16, Failure> {
        let index = self.stack.len().checked_sub(count).ok_or_else(broken)?;
        match self.stack.get(index) {
            Some(entry) => Ok(entry.slot),
            None => Ok(self.next_slot),
        }
    }

    /// Moves the top entries, which are in their slots, to a label's slots.
    fn move_range(&mut self, types: &[ValueType], to: u16) -> Result<(), Failure> {
        let from = self.slot_of_top(types.len())?;
        let count = types
            .iter()
            .try_fold(0u16, |sum, &ty| sum.checked_add(size(ty)));
        let count = count.ok_or_else(too_large)?;
        if from != to && count > 0 {
            self.operation(Operation::CopyRange, &[from, to, count])?;
            self.mirror = None;
        }
        Ok(())
    }

    #[inline(never)]
    pub(super) fn branch(&mut self, m: &Declarations, label: u32) -> Result<(), Failure> {
        let (index, control) = self.control(label)?;
        if control.kind == Kind::Function {
            return self.return_(m);
        }
        let types = self.label_types(m, &control)?;
        match types.len() {
            0 => {}
            1 => {
                let entry = self.pop();
                self.vacate()?;
                self.move_to(&entry, control.slot)?;
            }
            count => {
                let first = self.stack.len().checked_sub(count).ok_or_else(broken)?;
                self.flush_from(first, true)?;
                self.move_range(types, control.slot)?;
            }
        }
        self.jump(index, &control)?;
        self.die()
    }

    /// The code here cannot be reached: the stack does not matter.
    pub(super) fn die(&mut self) -> Result<(), Failure> {
        self.set_dead(true);
        let height = self.controls.last().map_or(0, |control| control.height);
        self.truncate(height);
        Ok(())
    }

    #[inline(never)]
    pub(super) fn branch_if(&mut self, m: &Declarations, label: u32) -> Result<(), Failure> {
        let (index, control) = self.control(label)?;
        let types = self.label_types(m, &control)?;
        let mut entry = self.pop();
        if types.is_empty() {
            let condition = self.condition(&entry)?;
            return self.jump_if(index, &control, condition);
        }
        let first = self
            .stack
            .len()
            .checked_sub(types.len())
            .ok_or_else(broken)?;
        self.place_in_cell(&mut entry)?;
        self.flush_from(first, true)?;
        // The label behind the branch would do it on one of two paths.
        self.vacate()?;
        let condition = self.condition(&entry)?;
        if self.slot_of_top(types.len())? == control.slot {
            return self.jump_if(index, &control, condition);
        }
        let over = self.branch_over(condition.invert())?;
        let mirror = self.mirror;
        self.move_range(types, control.slot)?;
        self.jump(index, &control)?;
        let here = self.label()?;
        // The verifier does not know of a reference in the accumulator here.
        self.mirror = mirror.filter(|_| !self.has_references);
        self.patch(over, false, here)
    }

    /// Begins a `br_table`.
    #[inline(never)]
    pub(super) fn branch_table(&mut self, count: u32) -> Result<(), Failure> {
        let targets = count.checked_add(1).ok_or_else(too_large)?;
        self.islands(targets.saturating_mul(2))?;
        let mut index = self.pop();
        self.site()?;
        // Values for the labels come to their slots; how many there are is
        // known with the first target.
        let cell = self.place_in_cell(&mut index)?;
        let height = self.controls.last().map_or(0, |control| control.height);
        self.flush_from(height, true)?;
        self.take(cell, Width::W32)?;
        self.operation(
            Operation::BranchTable,
            &[count as u16, (count >> 16) as u16],
        )?;
        self.table = Some(PendingTable {
            left: targets,
            at: self.position(),
            stubs: Vec::new(),
        });
        Ok(())
    }

    /// One target of the `br_table`.
    pub(super) fn branch_target(&mut self, m: &Declarations, label: u32) -> Result<(), Failure> {
        let Some(mut table) = self.table.take() else {
            return Ok(());
        };
        let (index, control) = self.control(label)?;
        let types = self.label_types(m, &control)?;
        debug_assert_eq!(self.position(), table.at);
        if types.is_empty() || self.slot_of_top(types.len())? == control.slot {
            self.distance(index, &control, true)?;
        } else {
            if table.stubs.is_empty() {
                table.stubs.try_resize(self.controls.len(), NONE)?;
            }
            let last = table.stubs.get_mut(label as usize).ok_or_else(broken)?;
            let before = core::mem::replace(last, table.at);
            self.units(&[before as u16, (before >> 16) as u16])?;
        }
        table.at += 2;
        table.left = table.left.saturating_sub(1);
        if table.left > 0 {
            self.table = Some(table);
            return Ok(());
        }
        self.set_dead(true);
        // One stub serves all targets with the same label.
        for (label, mut at) in table.stubs.into_iter().enumerate() {
            if at == NONE {
                continue;
            }
            self.islands(0)?;
            let (index, control) = self.control(label as u32)?;
            let types = self.label_types(m, &control)?;
            let here = self.label()?;
            while at != NONE {
                let units = self
                    .code
                    .units()
                    .get(at as usize..)
                    .and_then(|code| code.first_chunk());
                let [low, high] = *units.ok_or_else(broken)?;
                self.patch(at, true, here)?;
                at = u32::from(low) | u32::from(high) << 16;
            }
            self.move_range(types, control.slot)?;
            self.jump(index, &control)?;
        }
        self.die()
    }

    #[inline(never)]
    pub(super) fn return_(&mut self, m: &Declarations) -> Result<(), Failure> {
        let control = *self.controls.first().ok_or_else(broken)?;
        let types = self.results(m, &control)?;
        let link = self.link;
        match *types {
            [] => self.operation(Operation::Return, &[link])?,
            [ty] => {
                let entry = self.pop();
                self.return_one(&entry, ty)?;
            }
            _ => {
                let first = self
                    .stack
                    .len()
                    .checked_sub(types.len())
                    .ok_or_else(broken)?;
                self.flush_from(first, true)?;
                let from = self.slot_of_top(types.len())?;
                let count = types
                    .iter()
                    .try_fold(0u16, |sum, &ty| sum.checked_add(size(ty)));
                let count = count.ok_or_else(too_large)?;
                self.operation(Operation::ReturnRange, &[link, from, count])?;
            }
        }
        self.die()
    }

    fn return_one(&mut self, entry: &Entry, ty: ValueType) -> Result<(), Failure> {
        let wide = width(ty) == Width::W64;
        let link = self.link;
        match self.cell_of(entry) {
            Some(cell) if !self.in_accumulator(entry) => {
                let operation = if wide {
                    Operation::ReturnCell64
                } else {
                    Operation::ReturnCell32
                };
                self.operation(operation, &[link, cell])
            }
            _ => {
                self.vacate()?;
                self.place_in_accumulator(entry)?;
                let operation = if wide {
                    Operation::ReturnAccumulator64
                } else {
                    Operation::ReturnAccumulator32
                };
                self.operation(operation, &[link])
            }
        }
    }
}

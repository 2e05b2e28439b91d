//! Blocks, labels and branches.
//!
//! A forward branch is emitted with an empty distance and remembered as a fixup
//! of its label; when the label comes, the distances are filled in. Distances
//! have 16 bits. Where a label is still missing when 16 bits are about to be
//! exceeded, an *island* is emitted in between: a `br.far` with 32 bits, to
//! which the short branches are directed.

use alloc::vec::Vec;

use thimble_wasm::fallible::TryVec;
use thimble_wasm::{BlockType, Declarations, ErrorKind, Failure, ValueType};

use super::condition::Condition;
use super::function::{Function, broken, too_large, unit};
use super::stack::{Entry, Place, cells, width};
use crate::image::NONE;
use crate::operation::{Form, Operation, Variant, Width};

/// Units after which short branches get an island. What one operator emits fits
/// between this and the 32,767 units that a short branch reaches.
const ISLAND_AFTER: u32 = 16_000;

/// References that may be in cells across a label, and a separator.
const MAX_REFERENCES: usize = 65;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Function,
    Block,
    Loop,
    If,
    Else,
}

/// A block that was entered and not left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Control {
    pub kind: Kind,
    pub block_type: BlockType,
    /// Stack entries below its parameters.
    pub height: usize,
    /// The first cell above these entries.
    pub slot: u16,
    /// Where a loop begins.
    pub start: u32,
    /// The branches to its end, as a list of fixups.
    pub fixups: u32,
    /// The branch of an `if` to its `else`.
    pub otherwise: Option<u32>,
}

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

/// A `br_table` whose targets are arriving.
#[derive(Debug)]
pub(super) struct PendingTable {
    /// Targets to come, the default included.
    left: u32,
    /// Position of the next distance.
    at: u32,
    /// Targets that need values moved: position of the distance, label.
    stubs: Vec<(u32, u32)>,
}

fn params(m: &Declarations, block_type: BlockType) -> Result<&[ValueType], Failure> {
    match block_type {
        BlockType::Empty | BlockType::Value(_) => Ok(&[]),
        BlockType::Function(index) => m
            .function_type(index)
            .map(|ty| ty.params)
            .ok_or_else(broken),
    }
}

impl Function {
    fn control(&self, label: u32) -> Result<(usize, Control), Failure> {
        let index = self
            .controls
            .len()
            .checked_sub(1)
            .and_then(|last| last.checked_sub(label as usize))
            .ok_or_else(broken)?;
        Ok((index, *self.controls.get(index).ok_or_else(broken)?))
    }

    /// The results of a block; of the outermost, those of the body.
    fn results<'a>(
        &self,
        m: &'a Declarations,
        control: &Control,
    ) -> Result<&'a [ValueType], Failure> {
        match (control.kind, self.expression, control.block_type) {
            (Kind::Function, Some(ty), _) | (_, _, BlockType::Value(ty)) => Ok(ty.as_slice()),
            (_, _, BlockType::Empty) => Ok(&[]),
            (_, _, BlockType::Function(index)) => m
                .function_type(index)
                .map(|ty| ty.results)
                .ok_or_else(broken),
        }
    }

    /// The values a branch to a label takes along.
    fn label_types<'a>(
        &self,
        m: &'a Declarations,
        control: &Control,
    ) -> Result<&'a [ValueType], Failure> {
        if control.kind == Kind::Loop {
            params(m, control.block_type)
        } else {
            self.results(m, control)
        }
    }

    // Fixups.

    fn add_fixup(&mut self, list: u32, at: u32, long: bool) -> Result<u32, Failure> {
        if !long {
            self.oldest_short.get_or_insert(at);
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
    fn patch(&mut self, at: u32, long: bool, target: u32) -> Result<(), Failure> {
        let units = if long { 2 } else { 1 };
        let distance = i64::from(target) - i64::from(at) - units;
        let distance = i32::try_from(distance).map_err(|_| too_large())?;
        let place = self.code.get_mut(at as usize..).ok_or_else(broken)?;
        if let (true, Some([low, high])) = (long, place.first_chunk_mut()) {
            *low = distance as u16;
            *high = (distance >> 16) as u16;
        } else if let (false, Some(unit)) = (long, place.first_mut()) {
            *unit = i16::try_from(distance).map_err(|_| too_large())? as u16;
        }
        Ok(())
    }

    /// Fills in and gives back a list of fixups; only the short ones if asked
    /// to. Returns the list of those that are left.
    fn resolve(&mut self, list: u32, target: u32, short_only: bool) -> Result<u32, Failure> {
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
    fn label(&mut self) -> Result<u32, Failure> {
        self.vacate()?;
        self.producer = None;
        self.mirror = None;
        let position = self.position();
        if self.references > 0 {
            self.list_references()?;
        }
        Ok(position)
    }

    /// Lists the slots that hold references: the verifier forgets others at labels.
    fn list_references(&mut self) -> Result<(), Failure> {
        let at = self.code.len();
        self.units(&[Operation::References.single(), 0])?;
        for ty in [ValueType::FuncRef, ValueType::ExternRef] {
            let slots = self
                .stack
                .iter()
                .filter(|e| e.ty == ty && e.place == Place::Slot);
            for (index, entry) in slots.enumerate() {
                if ty == ValueType::ExternRef && index == 0 {
                    // The cell that never holds one separates the kinds.
                    self.code.try_push(self.link)?;
                }
                self.code.try_push(entry.slot)?;
            }
        }
        let count = self.code.len() - at - 2;
        if count == 0 {
            self.code.truncate(at);
        } else if count > MAX_REFERENCES {
            return Err(Failure::new(
                ErrorKind::Limit,
                "more than 64 references are on the stack across a label",
            ));
        } else if let Some(place) = self.code.get_mut(at + 1) {
            *place = count as u16;
        }
        Ok(())
    }

    /// Emits islands when a short branch would otherwise not reach its label.
    /// `room` is how many units come at once.
    pub(super) fn islands(&mut self, room: u32) -> Result<(), Failure> {
        let Some(oldest) = self.oldest_short else {
            return Ok(());
        };
        if (self.position() - oldest).saturating_add(room) < ISLAND_AFTER {
            return Ok(());
        }
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
        Ok(())
    }

    fn has_short(&self, list: u32) -> bool {
        let mut next = list;
        while let Some(fixup) = self.fixups.get(next as usize) {
            if !fixup.long {
                return true;
            }
            next = fixup.next;
        }
        false
    }

    // Branches.

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
        self.position() + units - control.start <= 32_768
    }

    /// Emits a branch.
    fn jump(&mut self, index: usize, control: &Control) -> Result<(), Failure> {
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
                let over = self.branch_over(condition.invert())?;
                self.operation(Operation::BranchFar, &[])?;
                self.distance(index, control, true)?;
                let here = self.label()?;
                return self.patch(over, false, here);
            }
            variant = Variant::Second;
        }
        let token = operation.token(form, variant).ok_or_else(broken)?;
        self.units(&[token])?;
        self.units(condition.operands())?;
        self.distance(index, control, false)
    }

    /// Emits a short forward branch and returns where its distance is.
    fn branch_over(&mut self, condition: Condition) -> Result<u32, Failure> {
        self.form(condition.operation, condition.form, condition.operands())?;
        self.units(&[0])?;
        Ok(self.position() - 1)
    }

    /// The slot of the lowest of the top `count` entries.
    fn slot_of_top(&self, count: usize) -> Result<u16, Failure> {
        let index = self.stack.len().checked_sub(count).ok_or_else(broken)?;
        match self.stack.get(index) {
            Some(entry) => Ok(entry.slot),
            None => self.next_slot(),
        }
    }

    /// Moves the top entries, which are in their slots, to a label's slots.
    fn move_range(&mut self, types: &[ValueType], to: u16) -> Result<(), Failure> {
        let from = self.slot_of_top(types.len())?;
        let count = types
            .iter()
            .try_fold(0u16, |sum, &ty| sum.checked_add(cells(ty)));
        let count = count.ok_or_else(too_large)?;
        if from != to && count > 0 {
            self.operation(Operation::CopyRange, &[from, to, count])?;
            self.mirror = None;
        }
        Ok(())
    }

    pub(super) fn branch(&mut self, m: &Declarations, label: u32) -> Result<(), Failure> {
        let (index, control) = self.control(label)?;
        if control.kind == Kind::Function {
            return self.return_(m);
        }
        let types = self.label_types(m, &control)?;
        match types.len() {
            0 => {}
            1 => {
                let entry = self.pop()?;
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
        self.dead = true;
        let height = self.controls.last().map_or(0, |control| control.height);
        self.truncate(height)
    }

    pub(super) fn branch_if(&mut self, m: &Declarations, label: u32) -> Result<(), Failure> {
        let (index, control) = self.control(label)?;
        let types = self.label_types(m, &control)?;
        let mut entry = self.pop()?;
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
    pub(super) fn branch_table(&mut self, count: u32) -> Result<(), Failure> {
        let targets = count.checked_add(1).ok_or_else(too_large)?;
        self.islands(targets.saturating_mul(2))?;
        let mut index = self.pop()?;
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
            self.units(&[0, 0])?;
            table.stubs.try_push((table.at, label))?;
        }
        table.at += 2;
        table.left = table.left.saturating_sub(1);
        if table.left > 0 {
            self.table = Some(table);
            return Ok(());
        }
        self.dead = true;
        for (at, label) in table.stubs {
            self.islands(0)?;
            let (index, control) = self.control(label)?;
            let types = self.label_types(m, &control)?;
            let here = self.label()?;
            self.patch(at, true, here)?;
            self.move_range(types, control.slot)?;
            self.jump(index, &control)?;
        }
        self.die()
    }

    // Blocks.

    fn enter(
        &mut self,
        kind: Kind,
        block_type: BlockType,
        params: usize,
        otherwise: Option<u32>,
    ) -> Result<(), Failure> {
        let height = self.stack.len().checked_sub(params).ok_or_else(broken)?;
        let slot = self.slot_of_top(params)?;
        let start = if kind == Kind::Loop { self.label()? } else { 0 };
        Ok(self.controls.try_push(Control {
            kind,
            block_type,
            height,
            slot,
            start,
            fixups: NONE,
            otherwise,
        })?)
    }

    pub(super) fn block(&mut self, m: &Declarations, block_type: BlockType) -> Result<(), Failure> {
        self.flush()?;
        self.enter(Kind::Block, block_type, params(m, block_type)?.len(), None)
    }

    pub(super) fn loop_(&mut self, m: &Declarations, block_type: BlockType) -> Result<(), Failure> {
        let params = params(m, block_type)?.len();
        self.flush_params(params)?;
        self.enter(Kind::Loop, block_type, params, None)
    }

    /// Moves all entries, of the top `params` the constants too, to their slots.
    fn flush_params(&mut self, params: usize) -> Result<(), Failure> {
        let first = self.stack.len().checked_sub(params).ok_or_else(broken)?;
        self.flush_from(first, true)?;
        self.flush()
    }

    pub(super) fn if_(&mut self, m: &Declarations, block_type: BlockType) -> Result<(), Failure> {
        let params = params(m, block_type)?.len();
        let mut entry = self.pop()?;
        let first = self.stack.len().checked_sub(params).ok_or_else(broken)?;
        let constants = self
            .stack
            .get(first..)
            .unwrap_or_default()
            .iter()
            .any(|entry| matches!(entry.place, Place::Constant(_)));
        if constants || self.needs_flush() {
            self.place_in_cell(&mut entry)?;
            self.flush_params(params)?;
        }
        self.flushed = self.stack.len();
        let condition = self.condition(&entry)?.invert();
        let at = self.branch_over(condition)?;
        let otherwise = self.add_fixup(NONE, at, false)?;
        self.enter(Kind::If, block_type, params, Some(otherwise))
    }

    pub(super) fn else_(&mut self, m: &Declarations) -> Result<(), Failure> {
        let (index, control) = self.control(0)?;
        let Some(otherwise) = control.otherwise else {
            return Err(broken());
        };
        if !self.dead {
            self.flush_from(control.height, true)?;
            self.jump(index, &control)?;
        }
        self.dead = false;
        self.truncate(control.height)?;
        self.push_slots(params(m, control.block_type)?)?;
        let here = self.label()?;
        self.resolve(otherwise, here, false)?;
        let control = self.controls.get_mut(index).ok_or_else(broken)?;
        control.kind = Kind::Else;
        control.otherwise = None;
        Ok(())
    }

    /// Pushes values that are in their slots.
    pub(super) fn push_slots(&mut self, types: &[ValueType]) -> Result<(), Failure> {
        for &ty in types {
            self.push(ty, Place::Slot)?;
        }
        self.flushed = self.stack.len();
        Ok(())
    }

    pub(super) fn end_block(&mut self, m: &Declarations) -> Result<(), Failure> {
        let (_, control) = self.control(0)?;
        if control.kind == Kind::Function {
            return self.end_body(m, &control);
        }
        let results = self.results(m, &control)?;
        let joined = control.fixups != NONE || control.otherwise.is_some();
        if joined {
            if !self.dead {
                self.flush_from(control.height, true)?;
            }
            self.dead = false;
            self.truncate(control.height)?;
            self.push_slots(results)?;
            let here = self.label()?;
            self.resolve(control.fixups, here, false)?;
            if let Some(otherwise) = control.otherwise {
                self.resolve(otherwise, here, false)?;
            }
        } else if self.dead {
            self.truncate(control.height)?;
        }
        self.controls.pop();
        if self.dead {
            self.die()?;
        }
        Ok(())
    }

    fn end_body(&mut self, m: &Declarations, control: &Control) -> Result<(), Failure> {
        if control.fixups != NONE {
            if !self.dead {
                self.flush_from(0, true)?;
            }
            self.dead = false;
            self.truncate(0)?;
            self.push_slots(self.results(m, control)?)?;
            let here = self.label()?;
            self.resolve(control.fixups, here, false)?;
        }
        if !self.dead {
            self.return_(m)?;
        }
        self.controls.pop();
        // The results come to the frame's first cells, even of a callee in its place.
        let types = self.results(m, control)?;
        let count: u32 = types.iter().map(|&ty| u32::from(cells(ty))).sum();
        self.frame_cells = self.frame_cells.max(unit(count)?);
        Ok(())
    }

    pub(super) fn return_(&mut self, m: &Declarations) -> Result<(), Failure> {
        let control = *self.controls.first().ok_or_else(broken)?;
        let types = self.results(m, &control)?;
        let link = self.link;
        match *types {
            [] => self.operation(Operation::Return, &[link])?,
            [ty] => {
                let entry = self.pop()?;
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
                    .try_fold(0u16, |sum, &ty| sum.checked_add(cells(ty)));
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

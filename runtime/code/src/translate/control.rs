//! Blocks: what is known when one is entered, and what holds when it ends.

use thimble_wasm::fallible::TryVec;
use thimble_wasm::{BlockType, Declarations, Failure, Opcode, ValueType};

use super::function::{Function, broken, unit};
use super::stack::{Entry, Place, size};
use crate::image::NONE;

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
    pub(super) fn control(&self, label: u32) -> Result<(usize, Control), Failure> {
        let index = self
            .controls
            .len()
            .checked_sub(1)
            .and_then(|last| last.checked_sub(label as usize))
            .ok_or_else(broken)?;
        Ok((index, *self.controls.get(index).ok_or_else(broken)?))
    }

    /// The results of a block; of the outermost, those of the body.
    pub(super) fn results<'a>(
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
    pub(super) fn label_types<'a>(
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

    pub(super) fn enter(
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

    /// Follows the blocks in code that cannot be reached.
    #[inline(never)]
    pub(super) fn dead_operator(
        &mut self,
        m: &Declarations,
        opcode: Opcode,
    ) -> Result<(), Failure> {
        match opcode {
            Opcode::Block | Opcode::Loop | Opcode::If => self.dead_depth += 1,
            Opcode::End if self.dead_depth > 0 => self.dead_depth -= 1,
            Opcode::End => return self.end_block(m),
            Opcode::Else if self.dead_depth == 0 => return self.else_(m),
            _ => {}
        }
        Ok(())
    }

    #[inline(never)]
    pub(super) fn block(&mut self, m: &Declarations, block_type: BlockType) -> Result<(), Failure> {
        self.flush()?;
        self.enter(Kind::Block, block_type, params(m, block_type)?.len(), None)
    }

    #[inline(never)]
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

    #[inline(never)]
    pub(super) fn if_(&mut self, m: &Declarations, block_type: BlockType) -> Result<(), Failure> {
        let params = params(m, block_type)?.len();
        let mut entry = self.pop();
        let first = self.stack.len().checked_sub(params).ok_or_else(broken)?;
        let constants = self
            .stack
            .get(first..)
            .unwrap_or_default()
            .iter()
            .any(Entry::is_constant);
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

    #[inline(never)]
    pub(super) fn else_(&mut self, m: &Declarations) -> Result<(), Failure> {
        let (index, control) = self.control(0)?;
        let Some(otherwise) = control.otherwise else {
            return Err(broken());
        };
        if !self.dead {
            self.flush_from(control.height, true)?;
            self.jump(index, &control)?;
        }
        self.set_dead(false);
        self.truncate(control.height);
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

    #[inline(never)]
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
            self.set_dead(false);
            self.truncate(control.height);
            self.push_slots(results)?;
            let here = self.label()?;
            self.resolve(control.fixups, here, false)?;
            if let Some(otherwise) = control.otherwise {
                self.resolve(otherwise, here, false)?;
            }
        } else if self.dead {
            self.truncate(control.height);
        }
        self.controls.pop();
        if self.dead {
            self.die()?;
        }
        Ok(())
    }

    pub(super) fn end_body(&mut self, m: &Declarations, control: &Control) -> Result<(), Failure> {
        if control.fixups != NONE {
            if !self.dead {
                self.flush_from(0, true)?;
            }
            self.set_dead(false);
            self.truncate(0);
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
        let size: u32 = types.iter().map(|&ty| u32::from(size(ty))).sum();
        self.frame_size = self.frame_size.max(unit(size)?);
        Ok(())
    }
}

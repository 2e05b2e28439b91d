//! Writing internal code: tokens, operands, and what is known of the accumulator.

use thimble_wasm::fallible::TryVec;
use thimble_wasm::{Failure, ValueType};

use super::function::{Function, broken};
use super::stack::{Constant, width};
use crate::operation::{CELL, Form, Operation, Variant, Width};

/// The last operation that was emitted, if its result is in the accumulator
/// only: it can still be told to store it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Producer {
    /// Where its token is.
    pub at: usize,
    /// Where its operands end.
    pub end: usize,
    /// What the accumulator mirrored before.
    pub mirror: Option<(u16, Width)>,
}

impl Function {
    /// How many units there are.
    pub(super) fn position(&self) -> u32 {
        self.code.len() as u32
    }

    /// Appends units. There are few, so a copy of all at once would take longer.
    #[inline]
    pub(super) fn units(&mut self, units: &[u16]) -> Result<(), Failure> {
        for &unit in units {
            self.code.try_push(unit)?;
        }
        Ok(())
    }

    /// Emits an operation without a result, in its single form.
    pub(super) fn operation(&mut self, operation: Operation, units: &[u16]) -> Result<(), Failure> {
        self.code.try_push(operation.single())?;
        self.units(units)
    }

    /// Emits an operation without a result in one of its forms.
    pub(super) fn form(
        &mut self,
        operation: Operation,
        form: Form,
        units: &[u16],
    ) -> Result<(), Failure> {
        let token = operation.token(form, Variant::First).ok_or_else(broken)?;
        self.code.try_push(token)?;
        self.units(units)
    }

    /// Emits an operation that leaves its result in the accumulator and can
    /// store it to a cell too.
    pub(super) fn produce(
        &mut self,
        operation: Operation,
        form: Form,
        units: &[u16],
    ) -> Result<(), Failure> {
        self.vacate()?;
        let at = self.code.len();
        self.form(operation, form, units)?;
        self.producer = Some(Producer {
            at,
            end: self.code.len(),
            mirror: self.mirror,
        });
        self.mirror = None;
        Ok(())
    }

    /// Emits an operation that leaves its result in the accumulator and cannot
    /// store it.
    pub(super) fn compute(&mut self, operation: Operation, units: &[u16]) -> Result<(), Failure> {
        self.vacate()?;
        self.operation(operation, units)?;
        self.mirror = None;
        Ok(())
    }

    /// The last operation, if its result can still be directed elsewhere.
    pub(super) fn open_producer(&self) -> Option<Producer> {
        self.producer
            .filter(|producer| producer.end == self.code.len())
    }

    /// Stores the accumulator to a cell, by the operation that produced it if
    /// that was the last.
    pub(super) fn store_accumulator(&mut self, cell: u16, width: Width) -> Result<(), Failure> {
        if let Some(producer) = self.open_producer() {
            if let Some(token) = self.code.get_mut(producer.at) {
                // The token of `Variant::Second` follows that of `Variant::First`.
                *token += CELL;
            }
            self.code.try_push(cell)?;
        } else {
            let put = if width == Width::W64 {
                Operation::Put64
            } else {
                Operation::Put32
            };
            self.operation(put, &[cell])?;
        }
        self.mirror = Some((cell, width));
        Ok(())
    }

    /// Copies a cell to another, past the accumulator.
    pub(super) fn copy(&mut self, from: u16, to: u16, width: Width) -> Result<(), Failure> {
        let copy = if width == Width::W64 {
            Operation::Copy64
        } else {
            Operation::Copy32
        };
        self.operation(copy, &[from, to])?;
        self.clobber(to, width);
        Ok(())
    }

    /// A cell was written past the accumulator.
    fn clobber(&mut self, cell: u16, width: Width) {
        let size = |width| u32::from(if width == Width::W64 { 2 * CELL } else { CELL });
        if let Some((mirrored, mirrored_width)) = self.mirror
            && u32::from(cell) < u32::from(mirrored) + size(mirrored_width)
            && u32::from(mirrored) < u32::from(cell) + size(width)
        {
            self.mirror = None;
        }
    }

    /// Loads a cell to the accumulator.
    pub(super) fn take(&mut self, cell: u16, width: Width) -> Result<(), Failure> {
        let take = if width == Width::W64 {
            Operation::Take64
        } else {
            Operation::Take32
        };
        self.compute(take, &[cell])?;
        self.mirror = Some((cell, width));
        Ok(())
    }

    /// Loads a constant to the accumulator.
    pub(super) fn constant(&mut self, constant: Constant, ty: ValueType) -> Result<(), Failure> {
        let wide = width(ty) == Width::W64;
        let short = if wide {
            short64(constant.bits())
        } else {
            short32(constant.low())
        };
        let bits = constant.bits();
        let unit = |shift: u32| (bits >> shift) as u16;
        let units = [unit(0), unit(16), unit(32), unit(48)];
        let (operation, count) = match (wide, short) {
            (false, Some(_)) => (Operation::Constant32Short, 1),
            (false, None) => (Operation::Constant32, 2),
            (true, Some(_)) => (Operation::Constant64Short, 1),
            (true, None) => (Operation::Constant64, 4),
        };
        self.produce(operation, Form::One, units.get(..count).unwrap_or_default())
    }

    /// Loads a constant to a cell (and the accumulator).
    pub(super) fn constant_to(
        &mut self,
        constant: Constant,
        ty: ValueType,
        cell: u16,
    ) -> Result<(), Failure> {
        self.constant(constant, ty)?;
        self.store_accumulator(cell, width(ty))
    }

    /// Notes that the operation emitted next can trap or call.
    pub(super) fn site(&mut self) -> Result<(), Failure> {
        if self.sites_wanted {
            let unit = self.position();
            let offset = self.offset;
            // A second operation of the same instruction is found through the first.
            if offset != self.last_site.1 || self.last_site == (0, 0) {
                self.leb128(unit - self.last_site.0)?;
                self.leb128(offset.wrapping_sub(self.last_site.1))?;
                self.last_site = (unit, offset);
            }
        }
        Ok(())
    }

    fn leb128(&mut self, mut number: u32) -> Result<(), Failure> {
        while number >= 0x80 {
            self.sites.try_push(number as u8 | 0x80)?;
            number >>= 7;
        }
        Ok(self.sites.try_push(number as u8)?)
    }
}

/// The constant as an immediate, if 16 bits are enough.
pub(super) fn short32(bits: u32) -> Option<u16> {
    i16::try_from(bits as i32).ok().map(|short| short as u16)
}

/// The constant as an immediate, if 16 bits are enough.
pub(super) fn short64(bits: u64) -> Option<u16> {
    i16::try_from(bits as i64).ok().map(|short| short as u16)
}

//! Writing internal code: tokens, operands, and what is known of the accumulator.

use thimble_wasm::fallible::TryVec;
use thimble_wasm::{Failure, ValueType};

use super::function::{Function, broken};
use super::stack::{Constant, width};
use crate::image::NONE;
use crate::operation::{CELL, Form, Operation, Variant, Width};

/// The last operation that was emitted, if its result is in the accumulator
/// only: it can still be told to store it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Producer {
    /// Where its token is.
    pub at: u32,
    /// Where its operands end.
    pub end: u32,
    /// What the accumulator mirrored before.
    pub mirror: Option<(u16, Width)>,
}

impl Producer {
    /// None: no code ends there.
    pub(super) const NONE: Self = Self {
        at: NONE,
        end: NONE,
        mirror: None,
    };
}

impl Default for Producer {
    fn default() -> Self {
        Self::NONE
    }
}

/// Up to four units in a number, the first one lowest: code is emitted all the time, so
/// they are passed in registers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Units {
    bits: u64,
    count: usize,
}

impl Units {
    #[inline(always)]
    pub(super) fn of<const N: usize>(units: &[u16; N]) -> Self {
        const { assert!(N <= 4, "no more than fit") };
        let at = |index: usize| u64::from(units.get(index).copied().unwrap_or_default());
        Self {
            bits: at(0) | at(1) << 16 | at(2) << 32 | at(3) << 48,
            count: N,
        }
    }

    /// The first `count` of them.
    #[inline(always)]
    pub(super) fn first(self, count: usize) -> Self {
        Self { count, ..self }
    }

    /// Up to three of them with a token in front.
    #[inline(always)]
    pub(super) fn behind(self, token: u16) -> Self {
        Self {
            bits: self.bits << 16 | u64::from(token),
            count: self.count + 1,
        }
    }
}

/// A token that is to be emitted: in one register.
#[derive(Clone, Copy, Debug)]
struct Emission {
    operation: Operation,
    form: Form,
    /// Units behind it.
    count: u8,
}

impl Function {
    /// How many units there are.
    pub(super) fn position(&self) -> u32 {
        self.code.len() as u32
    }

    /// Appends units, any number of them.
    pub(super) fn units(&mut self, units: &[u16]) -> Result<(), Failure> {
        Ok(self.code.extend(units)?)
    }

    /// Appends units.
    #[inline(always)]
    pub(super) fn emit(&mut self, units: Units) -> Result<(), Failure> {
        self.emit_bits(units.bits, units.count)
    }

    #[inline(never)]
    fn emit_bits(&mut self, bits: u64, count: usize) -> Result<(), Failure> {
        self.emit_inlined(bits, count)
    }

    #[inline(always)]
    fn emit_inlined(&mut self, bits: u64, count: usize) -> Result<(), Failure> {
        Ok(self.code.put(bits, count)?)
    }

    /// Emits an operation without a result, in its single form.
    #[inline(always)]
    pub(super) fn operation<const N: usize>(
        &mut self,
        operation: Operation,
        units: &[u16; N],
    ) -> Result<(), Failure> {
        const { assert!(N <= 3, "a token is in front") };
        self.emit(Units::of(units).behind(operation.single()))
    }

    /// As [`operation`](Self::operation), with any number of units.
    pub(super) fn long_operation(
        &mut self,
        operation: Operation,
        units: &[u16],
    ) -> Result<(), Failure> {
        self.operation(operation, &[])?;
        self.units(units)
    }

    /// Emits an operation without a result in one of its forms.
    #[inline(always)]
    pub(super) fn form<const N: usize>(
        &mut self,
        operation: Operation,
        form: Form,
        units: &[u16; N],
    ) -> Result<(), Failure> {
        const { assert!(N <= 3, "a token is in front") };
        self.form_units(operation, form, Units::of(units))
    }

    /// As [`form`](Self::form), with up to three units.
    #[inline(always)]
    pub(super) fn form_units(
        &mut self,
        operation: Operation,
        form: Form,
        units: Units,
    ) -> Result<(), Failure> {
        let emission = Emission {
            operation,
            form,
            count: units.count as u8,
        };
        self.emit_form(emission, units.bits)
    }

    #[inline(never)]
    fn emit_form(&mut self, emission: Emission, bits: u64) -> Result<(), Failure> {
        let token = emission.operation.token(emission.form, Variant::First);
        let token = token.ok_or_else(broken)?;
        let bits = bits << 16 | u64::from(token);
        self.emit_inlined(bits, usize::from(emission.count) + 1)
    }

    /// Emits an operation that leaves its result in the accumulator and can
    /// store it to a cell too.
    #[inline(always)]
    pub(super) fn produce<const N: usize>(
        &mut self,
        operation: Operation,
        form: Form,
        units: &[u16; N],
    ) -> Result<(), Failure> {
        const { assert!(N <= 2, "they are passed in a register") };
        self.produce_units(operation, form, Units::of(units))
    }

    /// As [`produce`](Self::produce), with up to two units.
    #[inline(always)]
    pub(super) fn produce_units(
        &mut self,
        operation: Operation,
        form: Form,
        units: Units,
    ) -> Result<(), Failure> {
        let emission = Emission {
            operation,
            form,
            count: units.count as u8,
        };
        self.emit_producer(emission, units.bits as u32)
    }

    #[inline(never)]
    fn emit_producer(&mut self, emission: Emission, units: u32) -> Result<(), Failure> {
        self.vacate()?;
        let at = self.position();
        let token = emission.operation.token(emission.form, Variant::First);
        let token = token.ok_or_else(broken)?;
        let count = usize::from(emission.count) + 1;
        self.emit_inlined(u64::from(units) << 16 | u64::from(token), count)?;
        self.produced(at);
        Ok(())
    }

    /// Notes that the operation at a position, the last one, can store its result.
    #[inline(always)]
    fn produced(&mut self, at: u32) {
        self.producer = Producer {
            at,
            end: self.position(),
            mirror: self.mirror.take(),
        };
    }

    /// Emits an operation that leaves its result in the accumulator and cannot
    /// store it.
    #[inline(always)]
    pub(super) fn compute<const N: usize>(
        &mut self,
        operation: Operation,
        units: &[u16; N],
    ) -> Result<(), Failure> {
        const { assert!(N <= 1, "they are passed in a register") };
        let units = Units::of(units).behind(operation.single());
        self.emit_computed(units.bits as u32, units.count)
    }

    #[inline(never)]
    fn emit_computed(&mut self, bits: u32, count: usize) -> Result<(), Failure> {
        self.vacate()?;
        self.emit_bits(bits.into(), count)?;
        self.mirror = None;
        Ok(())
    }

    /// The last operation, if its result can still be directed elsewhere.
    #[inline(always)]
    pub(super) fn open_producer(&self) -> Option<Producer> {
        Some(self.producer).filter(|producer| producer.end == self.position())
    }

    /// Stores the accumulator to a cell, by the operation that produced it if
    /// that was the last.
    pub(super) fn store_accumulator(&mut self, cell: u16, width: Width) -> Result<(), Failure> {
        if let Some(producer) = self.open_producer() {
            if let Some(token) = self.code.units_mut().get_mut(producer.at as usize) {
                // The token of `Variant::Second` follows that of `Variant::First`.
                *token += CELL;
            }
            self.code.put(cell.into(), 1)?;
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
        match (wide, short) {
            (false, Some(short)) => self.produce(Operation::Constant32Short, Form::One, &[short]),
            (false, None) => self.produce(Operation::Constant32, Form::One, &[unit(0), unit(16)]),
            (true, Some(short)) => self.produce(Operation::Constant64Short, Form::One, &[short]),
            (true, None) => {
                self.vacate()?;
                let at = self.position();
                self.form(
                    Operation::Constant64,
                    Form::One,
                    &[unit(0), unit(16), unit(32)],
                )?;
                self.units(&[unit(48)])?;
                self.produced(at);
                Ok(())
            }
        }
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

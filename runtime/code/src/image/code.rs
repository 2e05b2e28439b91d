//! The units of one function, and the operations in them.

use super::{Image, NONE, PROLOGUE_UNITS};
use crate::operation::{Decoded, Operand, Shape, decode};

/// The code of one function or expression, prologue included.
///
/// Positions count units from its start.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    bytes: &'a [u8],
}

/// One operation of a function.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Position of the token.
    pub at: u32,
    /// Position behind the last operand, the cells of a list and the distances
    /// of a table included.
    pub end: u32,
    /// The token taken apart.
    pub decoded: Decoded,
    /// The operands, and what happens to the accumulator.
    pub shape: Shape,
}

impl<'a> Code<'a> {
    /// How many units there are.
    #[must_use]
    pub const fn units(self) -> u32 {
        (self.bytes.len() / 2) as u32
    }

    /// The unit at a position.
    #[must_use]
    pub fn unit(self, at: u32) -> Option<u16> {
        let bytes = self.bytes.get((at as usize).checked_mul(2)?..)?;
        Some(u16::from_le_bytes(*bytes.first_chunk()?))
    }

    /// The number of 32 bits at a position.
    #[must_use]
    pub fn wide(self, at: u32) -> Option<u32> {
        let low = self.unit(at)?;
        let high = self.unit(at.checked_add(1)?)?;
        Some(u32::from(low) | u32::from(high) << 16)
    }

    /// The operation at a position; nothing if there is no such token, or if it
    /// does not end within the code.
    #[must_use]
    pub fn step(self, at: u32) -> Option<Step> {
        let decoded = decode(self.unit(at)?)?;
        let shape = decoded.shape();
        let mut end = at.checked_add(1)?;
        for operand in shape.operands() {
            let behind = match operand {
                Operand::ReferenceCount => u32::from(self.unit(end)?),
                Operand::TableCount => self.wide(end)?.checked_add(1)?.checked_mul(2)?,
                _ => 0,
            };
            end = end
                .checked_add(operand.units() as u32)?
                .checked_add(behind)?;
        }
        (end <= self.units()).then_some(Step {
            at,
            end,
            decoded,
            shape,
        })
    }

    /// The position to which a distance of 16 bits leads, if it is whole units.
    #[must_use]
    pub fn target16(self, at: u32) -> Option<u32> {
        over(at + 1, (self.unit(at)? as i16).into())
    }

    /// The position to which a distance of 32 bits leads, if it is whole units.
    #[must_use]
    pub fn target32(self, at: u32) -> Option<u32> {
        over(at + 2, self.wide(at)? as i32)
    }

    /// The operations in order, up to the first place where there is none.
    #[must_use]
    pub const fn operations(self) -> Operations<'a> {
        Operations {
            code: self,
            next: PROLOGUE_UNITS,
        }
    }
}

/// The position so many bytes from another.
fn over(at: u32, distance: i32) -> Option<u32> {
    if distance % 2 != 0 {
        return None;
    }
    at.checked_add_signed(distance / 2)
}

/// The operations of a function, in order.
#[derive(Clone, Debug)]
pub struct Operations<'a> {
    code: Code<'a>,
    next: u32,
}

impl Iterator for Operations<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let step = self.code.step(self.next)?;
        self.next = step.end;
        Some(step)
    }
}

impl<'a> Image<'a> {
    /// The code of a function or expression; nothing for an imported function.
    #[must_use]
    pub fn code(&self, function: u32) -> Option<Code<'a>> {
        let record = self
            .function(function)
            .filter(|record| record.code != NONE)?;
        let end = record.units.checked_mul(2)?.checked_add(record.code)?;
        let bytes = self.bytes().get(record.code as usize..end as usize)?;
        Some(Code { bytes })
    }
}

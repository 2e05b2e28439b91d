//! What stands behind a token: the operands of each operation in each form.

use super::{Decoded, Family, Form, Variant, Width};

/// One operand behind a token. Cells, of frames and of globals, are offsets in bytes,
/// multiples of [`CELL`](super::CELL); numbers of cells are in bytes likewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A cell that is read.
    Read32,
    /// The first of two cells that are read.
    Read64,
    /// A cell that holds a reference and is read.
    Reference,
    /// A cell that is written.
    Write32,
    /// The first of two cells that are written.
    Write64,
    /// The first cell of a range that is read; the count of cells follows.
    RangeFrom,
    /// The first cell of a range that is written; the count of cells follows.
    RangeTo,
    /// A number of cells, in bytes.
    Count,
    /// The cell that holds the return address.
    Link,
    /// A number of 16 bits, sign-extended.
    Immediate16,
    /// A number of 32 bits, the low unit first.
    Immediate32,
    /// A number of 64 bits, the low unit first.
    Immediate64,
    /// A memory offset of 16 bits.
    Offset,
    /// An [`Access`](super::Access).
    Access,
    /// A distance of 16 bits, in bytes from the unit behind it.
    Branch16,
    /// A distance of 32 bits, in bytes from the unit behind it.
    Branch32,
    /// The targets of a `br.table` without the default: 32 bits. Count + 1
    /// distances of 32 bits follow, each in bytes from the unit behind it.
    TableCount,
    /// How many units follow: cells that hold references to functions, and, if
    /// there are any, the cell of the return address and those that hold
    /// external references.
    ReferenceCount,
    /// A function that the module defines.
    Function,
    /// A function that the module imports.
    ImportFunction,
    /// A function of either kind.
    AnyFunction,
    /// The first argument's cell: the callee's frame begins there.
    Base,
    /// A function type.
    Type,
    /// A table.
    Table,
    /// A memory.
    Memory,
    /// The cell of a global that the module defines.
    Global32,
    /// The first cell of a global that the module defines.
    Global64,
    /// An imported global.
    ImportGlobal,
    /// An element segment.
    Element,
    /// A data segment.
    Data,
}

impl Operand {
    /// How many units the operand takes; what follows a count is not included.
    #[must_use]
    pub const fn units(self) -> usize {
        match self {
            Self::Immediate32 | Self::Branch32 | Self::TableCount => 2,
            Self::Immediate64 => 4,
            _ => 1,
        }
    }
}

/// The operands behind a token, in order, and what it does to the accumulator.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    operands: [Option<Operand>; 5],
    /// What is read from the accumulator.
    pub accumulator_in: Width,
    /// What is left in the accumulator.
    pub accumulator_out: Width,
}

impl Shape {
    /// The operands, in the order of their units.
    pub fn operands(&self) -> impl Iterator<Item = Operand> + use<'_> {
        self.operands.iter().copied().flatten()
    }
}

const fn read(width: Width) -> Operand {
    match width {
        Width::W64 => Operand::Read64,
        Width::W0 | Width::W32 => Operand::Read32,
    }
}

const fn write(width: Width) -> Operand {
    match width {
        Width::W64 => Operand::Write64,
        Width::W0 | Width::W32 => Operand::Write32,
    }
}

impl Decoded {
    /// The operands and effects of this token.
    #[must_use]
    pub fn shape(self) -> Shape {
        let row = self.operation.row();
        let mut operands = [None; 5];
        let mut next = operands.iter_mut();
        let mut add = |operand| {
            if let Some(place) = next.next() {
                *place = Some(operand);
            }
        };
        let address = if row.family == Family::Load || row.family == Family::Store {
            Width::W32
        } else {
            row.input
        };
        match row.family {
            Family::Produce | Family::Special => {
                self.operation.operands().iter().copied().for_each(&mut add)
            }
            _ => {
                if matches!(self.form, Form::R | Form::Rr | Form::Ra | Form::Ri) {
                    add(read(address));
                }
                if matches!(row.family, Family::Load | Family::Store) {
                    add(Operand::Offset);
                }
                if matches!(self.form, Form::Rr | Form::Ar) {
                    add(read(row.input));
                }
                if matches!(self.form, Form::Ri | Form::Ai) {
                    add(Operand::Immediate16);
                }
            }
        }
        if row.family == Family::Branch {
            add(Operand::Branch16);
        } else if self.variant == Variant::Second {
            add(write(row.output));
        }
        let accumulator_in = match self.form {
            Form::A | Form::Ar | Form::Ai => address,
            Form::Ra | Form::One => row.input,
            Form::R | Form::Rr | Form::Ri => Width::W0,
        };
        Shape {
            operands,
            accumulator_in,
            accumulator_out: row.output,
        }
    }
}

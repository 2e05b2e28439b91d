//! Internal operations: what the machine executes, and how it is encoded.
//!
//! Internal code is a sequence of 16-bit units. An operation is a *token* (its
//! number) followed by its operands. The machine has frames of 32-bit cells and
//! one accumulator of 64 bits; every operation that produces a value leaves it
//! in the accumulator, and its `Cell` variant stores it to a cell as well.

mod shape;
mod table;

pub use shape::{Operand, Shape};

/// Where the operands of an operation come from.
///
/// `R` is a cell, `A` the accumulator, `I` a 16-bit immediate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Form {
    /// The row has a single form.
    One,
    /// One operand, in a cell.
    R,
    /// One operand, in the accumulator.
    A,
    /// Cell, cell.
    Rr,
    /// Accumulator, cell.
    Ar,
    /// Cell, accumulator.
    Ra,
    /// Cell, immediate.
    Ri,
    /// Accumulator, immediate.
    Ai,
}

/// Which of a row's two tokens of a form; operations without a choice use the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Variant {
    /// The result stays in the accumulator; or the branch is forward.
    First = 0,
    /// The result is stored to a cell too; or the branch is backward, and tests
    /// the interrupt word.
    Second = 1,
}

/// How a row of the table expands to tokens and operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Two operands, one result.
    Binary,
    /// One operand, one result.
    Unary,
    /// An address, a 16-bit offset, one result.
    Load,
    /// An address, a 16-bit offset, a value.
    Store,
    /// A condition and a 16-bit distance.
    Branch,
    /// Operands of its own, one result.
    Produce,
    /// Operands of its own; the result, if any, stays in the accumulator.
    Special,
}

impl Family {
    /// How many tokens each form has.
    const fn variants(self) -> u16 {
        match self {
            Self::Binary | Self::Unary | Self::Load | Self::Branch | Self::Produce => 2,
            Self::Store | Self::Special => 1,
        }
    }
}

/// The width of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// No value.
    W0,
    /// One cell: i32, f32, a reference.
    W32,
    /// Two cells, the low one first: i64, f64.
    W64,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The name in disassembly.
    pub text: &'static str,
    /// How it expands.
    pub family: Family,
    /// The width of the operands, or of the accumulator that is read.
    pub input: Width,
    /// The width of the result.
    pub output: Width,
    /// The forms that exist.
    pub forms: &'static [Form],
    /// The units behind the token, for [`Family::Produce`] and [`Family::Special`].
    pub operands: &'static [Operand],
}

macro_rules! family {
    (binary) => {
        Family::Binary
    };
    (unary) => {
        Family::Unary
    };
    (load) => {
        Family::Load
    };
    (store) => {
        Family::Store
    };
    (branch) => {
        Family::Branch
    };
    (produce) => {
        Family::Produce
    };
    (special) => {
        Family::Special
    };
}

macro_rules! define_operations {
    ($($family:ident $name:ident $text:literal $input:ident $output:ident
       [$($form:ident)*] [$($operand:ident)*];)*) => {
        /// An internal operation, independent of where its operands are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "the names are those of the table")]
        pub enum Operation { $($name,)* }

        const OPERATIONS: &[Operation] = &[$(Operation::$name,)*];

        const ROWS: &[Row] = &[$(Row {
            text: $text,
            family: family!($family),
            input: Width::$input,
            output: Width::$output,
            forms: &[$(Form::$form,)*],
            operands: &[$(Operand::$operand,)*],
        },)*];
    };
}
crate::for_each_operation!(define_operations);

/// The first token of each operation, and behind the last the number of tokens.
const FIRST: [u16; ROWS.len() + 1] = {
    let mut first = [0; ROWS.len() + 1];
    let mut row = 0;
    #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    while row < ROWS.len() {
        first[row + 1] = first[row] + ROWS[row].forms.len() as u16 * ROWS[row].family.variants();
        row += 1;
    }
    first
};

/// The number of tokens: every token is below it.
#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
pub const TOKENS: u16 = FIRST[ROWS.len()];

impl Operation {
    /// The operation's row in the table.
    #[must_use]
    #[allow(
        clippy::indexing_slicing,
        reason = "there is a row for every operation"
    )]
    pub const fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The token of this operation in a form, if it has that form.
    #[must_use]
    #[allow(
        clippy::indexing_slicing,
        reason = "there is a first token for every operation"
    )]
    pub const fn token(self, form: Form, variant: Variant) -> Option<u16> {
        let row = self.row();
        let mut index = 0;
        while index < row.forms.len() {
            if row.forms[index] as u8 == form as u8 {
                let variants = row.family.variants();
                return Some(
                    FIRST[self as usize] + index as u16 * variants + variant as u16 % variants,
                );
            }
            index += 1;
        }
        None
    }

    /// Whether the operation has that form.
    #[must_use]
    pub const fn has(self, form: Form) -> bool {
        self.token(form, Variant::First).is_some()
    }

    /// The token of an operation with the single form [`Form::One`].
    ///
    /// Evaluates to a token that no image contains (and the verifier refuses)
    /// for an operation with other forms.
    #[must_use]
    pub const fn single(self) -> u16 {
        match self.token(Form::One, Variant::First) {
            Some(token) => token,
            None => u16::MAX,
        }
    }
}

/// A token taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The operation.
    pub operation: Operation,
    /// Where its operands come from.
    pub form: Form,
    /// Which of the form's tokens.
    pub variant: Variant,
}

/// Takes a token apart; nothing if there is no such token.
#[must_use]
pub fn decode(token: u16) -> Option<Decoded> {
    // The last row whose first token is not above the token.
    let row = FIRST
        .partition_point(|&first| first <= token)
        .checked_sub(1)?;
    let operation = *OPERATIONS.get(row)?;
    let within = token.checked_sub(*FIRST.get(row)?)?;
    let variants = operation.row().family.variants();
    let form = *operation.row().forms.get(usize::from(within / variants))?;
    let variant = if within % variants == 0 {
        Variant::First
    } else {
        Variant::Second
    };
    Some(Decoded {
        operation,
        form,
        variant,
    })
}

/// How an access of `load.general` and `store.general` treats memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
#[allow(missing_docs, reason = "bytes accessed, and how they are extended")]
pub enum Access {
    Signed8 = 0,
    Unsigned8 = 1,
    Signed16 = 2,
    Unsigned16 = 3,
    Signed32 = 4,
    Unsigned32 = 5,
    Whole64 = 6,
}

impl Access {
    /// The access with that number.
    #[must_use]
    pub const fn from_unit(unit: u16) -> Option<Self> {
        Some(match unit {
            0 => Self::Signed8,
            1 => Self::Unsigned8,
            2 => Self::Signed16,
            3 => Self::Unsigned16,
            4 => Self::Signed32,
            5 => Self::Unsigned32,
            6 => Self::Whole64,
            _ => return None,
        })
    }

    /// How many bytes are accessed.
    #[must_use]
    pub const fn bytes(self) -> u8 {
        match self {
            Self::Signed8 | Self::Unsigned8 => 1,
            Self::Signed16 | Self::Unsigned16 => 2,
            Self::Signed32 | Self::Unsigned32 => 4,
            Self::Whole64 => 8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_decodes_to_what_encodes_it() {
        for token in 0..TOKENS {
            let decoded = decode(token).unwrap();
            assert_eq!(
                decoded.operation.token(decoded.form, decoded.variant),
                Some(token)
            );
        }
        assert_eq!(decode(TOKENS), None);
        assert_eq!(decode(u16::MAX), None);
    }

    #[test]
    fn rows_with_operands_of_their_own_have_one_form() {
        for operation in OPERATIONS {
            let row = operation.row();
            let own = matches!(row.family, Family::Produce | Family::Special);
            assert_eq!(
                own,
                operation.has(Form::One) && *operation != Operation::Branch,
                "{}",
                row.text
            );
        }
    }
}

//! Internal operations: what the machine executes, and how it is encoded.
//!
//! Internal code is a sequence of 16-bit units. An operation is a *token* (its
//! number) followed by its operands. The machine has frames of 32-bit cells and
//! one accumulator of 64 bits; every operation that produces a value leaves it
//! in the accumulator, and its `Cell` variant stores it to a cell as well.
//!
//! What the machine adds to an address is encoded as a number of bytes: a cell is
//! its offset in the frame, a distance leads over so many bytes, and a token is
//! its operation's offset in a table of 32-bit pointers. A processor without scaled
//! addressing (RISC-V) saves a shift for each of them. So a frame has at most
//! [`MAX_CELLS`] cells.

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

/// One row of the table, as kept in flash: what only some need stands apart.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// How it expands.
    pub family: Family,
    /// The width of the operands, or of the accumulator that is read.
    pub input: Width,
    /// The width of the result.
    pub output: Width,
    /// The forms that exist.
    forms: Forms,
}

/// A set of forms. Tokens follow the order of [`Form`].
#[derive(Clone, Copy, Debug)]
struct Forms(u8);

/// How many bits a number of seven bits has set: the processors that this is for have
/// no instruction to count them, and the translator asks for every operation.
static ONES: [u8; 128] = {
    let mut ones = [0; 128];
    let mut number = 0;
    #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    while number < ones.len() {
        ones[number] = number.count_ones() as u8;
        number += 1;
    }
    ones
};

impl Forms {
    const fn of(forms: &[Form]) -> Self {
        let mut bits = 0;
        let mut rest = forms;
        while let [first, behind @ ..] = rest {
            assert!(bits >> *first as u8 == 0, "a row's forms are in order");
            bits |= 1 << *first as u8;
            rest = behind;
        }
        Self(bits)
    }

    const fn count(self) -> u16 {
        self.0.count_ones() as u16
    }

    /// How many forms are in front of this one, if it is one of them.
    const fn position(self, form: Form) -> Option<u16> {
        let bit = 1 << form as u8;
        if self.0 & bit == 0 {
            return None;
        }
        #[allow(clippy::indexing_slicing, reason = "seven bits, 128 rows")]
        let position = ONES[(self.0 & (bit - 1)) as usize];
        Some(position as u16)
    }

    /// The form at that position.
    fn at(self, position: u16) -> Option<Form> {
        let all = [
            Form::One,
            Form::R,
            Form::A,
            Form::Rr,
            Form::Ar,
            Form::Ra,
            Form::Ri,
            Form::Ai,
        ];
        all.into_iter()
            .find(|&form| self.position(form) == Some(position))
    }
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

        #[allow(non_upper_case_globals, reason = "the names are those of the table")]
        mod number {
            $(pub(super) const $name: usize = super::Operation::$name as usize;)*
        }

        /// The operation with that number. The compiler makes it a comparison, where a list would be as long as the
        /// table in flash.
        const fn numbered(number: usize) -> Option<Operation> {
            match number {
                $(number::$name => Some(Operation::$name),)*
                _ => None,
            }
        }

        static ROWS: [Row; OPERATIONS.len()] = [$(Row {
            family: family!($family),
            input: Width::$input,
            output: Width::$output,
            forms: Forms::of(&[$(Form::$form,)*]),
        },)*];

        static TEXTS: [&str; OPERATIONS.len()] = [$($text,)*];

        static OPERANDS: [&[Operand]; OPERATIONS.len()] = [$(&[$(Operand::$operand,)*],)*];
    };
}
crate::for_each_operation!(define_operations);

/// The number of each operation's first token, and behind the last the number of tokens.
static FIRST: [u16; ROWS.len() + 1] = {
    let mut first = [0; ROWS.len() + 1];
    let mut row = 0;
    #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    while row < ROWS.len() {
        first[row + 1] = first[row] + ROWS[row].forms.count() * ROWS[row].family.variants();
        row += 1;
    }
    first
};

/// Bytes of a cell. Cells are named by their offset, and tokens are multiples of as many.
pub const CELL: u16 = 4;

/// Cells that a frame, or the globals of a module, may have.
pub const MAX_CELLS: u16 = u16::MAX / CELL;

/// The number of tokens: every token is [`CELL`] times a number below it.
#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
pub const TOKENS: u16 = FIRST[OPERATIONS.len()];

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
    #[inline(always)]
    pub const fn token(self, form: Form, variant: Variant) -> Option<u16> {
        let row = self.row();
        let variants = row.family.variants();
        match row.forms.position(form) {
            Some(position) => {
                let number = FIRST[self as usize] + position * variants;
                Some((number + variant as u16 % variants) * CELL)
            }
            None => None,
        }
    }

    /// The name in disassembly.
    #[must_use]
    pub fn text(self) -> &'static str {
        TEXTS.get(self as usize).copied().unwrap_or_default()
    }

    /// The units behind the token, for [`Family::Produce`] and [`Family::Special`].
    pub(crate) fn operands(self) -> &'static [Operand] {
        OPERANDS.get(self as usize).copied().unwrap_or_default()
    }

    /// Whether it computes with floating-point numbers.
    #[must_use]
    pub const fn is_float(self) -> bool {
        self as u8 >= Self::F32Add as u8 && self as u8 <= Self::F64PromoteF32 as u8
    }

    /// Whether the operation has that form.
    #[must_use]
    pub const fn has(self, form: Form) -> bool {
        self.row().forms.0 >> form as u8 & 1 != 0
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
    if !token.is_multiple_of(CELL) {
        return None;
    }
    let number = token / CELL;
    // The last row whose first number is not above it.
    let row = FIRST
        .partition_point(|&first| first <= number)
        .checked_sub(1)?;
    let operation = numbered(row)?;
    let within = number.checked_sub(*FIRST.get(row)?)?;
    let variants = operation.row().family.variants();
    let form = operation.row().forms.at(within / variants)?;
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
        for number in 0..TOKENS {
            let token = number * CELL;
            let decoded = decode(token).unwrap();
            assert_eq!(
                decoded.operation.token(decoded.form, decoded.variant),
                Some(token)
            );
            assert!((1..CELL).all(|more| decode(token + more).is_none()));
        }
        assert_eq!(decode(TOKENS * CELL), None);
        assert_eq!(decode(u16::MAX), None);
    }

    #[test]
    fn floating_point_is_told_by_the_name() {
        for operation in OPERATIONS {
            let text = operation.text();
            let named = text.contains("f32") || text.contains("f64");
            assert_eq!(named, operation.is_float(), "{text}");
        }
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
                operation.text()
            );
        }
    }
}

//! One handler for many operations, where flash is dearer than time: numeric
//! operations on 64 bits and on floating-point numbers, and conversions. What
//! they compute is the same as in handlers of their own ([`semantics`]).

use thimble_code::operation::{CELL, Form, Operation, Variant, Width};

use super::{Body, Context, Registers, Step};
use crate::execute::state::Value;
use crate::semantics::{self, Binary, Unary};
use crate::trap::Trap;

/// The operations that share are those from this one on
const FIRST: Operation = Operation::I64Add;
/// to this one. They stand together in the table, and are binary or unary all.
const LAST: Operation = Operation::F64PromoteF32;

const OPERATIONS: usize = LAST as usize - FIRST as usize + 1;

/// The token behind those of the operations that share.
const END: u16 = match Operation::I32Load.token(Form::R, Variant::First) {
    Some(token) => token,
    None => 0,
};
const START: u16 = match FIRST.token(Form::Rr, Variant::First) {
    Some(token) => token,
    None => 0,
};

/// Whether an operation can share.
pub(in crate::execute) const fn shares(operation: Operation) -> bool {
    operation as usize >= FIRST as usize && operation as usize <= LAST as usize
}

/// What an operation computes with: the operands as bits, `a` becomes the result.
#[derive(Clone, Copy, Debug)]
struct Operands {
    a: u64,
    b: u64,
}

/// A number as bits.
trait Bits {
    fn from_bits(bits: u64) -> Self;
    fn to_bits(self) -> u64;
}

impl Bits for u32 {
    fn from_bits(bits: u64) -> Self {
        bits as Self
    }
    fn to_bits(self) -> u64 {
        self.into()
    }
}

impl Bits for u64 {
    fn from_bits(bits: u64) -> Self {
        bits
    }
    fn to_bits(self) -> u64 {
        self
    }
}

/// Computes the result of an operation.
type Compute = fn(&mut Operands) -> Result<(), Trap>;

fn binary<S: Binary<Input: Bits, Output: Bits>>(operands: &mut Operands) -> Result<(), Trap> {
    let (a, b) = (
        S::Input::from_bits(operands.a),
        S::Input::from_bits(operands.b),
    );
    operands.a = S::apply(a, b)?.to_bits();
    Ok(())
}

fn unary<S: Unary<Input: Bits, Output: Bits>>(operands: &mut Operands) -> Result<(), Trap> {
    operands.a = S::apply(S::Input::from_bits(operands.a))?.to_bits();
    Ok(())
}

/// Where operands come from and the result goes, in the bits of a number whose
/// high byte is the operation.
mod place {
    /// The first operand is in a cell, not in the accumulator.
    pub const FIRST_CELL: u16 = 1;
    /// The second operand is in a cell,
    pub const SECOND_CELL: u16 = 2;
    /// or in the accumulator,
    pub const SECOND_ACCUMULATOR: u16 = 4;
    /// or an immediate.
    pub const SECOND_IMMEDIATE: u16 = 8;
    /// The result goes to a cell too.
    pub const TO_CELL: u16 = 16;
    /// The operands have 64 bits.
    pub const WIDE_INPUT: u16 = 32;
    /// The result has 64 bits.
    pub const WIDE_OUTPUT: u16 = 64;
}

const fn places(operation: Operation, form: Form, variant: Variant) -> u16 {
    let operands = match form {
        Form::One | Form::A => 0,
        Form::R => place::FIRST_CELL,
        Form::Rr => place::FIRST_CELL | place::SECOND_CELL,
        Form::Ar => place::SECOND_CELL,
        Form::Ra => place::FIRST_CELL | place::SECOND_ACCUMULATOR,
        Form::Ri => place::FIRST_CELL | place::SECOND_IMMEDIATE,
        Form::Ai => place::SECOND_IMMEDIATE,
    };
    let result = match variant {
        Variant::First => 0,
        Variant::Second => place::TO_CELL,
    };
    let row = operation.row();
    let input = match row.input {
        Width::W64 => place::WIDE_INPUT,
        _ => 0,
    };
    let output = match row.output {
        Width::W64 => place::WIDE_OUTPUT,
        _ => 0,
    };
    let number = operation as u16 - FIRST as u16;
    number << 8 | operands | result | input | output
}

/// Sets what there is of one row of the table of operations.
macro_rules! set_shared {
    ($computes:ident $places:ident binary $name:ident [$($form:ident)*]) => {
        set_shared!(@ $computes $places $name binary [$($form)*]);
    };
    ($computes:ident $places:ident unary $name:ident [$($form:ident)*]) => {
        set_shared!(@ $computes $places $name unary [$($form)*]);
    };
    (@ $computes:ident $places:ident $name:ident $function:ident [$($form:ident)*]) => {
        if shares(Operation::$name) {
            $computes[Operation::$name as usize - FIRST as usize] = $function::<semantics::$name>;
            $(
                set_shared!(@ $places $name $form First);
                set_shared!(@ $places $name $form Second);
            )*
        }
    };
    (@ $places:ident $name:ident $form:ident $variant:ident) => {
        if let Some(token) = Operation::$name.token(Form::$form, Variant::$variant) {
            $places[((token - START) / CELL) as usize] =
                places(Operation::$name, Form::$form, Variant::$variant);
        }
    };
    // Other families do not share.
    ($computes:ident $places:ident $family:ident $name:ident [$($form:ident)*]) => {};
}

macro_rules! define_tables {
    ($($family:ident $name:ident $text:literal $input:ident $output:ident
       [$($form:ident)*] [$($operand:ident)*];)*) => {
        #[allow(clippy::indexing_slicing, reason = "the compiler evaluates it")]
        const TABLES: ([Compute; OPERATIONS], [u16; ((END - START) / CELL) as usize]) = {
            const fn absent(_: &mut Operands) -> Result<(), Trap> {
                Err(Trap::Unreachable)
            }
            let mut computes: [Compute; OPERATIONS] = [absent; OPERATIONS];
            let mut places = [0; ((END - START) / CELL) as usize];
            $(set_shared!(computes places $family $name [$($form)*]);)*
            (computes, places)
        };
    };
}

thimble_code::for_each_operation!(define_tables);

/// By operation.
static COMPUTES: [Compute; OPERATIONS] = TABLES.0;
/// By token.
static PLACES: [u16; ((END - START) / CELL) as usize] = TABLES.1;

#[inline(always)]
fn wide_or_not(r: &mut Registers, wide: bool) -> u64 {
    if wide {
        r.next()
    } else {
        u64::from(r.next::<u32>())
    }
}

super::outlined! {
    Shared |r, c| {
        let index = usize::from(r.token().wrapping_sub(START) / CELL);
        let places = *PLACES.get(index).ok_or(Trap::Unreachable)?;
        let compute = *COMPUTES.get(usize::from(places >> 8)).ok_or(Trap::Unreachable)?;
        let wide = places & place::WIDE_INPUT != 0;
        let accumulator = u64::from_accumulator(r, c);
        let a = if places & place::FIRST_CELL != 0 {
            wide_or_not(r, wide)
        } else {
            accumulator
        };
        let b = if places & place::SECOND_CELL != 0 {
            wide_or_not(r, wide)
        } else if places & place::SECOND_IMMEDIATE != 0 {
            u64::from_immediate(r.unit())
        } else {
            accumulator
        };
        let mut operands = Operands { a, b };
        compute(&mut operands)?;
        let result = operands.a;
        if places & place::WIDE_OUTPUT != 0 {
            result.to_accumulator(r, c);
        } else {
            (result as u32).to_accumulator(r, c);
        }
        if places & place::TO_CELL != 0 {
            let cell = r.unit();
            if places & place::WIDE_OUTPUT != 0 {
                result.write(r, cell);
            } else {
                (result as u32).write(r, cell);
            }
        }
        Ok(())
    };
}

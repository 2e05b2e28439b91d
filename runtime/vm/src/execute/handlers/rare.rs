//! One handler for all operations that are rarely executed or long: it finds by the token the
//! function that executes one. A handler for each would take 60 bytes of flash more.

use thimble_code::operation::{CELL, Form, Operation, TOKENS, Variant};

use super::{Absent, Body, Context, Registers, Step};
use crate::execute::state::Exit;
use crate::trap::Trap;

/// Executes an operation whose registers are in the context.
pub(super) type Function = fn(&mut Context) -> Step;

/// The token of the first operation that may have a function; those of the others are behind it.
const START: u16 = match Operation::CopyRange.token(Form::One, Variant::First) {
    Some(token) => token,
    None => TOKENS,
};

const FUNCTIONS: usize = (TOKENS - START / CELL) as usize;

/// Sets what there is of one row of the table of operations.
macro_rules! set_function {
    ($functions:ident special $name:ident) => {
        if let Some(function) = <super::$name as Body>::FUNCTION
            && let Some(token) = Operation::$name.token(Form::One, Variant::First)
        {
            $functions[((token - START) / CELL) as usize] = function;
        }
    };
    // The other families are not rare.
    ($functions:ident $family:ident $name:ident) => {};
}

macro_rules! define_functions {
    ($($family:ident $name:ident $text:literal $input:ident $output:ident
       [$($form:ident)*] [$($operand:ident)*];)*) => {
        /// By token, from `START` on.
        #[allow(clippy::indexing_slicing, reason = "the compiler evaluates it")]
        static RARE: [Function; FUNCTIONS] = {
            const fn absent(_: &mut Context) -> Step {
                Err(Exit::Trap(Trap::Unreachable))
            }
            let mut functions: [Function; FUNCTIONS] = [absent; FUNCTIONS];
            $(set_function!(functions $family $name);)*
            functions
        };
    };
}

thimble_code::for_each_operation!(define_functions);

/// Calls a function, with the registers in the context meanwhile.
#[inline(always)]
pub(super) fn call(function: Function, r: &mut Registers, c: &mut Context) -> Step {
    c.saved = r.save();
    let step = function(c);
    r.restore(c.saved);
    step
}

/// What all rare operations have as their handler, and others as that of what is rare of them.
pub(in crate::execute) struct Rare;

impl Body for Rare {
    type Slow = Absent;

    const REFRESHES: bool = true;

    #[inline(always)]
    fn execute(r: &mut Registers, c: &mut Context) -> Step {
        let index = usize::from(r.token().wrapping_sub(START) / CELL);
        let function = *RARE.get(index).ok_or(Trap::Unreachable)?;
        call(function, r, c)
    }
}

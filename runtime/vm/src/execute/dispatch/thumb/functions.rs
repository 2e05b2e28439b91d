//! Functions that compute operations on 64 bits and on floating-point numbers, for the handlers of
//! [`shared`](super::shared), which call them as the procedure call standard has it.
#![allow(unsafe_code, reason = "the executor")]

use core::mem::transmute;

use super::Function;
use crate::execute::handlers::Context;
use crate::execute::state::Exit;
use crate::semantics::{Binary, Unary};
use crate::trap::Trap;

extern "C" fn binary<S: Binary<Output: Default>>(a: S::Input, b: S::Input) -> S::Output {
    S::apply(a, b).unwrap_or_default()
}

extern "C" fn unary<S: Unary<Output: Default>>(a: S::Input) -> S::Output {
    S::apply(a).unwrap_or_default()
}

pub(super) const fn of_binary<S: Binary<Output: Default>>() -> Function {
    let function: extern "C" fn(S::Input, S::Input) -> S::Output = binary::<S>;
    // SAFETY: both are pointers to functions; `shared` puts this one where it is called with two operands of the width of
    // `S::Input`, for a result of that of `S::Output`.
    unsafe { transmute(function) }
}

pub(super) const fn of_unary<S: Unary<Output: Default>>() -> Function {
    let function: extern "C" fn(S::Input) -> S::Output = unary::<S>;
    // SAFETY: as above, with one operand.
    unsafe { transmute(function) }
}

/// Notes a trap in the context, for a handler that looks for it.
#[cold]
#[inline(never)]
fn note(c: &mut Context, trap: Trap) {
    c.exit = Exit::Trap(trap);
}

/// The context is on the stack, where handlers have saved it: behind four registers of operands.
extern "C" fn trapping_binary<S: Binary<Input = u64, Output: Default>>(
    a: u64,
    b: u64,
    c: &mut Context,
) -> S::Output {
    S::apply(a, b).unwrap_or_else(|trap| {
        note(c, trap);
        S::Output::default()
    })
}

/// The context is in the fourth register still.
extern "C" fn trapping_unary<S: Unary<Input = u32, Output: Default>>(
    a: u32,
    _: usize,
    _: usize,
    c: &mut Context,
) -> S::Output {
    S::apply(a).unwrap_or_else(|trap| {
        note(c, trap);
        S::Output::default()
    })
}

/// The same for an operand that takes two registers.
extern "C" fn trapping_wide_unary<S: Unary<Input = u64, Output: Default>>(
    a: u64,
    _: usize,
    c: &mut Context,
) -> S::Output {
    S::apply(a).unwrap_or_else(|trap| {
        note(c, trap);
        S::Output::default()
    })
}

pub(super) const fn of_trapping_binary<S: Binary<Input = u64, Output: Default>>() -> Function {
    let function: extern "C" fn(u64, u64, &mut Context) -> S::Output = trapping_binary::<S>;
    // SAFETY: both are pointers to functions; `shared` puts this one where it is called with two operands, and with the
    // context on the stack.
    unsafe { transmute(function) }
}

pub(super) const fn of_trapping_unary<S: Unary<Input = u32, Output: Default>>() -> Function {
    let function: extern "C" fn(u32, usize, usize, &mut Context) -> S::Output = trapping_unary::<S>;
    // SAFETY: as above, with one operand, and with the context in `r3`.
    unsafe { transmute(function) }
}

pub(super) const fn of_trapping_wide_unary<S: Unary<Input = u64, Output: Default>>() -> Function {
    let function: extern "C" fn(u64, usize, &mut Context) -> S::Output = trapping_wide_unary::<S>;
    // SAFETY: as above.
    unsafe { transmute(function) }
}

/// [`Exit::Finished`] as the context has it, which is what `exit` is until something else is noted.
pub(super) const NOTHING: u8 = {
    const { assert!(size_of::<Exit>() == 1) };
    // SAFETY: an enumeration of one byte, of which no bit is left unset.
    unsafe { transmute(Exit::Finished) }
};

/// The function of an operation: of those that can trap, one that gets the context too.
macro_rules! function {
    (@ $function:ident $name:ident) => {
        super::functions::$function::<crate::semantics::$name>()
    };
    (binary I64DivS) => { function!(@ of_trapping_binary I64DivS) };
    (binary I64DivU) => { function!(@ of_trapping_binary I64DivU) };
    (binary I64RemS) => { function!(@ of_trapping_binary I64RemS) };
    (binary I64RemU) => { function!(@ of_trapping_binary I64RemU) };
    (unary I32TruncF32S) => { function!(@ of_trapping_unary I32TruncF32S) };
    (unary I32TruncF32U) => { function!(@ of_trapping_unary I32TruncF32U) };
    (unary I64TruncF32S) => { function!(@ of_trapping_unary I64TruncF32S) };
    (unary I64TruncF32U) => { function!(@ of_trapping_unary I64TruncF32U) };
    (unary I32TruncF64S) => { function!(@ of_trapping_wide_unary I32TruncF64S) };
    (unary I32TruncF64U) => { function!(@ of_trapping_wide_unary I32TruncF64U) };
    (unary I64TruncF64S) => { function!(@ of_trapping_wide_unary I64TruncF64S) };
    (unary I64TruncF64U) => { function!(@ of_trapping_wide_unary I64TruncF64U) };
    (binary $name:ident) => { function!(@ of_binary $name) };
    (unary $name:ident) => { function!(@ of_unary $name) };
}
pub(super) use function;

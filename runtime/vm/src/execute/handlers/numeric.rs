//! Handlers of numeric operations: any semantics, any form, any result.

use core::marker::PhantomData;

use thimble_code::operation::Operation;

use super::operands::{One, Result_, Two};
use super::{Absent, Body, Context, Registers, Step};
use crate::execute::state::Value;
use crate::semantics;

/// Whether the compiler calls a function for an operation, without a unit for 64-bit
/// floating-point numbers. What registers pin is then taken from the context again,
/// which is less than to keep it on the native stack.
pub(in super::super) const fn calls(operation: Operation) -> bool {
    let number = operation as u8;
    let divides = number >= Operation::I64DivS as u8 && number <= Operation::I64RemU as u8;
    divides || operation.is_float() && !cfg!(target_feature = "d")
}

/// `CALLS` says whether a function computes: see [`calls`].
pub(in super::super) struct Binary<S, F, D, const CALLS: bool = false>(PhantomData<(S, F, D)>);

impl<S, F, D, const CALLS: bool> Body for Binary<S, F, D, CALLS>
where
    S: semantics::Binary<Input: Value, Output: Value>,
    F: Two,
    D: Result_,
{
    type Slow = Absent;

    const REFRESHES: bool = CALLS;

    #[inline(always)]
    fn execute(r: &mut Registers, c: &mut Context) -> Step {
        let (a, b) = F::get(r, c);
        D::put(S::apply(a, b)?, r, c);
        Ok(())
    }
}

/// As [`Binary`].
pub(in super::super) struct Unary<S, F, D, const CALLS: bool = false>(PhantomData<(S, F, D)>);

impl<S, F, D, const CALLS: bool> Body for Unary<S, F, D, CALLS>
where
    S: semantics::Unary<Input: Value, Output: Value>,
    F: One,
    D: Result_,
{
    type Slow = Absent;

    const REFRESHES: bool = CALLS;

    #[inline(always)]
    fn execute(r: &mut Registers, c: &mut Context) -> Step {
        let a = F::get(r, c);
        D::put(S::apply(a)?, r, c);
        Ok(())
    }
}

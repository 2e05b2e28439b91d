//! Handlers of numeric operations: any semantics, any form, any result.

use core::marker::PhantomData;

use super::operands::{One, Result_, Two};
use super::{Body, Context, Registers, Step};
use crate::execute::state::Value;
use crate::semantics;

pub(in super::super) struct Binary<S, F, D>(PhantomData<(S, F, D)>);

impl<S: semantics::Binary<Input: Value, Output: Value>, F: Two, D: Result_> Body
    for Binary<S, F, D>
{
    #[inline(always)]
    fn execute(r: &mut Registers, c: &mut Context) -> Step {
        let (a, b) = F::get(r, c);
        D::put(S::apply(a, b)?, r, c);
        Ok(())
    }
}

pub(in super::super) struct Unary<S, F, D>(PhantomData<(S, F, D)>);

impl<S: semantics::Unary<Input: Value, Output: Value>, F: One, D: Result_> Body for Unary<S, F, D> {
    #[inline(always)]
    fn execute(r: &mut Registers, c: &mut Context) -> Step {
        let a = F::get(r, c);
        D::put(S::apply(a)?, r, c);
        Ok(())
    }
}

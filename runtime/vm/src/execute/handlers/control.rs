//! Handlers of branches.

use core::marker::PhantomData;

use super::operands::{One, Two};
use super::{Absent, Body, Context, Registers, Step};
use crate::execute::state::{Operands, Value};
use crate::semantics;
pub(in super::super) use crate::semantics::{
    I32Eq as BranchEq, I32GeS as BranchGeS, I32GeU as BranchGeU, I32LeS as BranchLeS,
    I32LeU as BranchLeU, I32LtS as BranchLtS, I32LtU as BranchLtU, I32Ne as BranchNe,
};
use crate::trap::Trap;

/// Which way a branch goes: backward ones test the interrupt word.
pub(in super::super) trait Direction {
    const BACKWARD: bool;
}

pub(in super::super) struct Forward;
pub(in super::super) struct Backward;

impl Direction for Forward {
    const BACKWARD: bool = false;
}

impl Direction for Backward {
    const BACKWARD: bool = true;
}

/// Goes on behind the distance, or so far from there if the condition holds.
#[inline(always)]
fn branch_if<D: Direction>(
    r: &mut Registers,
    c: &mut Context,
    operands: Operands,
    condition: bool,
) -> Step {
    r.branch_if(operands, condition);
    if D::BACKWARD && condition {
        return c.poll(r);
    }
    Ok(())
}

/// A branch on a comparison.
pub(in super::super) struct Compare<S, F, D>(PhantomData<(S, F, D)>);

impl<S, F, D> Body for Compare<S, F, D>
where
    S: semantics::Binary<Input = u32, Output = u32>,
    F: Two,
    D: Direction,
{
    type Slow = Absent;

    #[inline(always)]
    fn execute(r: &mut Registers, c: &mut Context) -> Step {
        let operands = r.operands();
        let (a, b) = F::get(r, c);
        let condition = S::apply(a, b)? != 0;
        branch_if::<D>(r, c, operands, condition)
    }
}

/// A branch on a value: `ZERO` says on which.
pub(in super::super) struct Test<const ZERO: bool, F, D>(PhantomData<(F, D)>);

impl<const ZERO: bool, F: One, D: Direction> Body for Test<ZERO, F, D> {
    type Slow = Absent;

    #[inline(always)]
    fn execute(r: &mut Registers, c: &mut Context) -> Step {
        let operands = r.operands();
        let value: u32 = F::get(r, c);
        branch_if::<D>(r, c, operands, (value == 0) == ZERO)
    }
}

/// A branch without condition.
pub(in super::super) struct Branch<D>(PhantomData<D>);

impl<D: Direction> Body for Branch<D> {
    type Slow = Absent;

    #[inline(always)]
    fn execute(r: &mut Registers, c: &mut Context) -> Step {
        let operands = r.operands();
        branch_if::<D>(r, c, operands, true)
    }
}

super::bodies! {
    // No operation: what goes on where the interrupt word is not 0.
    Poll |_r, c| c.store_mut().interrupted();
    BranchFar |r, c| {
        let distance = r.unit32() as i32;
        r.jump(distance as isize);
        c.poll(r)
    };
    BranchTable |r, c| {
        let count = r.unit32();
        let index = u32::from_accumulator(r, c).min(count);
        r.jump(index as isize * 4);
        let distance = r.unit32() as i32;
        r.jump(distance as isize);
        c.poll(r)
    };
    References |r, _c| {
        let count = r.unit();
        r.jump(count as isize * 2);
        Ok(())
    };
}

super::outlined! {
    Unreachable |_r, _c| Err(Trap::Unreachable.into());
}

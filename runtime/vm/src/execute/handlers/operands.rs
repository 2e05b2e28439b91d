//! Where operands come from and where results go, as types.

use super::super::state::{Context, Registers, Value};

/// Two operands.
pub(super) trait Two {
    fn get<V: Value>(r: &mut Registers, c: &Context) -> (V, V);
}

/// One operand.
pub(super) trait One {
    fn get<V: Value>(r: &mut Registers, c: &Context) -> V;
}

macro_rules! two {
    ($($name:ident |$r:ident, $c:ident| $body:expr;)*) => {$(
        pub(in super::super) struct $name;
        impl Two for $name {
            #[inline(always)]
            fn get<V: Value>($r: &mut Registers, $c: &Context) -> (V, V) { $body }
        }
    )*};
}

two! {
    Rr |r, _c| { let a = r.next(); (a, r.next()) };
    Ar |r, c| (V::from_accumulator(r, c), r.next());
    Ra |r, c| { let a = r.next(); (a, V::from_accumulator(r, c)) };
    Ri |r, _c| { let a = r.next(); (a, V::from_immediate(r.unit())) };
    Ai |r, c| { let a = V::from_accumulator(r, c); (a, V::from_immediate(r.unit())) };
}

/// In a cell.
pub(in super::super) struct R;
/// In the accumulator.
pub(in super::super) struct A;

impl One for R {
    #[inline(always)]
    fn get<V: Value>(r: &mut Registers, _: &Context) -> V {
        r.next()
    }
}

impl One for A {
    #[inline(always)]
    fn get<V: Value>(r: &mut Registers, c: &Context) -> V {
        V::from_accumulator(r, c)
    }
}

/// Whether a result is stored to a cell beside the accumulator.
pub(super) trait Result_ {
    fn put<V: Value>(value: V, r: &mut Registers, c: &mut Context);
}

/// To the accumulator only.
pub(in super::super) struct ToAccumulator;
/// To the accumulator and a cell.
pub(in super::super) struct ToCell;

impl Result_ for ToAccumulator {
    #[inline(always)]
    fn put<V: Value>(value: V, r: &mut Registers, c: &mut Context) {
        value.to_accumulator(r, c);
    }
}

impl Result_ for ToCell {
    #[inline(always)]
    fn put<V: Value>(value: V, r: &mut Registers, c: &mut Context) {
        value.to_accumulator(r, c);
        let cell = r.unit();
        value.write(r, cell);
    }
}

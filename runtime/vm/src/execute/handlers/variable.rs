//! Handlers of constants, copies, globals and select.

use core::marker::PhantomData;

use super::operands::Result_;
use super::{Absent, Body, Context, Registers, Step};
use crate::execute::state::Value;

/// An operation with operands of its own and one result.
macro_rules! produce {
    ($($name:ident |$r:ident, $c:ident| $value:expr;)*) => {$(
        pub(in super::super) struct $name<D>(PhantomData<D>);
        impl<D: Result_> Body for $name<D> {
            type Slow = Absent;

            #[inline(always)]
            fn execute($r: &mut Registers, $c: &mut Context) -> Step {
                let value = $value;
                D::put(value, $r, $c);
                Ok(())
            }
        }
    )*};
}

produce! {
    Constant32Short |r, c| u32::from_immediate(r.unit());
    Constant32 |r, c| r.unit32();
    Constant64Short |r, c| u64::from_immediate(r.unit());
    Constant64 |r, c| r.unit64();
    Select32 |r, c| {
        let (a, b): (u32, u32) = (r.next(), r.next());
        if u32::from_accumulator(r, c) != 0 { a } else { b }
    };
    Select64 |r, c| {
        let (a, b): (u64, u64) = (r.next(), r.next());
        if u32::from_accumulator(r, c) != 0 { a } else { b }
    };
    GlobalGet32 |r, c| c.global::<u32>(r.unit());
    GlobalGet64 |r, c| c.global::<u64>(r.unit());
}

#[inline(always)]
fn copy<V: Value>(r: &mut Registers) {
    let value: V = r.next();
    let cell = r.unit();
    value.write(r, cell);
}

#[inline(always)]
fn put<V: Value>(r: &mut Registers, c: &Context) {
    let cell = r.unit();
    V::from_accumulator(r, c).write(r, cell);
}

super::bodies! {
    Take32 |r, c| { r.next::<u32>().to_accumulator(r, c); Ok(()) };
    Take64 |r, c| { r.next::<u64>().to_accumulator(r, c); Ok(()) };
    Put32 |r, c| { put::<u32>(r, c); Ok(()) };
    Put64 |r, c| { put::<u64>(r, c); Ok(()) };
    Copy32 |r, _c| { copy::<u32>(r); Ok(()) };
    Copy64 |r, _c| { copy::<u64>(r); Ok(()) };
    GlobalSet32 |r, c| {
        let cell = r.unit();
        let value = u32::from_accumulator(r, c);
        c.set_global(cell, value);
        Ok(())
    };
    GlobalSet64 |r, c| {
        let cell = r.unit();
        let value = u64::from_accumulator(r, c);
        c.set_global(cell, value);
        Ok(())
    };
}

super::outlined! {
    CopyRange |r, _c| {
        let (from, to, count) = (r.unit(), r.unit(), r.unit());
        r.copy_cells(from, to, count);
        Ok(())
    };
    ImportGlobalGet32 |r, c| {
        let global = r.unit();
        let instance = c.instance;
        let value = c.store_mut().imported_global(instance, global)?;
        (value as u32).to_accumulator(r, c);
        Ok(())
    };
    ImportGlobalGet64 |r, c| {
        let global = r.unit();
        let instance = c.instance;
        let value = c.store_mut().imported_global(instance, global)?;
        value.to_accumulator(r, c);
        Ok(())
    };
    ImportGlobalSet32 |r, c| {
        let global = r.unit();
        let instance = c.instance;
        let value = u32::from_accumulator(r, c);
        Ok(c.store_mut().set_imported_global(instance, global, value.into())?)
    };
    ImportGlobalSet64 |r, c| {
        let global = r.unit();
        let instance = c.instance;
        let value = u64::from_accumulator(r, c);
        Ok(c.store_mut().set_imported_global(instance, global, value)?)
    };
}

//! Handlers of calls and returns.

use super::{Body, Context, Rare, Registers, Step};
use crate::execute::state::{Exit, Value};
use crate::trap::Trap;

/// The handle that an indirect call names.
#[inline(always)]
fn callee(c: &mut Context, table: u16, index: u32) -> Result<u32, Trap> {
    let element = if table == 0 {
        c.element(index)
    } else {
        c.other_element(table, index)
    };
    match element {
        None => Err(Trap::UndefinedElement),
        Some(0) => Err(Trap::UninitializedElement),
        Some(handle) => Ok(handle),
    }
}

/// The same, of a function that has the type.
#[inline(never)]
fn callee_of_type(c: &mut Context, ty: u32, table: u16, index: u32) -> Result<u32, Trap> {
    let handle = callee(c, table, index)?;
    if let Some(function) = c.own_function(handle) {
        if c.function_type(function) != ty {
            return Err(Trap::IndirectCallTypeMismatch);
        }
    } else {
        let instance = c.instance;
        c.store_mut().check_type(instance, ty, handle)?;
    }
    Ok(handle)
}

/// Defines bodies that leave what is rare to others.
macro_rules! quick {
    ($($name:ident $slow:ident |$r:ident, $c:ident| $body:expr;)*) => {$(
        pub(in crate::execute) struct $name;
        impl Body for $name {
            type Slow = Rare;

            const FUNCTION: Option<super::Function> = Some($slow::outlined);

            #[inline(always)]
            fn execute($r: &mut Registers, $c: &mut Context) -> Step { $body }
        }
    )*};
}

quick! {
    Call CallSlow |r, c| {
        let function = u32::from(r.unit());
        let base = r.unit();
        let back = c.offset_of(r.ip);
        let code = c.function(function);
        let fp = r.cell(base);
        c.enter(r, code, fp, back)
    };
    CallIndirect CallIndirectSlow |r, c| {
        let ty = u32::from(r.unit());
        let table = r.unit();
        let base = r.unit();
        let element = c.element(u32::from_accumulator(r, c));
        let Some(handle) = element.filter(|&handle| table == 0 && handle != 0) else {
            return Err(Exit::Again);
        };
        let Some(function) = c.own_function(handle) else {
            return Err(Exit::Again);
        };
        if c.function_type(function) != ty {
            return Err(Exit::Again);
        }
        let back = c.offset_of(r.ip);
        let code = c.function(function);
        let fp = r.cell(base);
        c.enter(r, code, fp, back)
    };
}

super::bodies! {
    Return |r, c| {
        let back: u32 = r.next();
        c.leave(r, back);
        Ok(())
    };
    ReturnAccumulator32 |r, c| {
        let back: u32 = r.next();
        u32::from_accumulator(r, c).write(r, 0);
        c.leave(r, back);
        Ok(())
    };
    ReturnAccumulator64 |r, c| {
        let back: u32 = r.next();
        u64::from_accumulator(r, c).write(r, 0);
        c.leave(r, back);
        Ok(())
    };
    ReturnCell32 |r, c| {
        let back: u32 = r.next();
        let value: u32 = r.next();
        value.to_accumulator(r, c);
        value.write(r, 0);
        c.leave(r, back);
        Ok(())
    };
    ReturnCell64 |r, c| {
        let back: u32 = r.next();
        let value: u64 = r.next();
        value.to_accumulator(r, c);
        value.write(r, 0);
        c.leave(r, back);
        Ok(())
    };
    Exit_ |_r, _c| Err(Exit::Finished);
}

super::outlined! {
    CallSlow |r, c| {
        let function = u32::from(r.unit());
        let base = r.unit();
        let back = c.offset_of(r.ip);
        let code = c.function(function);
        let fp = r.cell(base);
        c.enter_growing(r, code, fp, back)
    };
    CallIndirectSlow |r, c| {
        let ty = u32::from(r.unit());
        let table = r.unit();
        let base = r.unit();
        let handle = callee_of_type(c, ty, table, u32::from_accumulator(r, c))?;
        c.call_elsewhere(r, handle, base)
    };
    CallImport |r, c| {
        let import = r.unit();
        let base = r.unit();
        let instance = c.instance;
        let handle = c.store_mut().function_handle(instance, u32::from(import))?;
        c.call_elsewhere(r, handle, base)
    };
    ReturnCall |r, c| {
        let back: u32 = r.next();
        let function = u32::from(r.unit());
        let base = r.unit();
        let code = c.function(function);
        c.reenter(r, code, base, back)
    };
    ReturnCallImport |r, c| {
        let back: u32 = r.next();
        let import = r.unit();
        let base = r.unit();
        let instance = c.instance;
        let handle = c.store_mut().function_handle(instance, u32::from(import))?;
        c.leave_for(r, handle, base, back)
    };
    ReturnCallIndirect |r, c| {
        let back: u32 = r.next();
        let ty = u32::from(r.unit());
        let table = r.unit();
        let base = r.unit();
        let handle = callee_of_type(c, ty, table, u32::from_accumulator(r, c))?;
        match c.own_function(handle) {
            Some(function) => {
                let code = c.function(function);
                c.reenter(r, code, base, back)
            }
            None => c.leave_for(r, handle, base, back),
        }
    };
    ReturnRange |r, c| {
        let back: u32 = r.next();
        let (from, count) = (r.unit(), r.unit());
        r.copy_cells(from, 0, count);
        c.leave(r, back);
        Ok(())
    };
    CrossReturn |r, c| c.come_back(r);
}

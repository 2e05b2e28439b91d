//! Handlers of operations on tables and references.

use super::{Body, Context, Registers, Step};
use crate::execute::state::Value;

super::outlined! {
    RefFunc |r, c| {
        let function = r.unit();
        let instance = c.instance;
        let handle = c.store_mut().function_handle(instance, u32::from(function))?;
        handle.to_accumulator(r, c);
        Ok(())
    };
    TableGet |r, c| {
        let table = r.unit();
        let index = u32::from_accumulator(r, c);
        let instance = c.instance;
        let element = c.store_mut().table(instance, table)?.get(index)?;
        element.to_accumulator(r, c);
        Ok(())
    };
    TableSet |r, c| {
        let table = r.unit();
        let (index, element): (u32, u32) = (r.next(), r.next());
        let instance = c.instance;
        Ok(c.store_mut().table(instance, table)?.set(index, element)?)
    };
    TableSize |r, c| {
        let table = r.unit();
        let instance = c.instance;
        let size = c.store_mut().table(instance, table)?.size();
        size.to_accumulator(r, c);
        Ok(())
    };
    TableGrow |r, c| {
        let table = r.unit();
        let (element, delta): (u32, u32) = (r.next(), r.next());
        let instance = c.instance;
        let number = c.store_mut().table_number(instance, table)?;
        let before = c.store_mut().grow_table(number, delta, element);
        // The elements may have moved.
        c.refresh();
        before.unwrap_or(u32::MAX).to_accumulator(r, c);
        Ok(())
    };
    TableFill |r, c| {
        let table = r.unit();
        let (start, element, count): (u32, u32, u32) = (r.next(), r.next(), r.next());
        let instance = c.instance;
        c.store_mut().table(instance, table)?.range_mut(start, count)?.fill(element);
        Ok(())
    };
    TableCopy |r, c| {
        let (target, source) = (r.unit(), r.unit());
        let (to, from, count): (u32, u32, u32) = (r.next(), r.next(), r.next());
        let instance = c.instance;
        Ok(c.store_mut().table_copy(instance, [target, source], [to, from, count])?)
    };
    TableInit |r, c| {
        let (table, segment) = (r.unit(), r.unit());
        let (to, from, count): (u32, u32, u32) = (r.next(), r.next(), r.next());
        let instance = c.instance;
        Ok(c.store_mut().table_init(instance, table, segment.into(), [to, from, count])?)
    };
    ElemDrop |r, c| {
        let segment = r.unit();
        let instance = c.instance;
        c.store_mut().drop_segment(instance, u32::from(segment), true);
        Ok(())
    };
}

//! Constants, copies, globals and select.
#![allow(unsafe_code, reason = "the executor")]
#![allow(clippy::indexing_slicing, reason = "the compiler evaluates `fill`")]

use core::arch::naked_asm;
use core::mem::offset_of;

use thimble_code::operation::{Form, Operation, Variant};

use super::Table;
use crate::execute::handlers::Context;

/// Puts the handlers of this file into a table.
pub(super) const fn fill(table: &mut Table) {
    set!(table Constant32Short One First ["ldrsh r2, [r0], #4", next!()]);
    set!(table Constant32Short One Second ["ldrsh r2, [r0], #6", put!(), next!()]);
    set!(table Constant32 One First ["ldr r2, [r0], #6", next!()]);
    set!(table Constant32 One Second ["ldr r2, [r0], #8", put!(), next!()]);
    set!(table Take32 One First ["ldrh r5, [r0], #4", "ldr r2, [r1, r5]", next!()]);
    set!(table Put32 One First ["ldrh r5, [r0], #4", "str r2, [r1, r5]", next!()]);
    set!(table Copy32 One First [
        "ldrh r5, [r0], #6
         ldrh r6, [r0, #-4]
         ldr r5, [r1, r5]
         str r5, [r1, r6]",
        next!(),
    ]);
    set!(table Select32 One First [
        "ldrh r5, [r0], #6
         ldrh r6, [r0, #-4]
         cmp r2, #0
         it eq
         moveq r5, r6
         ldr r2, [r1, r5]",
        next!(),
    ]);
    set!(table Select32 One Second [
        "ldrh r5, [r0], #8
         ldrh r6, [r0, #-6]
         cmp r2, #0
         it eq
         moveq r5, r6
         ldr r2, [r1, r5]",
        put!(),
        next!(),
    ]);
    set!(table GlobalGet32 One First [
        "ldr r6, [r3, #{globals}]
         ldrh r5, [r0], #4
         ldr r2, [r6, r5]",
        next!(),
    ] globals = const offset_of!(Context, globals));
    set!(table GlobalGet32 One Second [
        "ldr r6, [r3, #{globals}]
         ldrh r5, [r0], #6
         ldr r2, [r6, r5]",
        put!(),
        next!(),
    ] globals = const offset_of!(Context, globals));
    set!(table GlobalSet32 One First [
        "ldr r6, [r3, #{globals}]
         ldrh r5, [r0], #4
         str r2, [r6, r5]",
        next!(),
    ] globals = const offset_of!(Context, globals));
}

//! Constants, copies, globals and select.
#![allow(unsafe_code, reason = "the executor")]
#![allow(clippy::indexing_slicing, reason = "the compiler evaluates `fill`")]

use core::arch::naked_asm;
use core::mem::offset_of;

use thimble_code::operation::{Form, Operation, Variant};

use super::Table;
use crate::execute::handlers::Context;

/// The cell of the operand that the accumulator chooses.
macro_rules! select {
    () => {
        "ldrh r5, [r0, #2]
         ldrh r6, [r0, #4]
         cmp r2, #0
         it eq
         moveq r5, r6"
    };
}

/// Adds the frame's or the globals' address to that of a cell in it, and loads 64 bits from there to the accumulator.
macro_rules! load_wide {
    ($base:literal) => {
        concat!(
            "add r5, ",
            $base,
            "\nldrd r2, r5, [r5]\nstr r5, [r3, #{high}]"
        )
    };
}

/// Stores the accumulator, whose upper half is in `r5`, to the cell so many bytes behind the token.
macro_rules! put_wide {
    ($position:literal) => {
        concat!(
            "ldrh r6, [r0, #",
            $position,
            "]\nadd r6, r1\nstrd r2, r5, [r6]"
        )
    };
}

/// Defines handlers that need the accumulator's upper half.
macro_rules! set_wide {
    ($table:ident $operation:ident $variant:ident [$($line:expr),* $(,)?] $($option:tt)*) => {
        set!($table $operation One $variant [$($line),*]
            high = const offset_of!(Context, acc_high), $($option)*)
    };
}

/// Puts the handlers of this file into a table.
pub(super) const fn fill(table: &mut Table) {
    set!(table Constant32Short One First ["ldrsh r2, [r0, #2]", next!("4")]);
    set!(table Constant32Short One Second ["ldrsh r2, [r0, #2]", put!("4"), next!("6")]);
    set!(table Constant32 One First ["ldr r2, [r0, #2]", next!("6")]);
    set!(table Constant32 One Second ["ldr r2, [r0, #2]", put!("6"), next!("8")]);
    set!(table Take32 One First ["ldrh r5, [r0, #2]", "ldr r2, [r1, r5]", next!("4")]);
    set!(table Put32 One First [put!("2"), next!("4")]);
    set!(table Copy32 One First [
        "ldrh r5, [r0, #2]
         ldrh r6, [r0, #4]
         ldr r5, [r1, r5]
         str r5, [r1, r6]",
        next!("6"),
    ]);
    set!(table Select32 One First [select!(), "ldr r2, [r1, r5]", next!("6")]);
    set!(table Select32 One Second [select!(), "ldr r2, [r1, r5]", put!("6"), next!("8")]);
    set!(table GlobalGet32 One First [
        "ldr r6, [r3, #{globals}]
         ldrh r5, [r0, #2]
         ldr r2, [r6, r5]",
        next!("4"),
    ] globals = const offset_of!(Context, globals));
    set!(table GlobalGet32 One Second [
        "ldr r6, [r3, #{globals}]
         ldrh r5, [r0, #2]
         ldr r2, [r6, r5]",
        put!("4"),
        next!("6"),
    ] globals = const offset_of!(Context, globals));
    set!(table GlobalSet32 One First [
        "ldr r6, [r3, #{globals}]
         ldrh r5, [r0, #2]
         str r2, [r6, r5]",
        next!("4"),
    ] globals = const offset_of!(Context, globals));
    fill_wide(table);
}

/// The same for those of 64 bits.
const fn fill_wide(table: &mut Table) {
    set_wide!(table Constant64Short First [
        "ldrsh r2, [r0, #2]
         asrs r5, r2, #31
         str r5, [r3, #{high}]",
        next!("4"),
    ]);
    set_wide!(table Constant64Short Second [
        "ldrsh r2, [r0, #2]
         asrs r5, r2, #31
         str r5, [r3, #{high}]",
        put_wide!("4"),
        next!("6"),
    ]);
    set_wide!(table Constant64 First [
        "ldr r2, [r0, #2]
         ldr r5, [r0, #6]
         str r5, [r3, #{high}]",
        next!("10"),
    ]);
    set_wide!(table Constant64 Second [
        "ldr r2, [r0, #2]
         ldr r5, [r0, #6]
         str r5, [r3, #{high}]",
        put_wide!("10"),
        next!("12"),
    ]);
    set_wide!(table Take64 First ["ldrh r5, [r0, #2]", load_wide!("r1"), next!("4")]);
    set_wide!(table Put64 First ["ldr r5, [r3, #{high}]", put_wide!("2"), next!("4")]);
    set!(table Copy64 One First [
        "ldrh r5, [r0, #2]
         ldrh r6, [r0, #4]
         add r5, r1
         add r6, r1
         ldrd r5, r7, [r5]
         strd r5, r7, [r6]",
        next!("6"),
    ]);
    set_wide!(table Select64 First [select!(), load_wide!("r1"), next!("6")]);
    set_wide!(table Select64 Second [select!(), load_wide!("r1"), put_wide!("6"), next!("8")]);
    set_wide!(table GlobalGet64 First [
        "ldr r6, [r3, #{globals}]
         ldrh r5, [r0, #2]",
        load_wide!("r6"),
        next!("4"),
    ] globals = const offset_of!(Context, globals));
    set_wide!(table GlobalGet64 Second [
        "ldr r6, [r3, #{globals}]
         ldrh r5, [r0, #2]",
        load_wide!("r6"),
        put_wide!("4"),
        next!("6"),
    ] globals = const offset_of!(Context, globals));
    set_wide!(table GlobalSet64 First [
        "ldr r6, [r3, #{globals}]
         ldrh r5, [r0, #2]
         ldr r7, [r3, #{high}]
         add r5, r6
         strd r2, r7, [r5]",
        next!("4"),
    ] globals = const offset_of!(Context, globals));
}

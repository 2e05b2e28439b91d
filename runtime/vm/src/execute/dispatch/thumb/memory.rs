//! Loads and stores.
#![allow(unsafe_code, reason = "the executor")]
#![allow(clippy::indexing_slicing, reason = "the compiler evaluates `fill`")]

use core::arch::naked_asm;
use core::mem::offset_of;

use thimble_code::operation::{Form, Operation, Variant};

use super::super::tail::handler;
use super::Table;
use super::trap::OutOfBounds;
use crate::execute::handlers::Context;

// Two of these fields are loaded at once, and others are named by their distance from these.
const _: () = {
    assert!(offset_of!(Context, memory_base) == offset_of!(Context, memory_length) + 4);
    assert!(offset_of!(Context, words_end) == offset_of!(Context, memory_base) + 4);
    assert!(offset_of!(Context, halves_end) == offset_of!(Context, words_end) + 4);
    assert!(offset_of!(Context, doubles_end) == offset_of!(Context, halves_end) + 4);
};

/// Loads an address to `r5`, if it is in a cell, and its offset to `r6`.
macro_rules! address {
    (R) => {
        "ldrh r5, [r0, #2]
         ldrh r6, [r0, #4]
         ldr r5, [r1, r5]
         adds r6, r6, r5"
    };
    (A) => {
        "ldrh r6, [r0, #2]
         adds r6, r6, r2"
    };
}

/// Loads the memory's base, and the first place where a value of so many bits does not fit.
macro_rules! end_of {
    (8) => {
        "ldrd r8, r7, [r3, #{memory}]"
    };
    (16) => {
        "ldr r7, [r3, #{memory} + 4]
         ldr r8, [r3, #{memory} + 12]"
    };
    (32) => {
        "ldrd r7, r8, [r3, #{memory} + 4]"
    };
    (64) => {
        "ldr r7, [r3, #{memory} + 4]
         ldr r8, [r3, #{memory} + 16]"
    };
}

macro_rules! access {
    ($table:ident $name:ident $form:ident $variant:ident $operand:ident $bits:tt
     [$($line:expr),*]) => {
        set!($table $name $form $variant [
            "/* the accumulator's upper half: {high} */",
            end_of!($bits),
            address!($operand),
            "bcs 9f
             cmp r6, r8
             bhs 9f",
            $($line,)*
            "9: b.w {trap}",
        ]
        memory = const offset_of!(Context, memory_length),
        high = const offset_of!(Context, acc_high),
        trap = sym handler::<OutOfBounds>)
    };
}

macro_rules! load {
    ($table:ident $name:ident $bits:tt $instruction:literal) => {
        load!(@ $table $name $bits [concat!($instruction, " r2, [r7, r6]")] [put!("6")] [put!("4")]);
    };
    // To 64 bits: lines that leave the upper half in `r7`.
    ($table:ident $name:ident wide $bits:tt $lines:expr) => {
        load!(@ $table $name $bits [$lines, "str r7, [r3, #{high}]"] [put_wide!("6")] [put_wide!("4")]);
    };
    (@ $table:ident $name:ident $bits:tt [$($line:expr),*] [$put_r:expr] [$put_a:expr]) => {
        access!($table $name R First R $bits [$($line,)* next!("6")]);
        access!($table $name A First A $bits [$($line,)* next!("4")]);
        access!($table $name R Second R $bits [$($line,)* $put_r, next!("8")]);
        access!($table $name A Second A $bits [$($line,)* $put_a, next!("6")]);
    };
}

/// Stores the accumulator, whose upper half is in `r7`, to the cell so many bytes behind the token.
macro_rules! put_wide {
    ($position:literal) => {
        concat!(
            "ldrh r5, [r0, #",
            $position,
            "]\nadd r5, r1\nstrd r2, r7, [r5]"
        )
    };
}

macro_rules! store {
    ($table:ident $name:ident $bits:tt $instruction:literal) => {
        access!($table $name Ra First R $bits [concat!($instruction, " r2, [r7, r6]"), next!("6")]);
        access!($table $name Rr First R $bits
            [value!(cell "6"), concat!($instruction, " r5, [r7, r6]"), next!("8")]);
        access!($table $name Ar First A $bits
            [value!(cell "4"), concat!($instruction, " r5, [r7, r6]"), next!("6")]);
        access!($table $name Ri First R $bits
            [value!(unit "6"), concat!($instruction, " r5, [r7, r6]"), next!("8")]);
        access!($table $name Ai First A $bits
            [value!(unit "4"), concat!($instruction, " r5, [r7, r6]"), next!("6")]);
    };
}

/// Loads the value of a store to `r5`, when the address is not needed any more.
macro_rules! value {
    (cell $position:literal) => {
        concat!("ldrh r5, [r0, #", $position, "]\nldr r5, [r1, r5]")
    };
    (unit $position:literal) => {
        concat!("ldrsh r5, [r0, #", $position, "]")
    };
}

/// The same of 64 bits, to `r5` and `r6`, with the place to store them to in `r7`.
macro_rules! wide_value {
    (cell $position:literal) => {
        concat!(
            "ldrh r5, [r0, #",
            $position,
            "]\nadd r7, r6\nadd r5, r1\nldrd r5, r6, [r5]"
        )
    };
    (unit $position:literal) => {
        concat!(
            "ldrsh r5, [r0, #",
            $position,
            "]\nadd r7, r6\nasrs r6, r5, #31"
        )
    };
}

const fn fill_wide(table: &mut Table) {
    load!(table I64Load wide 64 "add r7, r6\nldr r2, [r7]\nldr r7, [r7, #4]");
    load!(table I64Load8S wide 8 "ldrsb r2, [r7, r6]\nasrs r7, r2, #31");
    load!(table I64Load8U wide 8 "ldrb r2, [r7, r6]\nmovs r7, #0");
    load!(table I64Load16S wide 16 "ldrsh r2, [r7, r6]\nasrs r7, r2, #31");
    load!(table I64Load16U wide 16 "ldrh r2, [r7, r6]\nmovs r7, #0");
    load!(table I64Load32S wide 32 "ldr r2, [r7, r6]\nasrs r7, r2, #31");
    load!(table I64Load32U wide 32 "ldr r2, [r7, r6]\nmovs r7, #0");
    access!(table I64Store Ra First R 64
        ["ldr r5, [r3, #{high}]\nadd r7, r6\nstr r2, [r7]\nstr r5, [r7, #4]", next!("6")]);
    access!(table I64Store Rr First R 64
        [wide_value!(cell "6"), "str r5, [r7]\nstr r6, [r7, #4]", next!("8")]);
    access!(table I64Store Ar First A 64
        [wide_value!(cell "4"), "str r5, [r7]\nstr r6, [r7, #4]", next!("6")]);
    access!(table I64Store Ri First R 64
        [wide_value!(unit "6"), "str r5, [r7]\nstr r6, [r7, #4]", next!("8")]);
    access!(table I64Store Ai First A 64
        [wide_value!(unit "4"), "str r5, [r7]\nstr r6, [r7, #4]", next!("6")]);
}

/// Puts the handlers of this file into a table.
pub(super) const fn fill(table: &mut Table) {
    load!(table I32Load 32 "ldr");
    load!(table I32Load8S 8 "ldrsb");
    load!(table I32Load8U 8 "ldrb");
    load!(table I32Load16S 16 "ldrsh");
    load!(table I32Load16U 16 "ldrh");
    store!(table I32Store8 8 "strb");
    store!(table I32Store16 16 "strh");
    store!(table I32Store 32 "str");
    fill_wide(table);
}

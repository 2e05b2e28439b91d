//! Loads and stores.
#![allow(unsafe_code, reason = "the executor")]
#![allow(clippy::indexing_slicing, reason = "the compiler evaluates `fill`")]

use core::arch::naked_asm;
use core::mem::offset_of;

use thimble_code::operation::{Form, Operation, Variant};

use super::super::tail::handler;
use super::Table;
use crate::execute::handlers::{Absent, Body, Context, Registers, Step};
use crate::trap::Trap;

// Two of these fields are loaded at once, and one is named by its distance from another.
const _: () = {
    assert!(offset_of!(Context, memory_base) == offset_of!(Context, memory_length) + 4);
    assert!(offset_of!(Context, words_end) == offset_of!(Context, memory_base) + 4);
    assert!(offset_of!(Context, halves_end) == offset_of!(Context, words_end) + 4);
};

struct OutOfBounds;

impl Body for OutOfBounds {
    type Slow = Absent;

    #[inline(always)]
    fn execute(_: &mut Registers, _: &mut Context) -> Step {
        Err(Trap::MemoryOutOfBounds.into())
    }
}

/// The trap of an access, with `r0` behind the next token.
#[unsafe(naked)]
extern "C" fn out_of_bounds(_: *const u16, _: *mut u32, _: usize, _: &mut Context) {
    naked_asm!(
        "sub r0, r0, #2",
        "b.w {trap}",
        trap = sym handler::<OutOfBounds>,
    );
}

/// Loads an address to `a` and its offset to `r6`, of which there are so many units more behind.
macro_rules! address {
    (R 1) => {
        "ldrh r5, [r0], #6
         ldrh r6, [r0, #-4]
         ldr r5, [r1, r5]"
    };
    (R 2) => {
        "ldrh r5, [r0], #8
         ldrh r6, [r0, #-6]
         ldr r5, [r1, r5]"
    };
    (A 1) => {
        "ldrh r6, [r0], #4"
    };
    (A 2) => {
        "ldrh r6, [r0], #6"
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
}

macro_rules! access {
    ($table:ident $name:ident $form:ident $variant:ident $operand:ident $units:tt $bits:tt
     [$($line:expr),*]) => {
        set!($table $name $form $variant [
            address!($operand $units),
            end_of!($bits),
            concat!("adds r6, r6, ", a!($form)),
            "bcs 9f
             cmp r6, r8
             bhs 9f",
            $($line,)*
            next!(),
            "9: b.w {trap}",
        ]
        memory = const offset_of!(Context, memory_length),
        trap = sym out_of_bounds)
    };
}

macro_rules! load {
    ($table:ident $name:ident $bits:tt $instruction:literal) => {
        access!($table $name R First R 1 $bits [concat!($instruction, " r2, [r7, r6]")]);
        access!($table $name A First A 1 $bits [concat!($instruction, " r2, [r7, r6]")]);
        access!($table $name R Second R 2 $bits [concat!($instruction, " r2, [r7, r6]"), put!()]);
        access!($table $name A Second A 2 $bits [concat!($instruction, " r2, [r7, r6]"), put!()]);
    };
}

macro_rules! store {
    ($table:ident $name:ident $bits:tt $instruction:literal) => {
        access!($table $name Ra First R 1 $bits [concat!($instruction, " r2, [r7, r6]")]);
        access!($table $name Rr First R 2 $bits [value!(cell), concat!($instruction, " r5, [r7, r6]")]);
        access!($table $name Ar First A 2 $bits [value!(cell), concat!($instruction, " r5, [r7, r6]")]);
        access!($table $name Ri First R 2 $bits [value!(unit), concat!($instruction, " r5, [r7, r6]")]);
        access!($table $name Ai First A 2 $bits [value!(unit), concat!($instruction, " r5, [r7, r6]")]);
    };
}

/// Loads the value of a store, when the address is not needed any more.
macro_rules! value {
    (cell) => {
        "ldrh r5, [r0, #-4]
         ldr r5, [r1, r5]"
    };
    (unit) => {
        "ldrsh r5, [r0, #-4]"
    };
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
}

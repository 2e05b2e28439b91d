//! Branches.
#![allow(unsafe_code, reason = "the executor")]
#![allow(clippy::indexing_slicing, reason = "the compiler evaluates `fill`")]

use core::arch::naked_asm;

use thimble_code::operation::{Form, Operation, Variant};

use super::super::tail::handler;
use super::Table;
use crate::execute::handlers::{Context, Poll};

/// How many bytes behind the token a branch has its distance, and the next operation its token.
macro_rules! distance {
    (Rr) => {
        "6"
    };
    (Ri) => {
        "6"
    };
    (A) => {
        "2"
    };
    ($form:ident) => {
        "4"
    };
}
macro_rules! behind {
    (Rr) => {
        "8"
    };
    (Ri) => {
        "8"
    };
    (A) => {
        "4"
    };
    ($form:ident) => {
        "6"
    };
}

/// The register of the first operand: the accumulator stays as it is.
macro_rules! first {
    (Ar) => {
        "r2"
    };
    (Ai) => {
        "r2"
    };
    ($form:ident) => {
        "r5"
    };
}

/// Loads operands, and leaves the accumulator as it is.
macro_rules! compared {
    (Rr) => {
        "ldrh r5, [r0, #2]
         ldrh r6, [r0, #4]
         ldr r5, [r1, r5]
         ldr r6, [r1, r6]"
    };
    (Ri) => {
        "ldrh r5, [r0, #2]
         ldrsh r6, [r0, #4]
         ldr r5, [r1, r5]"
    };
    (R) => {
        "ldrh r5, [r0, #2]
         ldr r5, [r1, r5]"
    };
    ($form:ident) => {
        operands!($form)
    };
}

/// Branches over the jump when the condition, an instruction that ends in the label `1`, says so.
macro_rules! branch {
    ($table:ident $name:ident $form:ident [$($condition:expr),*]) => {
        set!($table $name $form First [
            compared!($form),
            $($condition,)*
            concat!("ldrsh r7, [r0, #", distance!($form), "]"),
            "add r0, r7
             1:",
            concat!("ldrh r7, [r0, #", behind!($form), "]!"),
            "ldr pc, [r4, r7]",
        ]);
        set!($table $name $form Second [
            compared!($form),
            $($condition,)*
            "ldr r6, [r10]",
            concat!("ldrsh r7, [r0, #", distance!($form), "]"),
            "add r0, r7
             cbnz r6, 9f
             1:",
            concat!("ldrh r7, [r0, #", behind!($form), "]!"),
            "ldr pc, [r4, r7]",
            // What is behind the unit that `r0` points to comes next.
            concat!("9: adds r0, #", distance!($form)),
            "b.w {poll}",
        ] poll = sym handler::<Poll>);
    };
}

/// Compares; `unless` is the condition under which there is no branch.
macro_rules! compare {
    ($table:ident $name:ident $unless:literal [$($form:ident)*]) => {$(
        branch!($table $name $form [
            concat!("cmp ", first!($form), ", ", b!($form), "\nb", $unless, " 1f")
        ]);
    )*};
}

/// Puts the handlers of this file into a table.
pub(super) const fn fill(table: &mut Table) {
    branch!(table BranchEqz R ["cbnz r5, 1f"]);
    branch!(table BranchEqz A ["cbnz r2, 1f"]);
    branch!(table BranchNez R ["cbz r5, 1f"]);
    branch!(table BranchNez A ["cbz r2, 1f"]);
    compare!(table BranchEq "ne" [Rr Ar Ri Ai]);
    compare!(table BranchNe "eq" [Rr Ar Ri Ai]);
    compare!(table BranchLtS "ge" [Rr Ar Ra Ri Ai]);
    compare!(table BranchLtU "hs" [Rr Ar Ra Ri Ai]);
    compare!(table BranchLeS "gt" [Rr Ar Ra]);
    compare!(table BranchLeU "hi" [Rr Ar Ra]);
    compare!(table BranchGeS "lt" [Ri Ai]);
    compare!(table BranchGeU "lo" [Ri Ai]);
    set!(table Branch One First [
        "ldrsh r7, [r0, #2]
         add r0, r7",
        next!("4"),
    ]);
    set!(table Branch One Second [
        "ldrsh r7, [r0, #2]
         ldr r6, [r10]
         add r0, r7
         cbnz r6, 9f",
        next!("4"),
        "9: adds r0, #2
         b.w {poll}",
    ] poll = sym handler::<Poll>);
    set!(table BranchFar One First [
        "ldr r7, [r0, #2]
         ldr r6, [r10]
         add r0, r7
         cbnz r6, 9f",
        next!("6"),
        "9: adds r0, #4
         b.w {poll}",
    ] poll = sym handler::<Poll>);
    set!(table BranchTable One First [
        "ldr r5, [r0, #2]
         ldr r6, [r10]
         cmp r2, r5
         it lo
         movlo r5, r2
         add r0, r0, r5, lsl #2
         ldr r7, [r0, #6]
         add r0, r7
         cbnz r6, 9f",
        next!("10"),
        "9: adds r0, #8
         b.w {poll}",
    ] poll = sym handler::<Poll>);
    set!(table References One First [
        "ldrh r5, [r0, #2]
         add r0, r0, r5, lsl #1",
        next!("4"),
    ]);
}

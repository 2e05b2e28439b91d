//! Branches.
#![allow(unsafe_code, reason = "the executor")]
#![allow(clippy::indexing_slicing, reason = "the compiler evaluates `fill`")]

use core::arch::naked_asm;

use thimble_code::operation::{Form, Operation, Variant};

use super::super::tail::handler;
use super::Table;
use crate::execute::handlers::{Context, Poll};

/// Branches over the jump when the condition, an instruction that ends in the label `1`, says so.
macro_rules! branch {
    ($table:ident $name:ident $form:ident [$($condition:expr),*]) => {
        set!($table $name $form First [
            operands!($form First),
            $($condition,)*
            "ldrsh r7, [r0, #-2]
             add r0, r0, r7
             1:",
            next_token!(),
        ]);
        set!($table $name $form Second [
            operands!($form First),
            $($condition,)*
            "ldr r6, [r10]
             ldrsh r7, [r0, #-2]
             add r0, r0, r7
             cbnz r6, 9f
             1:",
            next_token!(),
            "9: b.w {poll}",
        ] poll = sym handler::<Poll>);
    };
}

/// Compares; `unless` is the condition under which there is no branch.
macro_rules! compare {
    ($table:ident $name:ident $unless:literal [$($form:ident)*]) => {$(
        branch!($table $name $form [
            concat!("cmp ", a!($form), ", ", b!($form), "\nb", $unless, " 1f")
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
        "ldrsh r7, [r0], #2
         add r0, r0, r7",
        next_token!(),
    ]);
    set!(table Branch One Second [
        "ldrsh r7, [r0], #2
         ldr r6, [r10]
         add r0, r0, r7
         cbnz r6, 9f",
        next_token!(),
        "9: b.w {poll}",
    ] poll = sym handler::<Poll>);
    set!(table BranchTable One First [
        "ldr r5, [r0]
         ldr r7, [r10]
         cmp r2, r5
         it lo
         movlo r5, r2
         add r0, r0, r5, lsl #2
         ldr r6, [r0, #4]
         add r0, r0, #8
         add r0, r0, r6
         cbnz r7, 9f",
        next_token!(),
        "9: b.w {poll}",
    ] poll = sym handler::<Poll>);
}

//! Operations on 32-bit floating-point numbers, where the processor has a unit for them and arguments are passed in its
//! registers. Elsewhere, and for operations that programs execute seldom, functions compute ([`shared`](super::shared)).
#![allow(unsafe_code, reason = "the executor")]
#![allow(
    clippy::indexing_slicing,
    reason = "the compiler evaluates `with_unit`"
)]

use core::arch::naked_asm;

use thimble_code::operation::{Form, Operation, Variant};

use super::Tables;
use crate::execute::handlers::Context;

/// Tells the assembler what every processor with a unit has: of the target's features it does not learn.
macro_rules! unit {
    () => {
        ".fpu fpv4-sp-d16"
    };
}

/// Operations with one result, computed from `s0` and `s1` into `r2`.
macro_rules! compute {
    ($table:ident $name:ident [$($form:ident)*] $code:expr) => {$(
        set!($table $name $form First [
            unit!(), operands!($form), load!($form), $code, next!($form First),
        ]);
        set!($table $name $form Second [
            unit!(), operands!($form), load!($form), $code, put!($form), next!($form Second),
        ]);
    )*};
}

macro_rules! load {
    (A) => {
        "vmov s0, r2"
    };
    ($form:ident) => {
        concat!("vmov s0, ", a!($form), "\nvmov s1, ", b!($form))
    };
}

/// Arithmetic of one instruction.
macro_rules! arithmetic {
    ($table:ident $name:ident $instruction:literal [$($form:ident)*]) => {
        compute!($table $name [$($form)*] concat!($instruction, " s0, s0, s1\nvmov r2, s0"));
    };
}

/// Comparisons; with a not-a-number only `ne` of these conditions holds.
macro_rules! compare {
    ($table:ident $name:ident $condition:literal $otherwise:literal [$($form:ident)*]) => {
        compute!($table $name [$($form)*] concat!(
            "vcmp.f32 s0, s1
             vmrs APSR_nzcv, fpscr
             ite ", $condition, "
             mov", $condition, " r2, #1
             mov", $otherwise, " r2, #0"
        ));
    };
}

/// Puts the handlers of this file into a table; they call no functions.
pub(super) const fn with_unit(mut tables: Tables) -> Tables {
    let table = &mut tables.handlers;
    arithmetic!(table F32Add "vadd.f32" [Rr Ar]);
    arithmetic!(table F32Sub "vsub.f32" [Rr Ar Ra]);
    arithmetic!(table F32Mul "vmul.f32" [Rr Ar]);
    arithmetic!(table F32Div "vdiv.f32" [Rr Ar Ra]);
    compare!(table F32Eq "eq" "ne" [Rr Ar]);
    compare!(table F32Ne "ne" "eq" [Rr Ar]);
    compare!(table F32Lt "mi" "pl" [Rr Ar Ra]);
    compare!(table F32Le "ls" "hi" [Rr Ar Ra]);
    compute!(table F32Abs [A] "bic r2, r2, #0x80000000");
    compute!(table F32Neg [A] "eor r2, r2, #0x80000000");
    tables
}

//! Operations on 32-bit integers.
#![allow(unsafe_code, reason = "the executor")]
#![allow(clippy::indexing_slicing, reason = "the compiler evaluates `fill`")]

use core::arch::naked_asm;

use thimble_code::operation::{Form, Operation, Variant};

use super::super::tail::handler;
use super::Table;
use super::trap::{DivideByZero, Overflow};
use crate::execute::handlers::Context;

/// Operations with one result, computed from `a` and `b` into `r2`.
macro_rules! compute {
    ($table:ident $name:ident $code:ident [$($form:ident)*]) => {$(
        set!($table $name $form First [operands!($form), $code!($form), next!($form First)]);
        set!($table $name $form Second [
            operands!($form), $code!($form), put!($form), next!($form Second),
        ]);
    )*};
}

/// Divisions: the code jumps to `9` for a divisor of 0.
macro_rules! divide {
    ($table:ident $name:ident $code:ident [$($form:ident)*]) => {$(
        set!($table $name $form First [
            operands!($form), $code!($form), next!($form First), "9: b.w {zero}",
        ] zero = sym handler::<DivideByZero>);
        set!($table $name $form Second [
            operands!($form), $code!($form), put!($form), next!($form Second), "9: b.w {zero}",
        ] zero = sym handler::<DivideByZero>);
    )*};
}

/// The same of `i32.div_s`: the least number divided by minus one has no quotient.
macro_rules! divide_signed {
    ($table:ident $variant:ident [$($put:expr)?]) => {
        set!($table I32DivS Rr $variant [
            "ldrh r5, [r0, #2]
             ldrh r6, [r0, #4]
             ldr r5, [r1, r5]
             ldr r6, [r1, r6]
             cbz r6, 9f
             sdiv r2, r5, r6
             cmn r6, #1
             beq 8f
             1:",
            $($put,)?
            next!(Rr $variant),
            "8: negs r5, r5
             bvc 1b
             b.w {overflow}
             9: b.w {zero}",
        ]
        overflow = sym handler::<Overflow>,
        zero = sym handler::<DivideByZero>);
    };
}

/// Operations of one instruction.
macro_rules! instructions {
    ($($macro:ident $instruction:literal)*) => {$(
        macro_rules! $macro {
            (Ra) => { concat!($instruction, " r2, r5, r2") };
            ($form:ident) => { concat!($instruction, " r2, r2, r6") };
        }
    )*};
}
instructions! {
    add "adds"
    sub "subs"
    and "ands"
    orr "orrs"
    eor "eors"
    // The instruction takes the low five bits and more, of which all rounds are the same.
    ror "rors"
}

macro_rules! mul {
    ($form:ident) => {
        "muls r2, r6, r2"
    };
}

/// Shifts: the instruction would take eight bits of the distance.
macro_rules! shifts {
    ($($macro:ident $instruction:literal)*) => {$(
        macro_rules! $macro {
            ($form:ident) => {
                concat!("and r6, ", b!($form), ", #31\n", $instruction, " r2, ", a!($form), ", r6")
            };
        }
    )*};
}
shifts! {
    lsl "lsls"
    lsr "lsrs"
    asr "asrs"
}

macro_rules! rol {
    ($form:ident) => {
        "negs r6, r6
         rors r2, r2, r6"
    };
}

macro_rules! udiv {
    ($form:ident) => {
        "cbz r6, 9f
         udiv r2, r2, r6"
    };
}

macro_rules! umod {
    ($form:ident) => {
        "cbz r6, 9f
         udiv r7, r2, r6
         mls r2, r7, r6, r2"
    };
}

macro_rules! smod {
    ($form:ident) => {
        "cbz r6, 9f
         sdiv r7, r2, r6
         mls r2, r7, r6, r2"
    };
}

macro_rules! eq {
    ($form:ident) => {
        concat!(
            "subs r2, ",
            a!($form),
            ", ",
            b!($form),
            "\nclz r2, r2\nlsrs r2, r2, #5"
        )
    };
}

macro_rules! ne {
    ($form:ident) => {
        concat!(
            "subs r2, ",
            a!($form),
            ", ",
            b!($form),
            "\nit ne\nmovne r2, #1"
        )
    };
}

/// Whether the difference borrows: minus one, or 0.
macro_rules! lo {
    ($form:ident) => {
        concat!(
            "cmp ",
            a!($form),
            ", ",
            b!($form),
            "\nsbcs r2, r2, r2\nnegs r2, r2"
        )
    };
}

macro_rules! hs {
    ($form:ident) => {
        concat!(
            "cmp ",
            a!($form),
            ", ",
            b!($form),
            "\nsbcs r2, r2, r2\nadds r2, r2, #1"
        )
    };
}

macro_rules! ls {
    ($form:ident) => {
        concat!(
            "cmp ",
            b!($form),
            ", ",
            a!($form),
            "\nsbcs r2, r2, r2\nadds r2, r2, #1"
        )
    };
}

/// Signed comparisons.
macro_rules! signed {
    ($($macro:ident $otherwise:literal)*) => {$(
        macro_rules! $macro {
            ($form:ident) => {
                concat!(
                    "cmp ", a!($form), ", ", b!($form), "\nite ", stringify!($macro), "\nmov",
                    stringify!($macro), " r2, #1\nmov", $otherwise, " r2, #0"
                )
            };
        }
    )*};
}
signed! {
    lt "ge"
    le "gt"
    ge "lt"
}

macro_rules! eqz {
    ($form:ident) => {
        concat!("clz r2, ", a!($form), "\nlsrs r2, r2, #5")
    };
}

macro_rules! clz {
    ($form:ident) => {
        concat!("clz r2, ", a!($form))
    };
}

macro_rules! ctz {
    ($form:ident) => {
        concat!("rbit r2, ", a!($form), "\nclz r2, r2")
    };
}

macro_rules! sxtb {
    ($form:ident) => {
        concat!("sxtb r2, ", a!($form))
    };
}

macro_rules! sxth {
    ($form:ident) => {
        concat!("sxth r2, ", a!($form))
    };
}

/// Puts the handlers of this file into a table.
pub(super) const fn fill(table: &mut Table) {
    compute!(table I32Add add [Rr Ar Ri Ai]);
    compute!(table I32Sub sub [Rr Ar Ra]);
    compute!(table I32Mul mul [Rr Ar Ri Ai]);
    compute!(table I32And and [Rr Ar Ri Ai]);
    compute!(table I32Or orr [Rr Ar Ri Ai]);
    compute!(table I32Xor eor [Rr Ar Ri Ai]);
    compute!(table I32Shl lsl [Rr Ar Ra Ri Ai]);
    compute!(table I32ShrS asr [Rr Ar Ra Ri Ai]);
    compute!(table I32ShrU lsr [Rr Ar Ra Ri Ai]);
    compute!(table I32Rotl rol [Rr Ar Ri Ai]);
    compute!(table I32Rotr ror [Rr]);
    divide_signed!(table First []);
    divide_signed!(table Second [put!(Rr)]);
    divide!(table I32DivU udiv [Rr Ri]);
    divide!(table I32RemS smod [Rr]);
    divide!(table I32RemU umod [Rr Ri]);
    compute!(table I32Eq eq [Rr Ar Ri Ai]);
    compute!(table I32Ne ne [Rr Ar Ri Ai]);
    compute!(table I32LtS lt [Rr Ar Ra Ri Ai]);
    compute!(table I32LtU lo [Rr Ar Ra Ri Ai]);
    compute!(table I32LeS le [Rr Ar Ra]);
    compute!(table I32LeU ls [Rr Ar Ra]);
    compute!(table I32GeS ge [Ri Ai]);
    compute!(table I32GeU hs [Ri Ai]);
    compute!(table I32Eqz eqz [R A]);
    compute!(table I32Clz clz [R A]);
    compute!(table I32Ctz ctz [R A]);
    compute!(table I32Extend8S sxtb [R A]);
    compute!(table I32Extend16S sxth [R A]);
}

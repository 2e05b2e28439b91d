//! Operations on 32-bit integers.
#![allow(unsafe_code, reason = "the executor")]
#![allow(clippy::indexing_slicing, reason = "the compiler evaluates `fill`")]

use core::arch::naked_asm;

use thimble_code::operation::{Form, Operation, Variant};

use super::super::tail::handler;
use super::Table;
use crate::execute::handlers::{self, Context, Ri, Rr, ToAccumulator, ToCell};
use crate::semantics;

/// Operations with one result, computed from `a` and `b` into `r2`.
macro_rules! compute {
    ($table:ident $name:ident $code:ident [$($form:ident)*]) => {$(
        set!($table $name $form First [operands!($form First), $code!($form), next!()]);
        set!($table $name $form Second [operands!($form Second), $code!($form), put!(), next!()]);
    )*};
}

/// The same where some operands are for the compiler's handler: the code jumps to `9` for these.
macro_rules! compute_or {
    ($table:ident $name:ident $code:ident [$($form:ident)*]) => {$(
        set!($table $name $form First [
            operands!($form First), $code!($form), next!(),
            concat!("9: sub r0, r0, #", moved!($form First)), "b.w {slow}",
        ] slow = sym handler::<handlers::Binary<semantics::$name, $form, ToAccumulator>>);
        set!($table $name $form Second [
            operands!($form Second), $code!($form), put!(), next!(),
            concat!("9: sub r0, r0, #", moved!($form Second)), "b.w {slow}",
        ] slow = sym handler::<handlers::Binary<semantics::$name, $form, ToCell>>);
    )*};
}

/// Operations of one instruction.
macro_rules! instructions {
    ($($macro:ident $instruction:literal)*) => {$(
        macro_rules! $macro {
            ($form:ident) => { concat!($instruction, " r2, ", a!($form), ", ", b!($form)) };
        }
    )*};
}
instructions! {
    add "add"
    sub "sub"
    mul "mul"
    and "and"
    orr "orr"
    eor "eor"
    // The instruction takes the low five bits and more, of which all rounds are the same.
    ror "ror"
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
    lsl "lsl"
    lsr "lsr"
    asr "asr"
}

macro_rules! rol {
    ($form:ident) => {
        concat!("rsb r6, ", b!($form), ", #0\nror r2, ", a!($form), ", r6")
    };
}

macro_rules! udiv {
    ($form:ident) => {
        concat!("cbz r6, 9f\nudiv r2, ", a!($form), ", r6")
    };
}

macro_rules! umod {
    ($form:ident) => {
        concat!(
            "cbz r6, 9f\nudiv r7, ",
            a!($form),
            ", r6\nmls r2, r7, r6, ",
            a!($form)
        )
    };
}

/// The least number divided by minus one has no quotient.
macro_rules! sdiv {
    ($form:ident) => {
        concat!(
            "cbz r6, 9f\ncmn r6, #1\nbeq 9f\nsdiv r2, ",
            a!($form),
            ", r6"
        )
    };
}

macro_rules! smod {
    ($form:ident) => {
        concat!(
            "cbz r6, 9f\nsdiv r7, ",
            a!($form),
            ", r6\nmls r2, r7, r6, ",
            a!($form)
        )
    };
}

macro_rules! eq {
    ($form:ident) => {
        concat!(
            "sub r2, ",
            a!($form),
            ", ",
            b!($form),
            "\nclz r2, r2\nlsr r2, r2, #5"
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
            "\nsbc r2, r2, r2\nrsb r2, r2, #0"
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
            "\nsbc r2, r2, r2\nadd r2, r2, #1"
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
            "\nsbc r2, r2, r2\nadd r2, r2, #1"
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
        concat!("clz r2, ", a!($form), "\nlsr r2, r2, #5")
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
    compute_or!(table I32DivS sdiv [Rr]);
    compute_or!(table I32DivU udiv [Rr Ri]);
    compute_or!(table I32RemS smod [Rr]);
    compute_or!(table I32RemU umod [Rr Ri]);
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

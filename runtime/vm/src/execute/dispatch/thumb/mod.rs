//! Handlers in assembler for Cortex-M3 and better: those of the operations that programs execute
//! most, for what they do most of the time. In all other cases (a trap, a full stack, an interrupt
//! word that is not 0) they jump to handlers that the compiler made.
//!
//! The compiler keeps a frame pointer on these processors, at three instructions a handler, and
//! loads the address of the table each time. Here `r4` has that address and `r10` the interrupt
//! word's, both the same during a run: [`enter`] sets them, and handlers of the compiler preserve
//! them, as the procedure call standard asks of them. `r5` to `r8`, `r11` and `r12` are free to use:
//! `enter` has saved them for its caller. `lr` and the stack stay as they are.
//!
//! | register | |
//! |---|---|
//! | `r0` to `r3` | the parameters of a [`Handler`]: code, frame, accumulator, context |
//! | `r4` | the table of handlers |
//! | `r10` | the interrupt word's address |
//!
//! In `r0` is the address of the operation's own token, and stays there until the next one's is loaded;
//! operands are named by their distance from it. With registers below `r8`, and arithmetic that sets flags, most
//! instructions have 16 bits. What the methods of `state.rs` state about cells, code and memory holds
//! here too, as the operations are the same.
#![allow(unsafe_code, reason = "the executor")]
#![allow(
    clippy::indexing_slicing,
    reason = "the compiler evaluates `with_assembler`"
)]

use core::arch::naked_asm;
use core::mem::offset_of;

use thimble_code::operation::TOKENS;

use super::tail::Handler;
use crate::execute::handlers::Context;

/// From tokens to handlers.
pub(super) type Table = [Handler; TOKENS as usize];

/// A function that computes, of whatever type.
type Function = extern "C" fn();

/// What `r4` points to.
#[repr(C)]
pub(super) struct Tables {
    pub(super) handlers: Table,
    functions: shared::Functions,
}

/// Sets the registers that live as long as a run, and calls the first handler.
///
/// # Safety
/// As for a handler; the context has the table and the interrupt word.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn enter(
    ip: *const u16,
    fp: *mut u32,
    acc: usize,
    c: &mut Context,
    first: Handler,
) {
    naked_asm!(
        // Ten words, as the stack is aligned to eight bytes at a call.
        "push {{r3-r11, lr}}",
        "ldr r12, [sp, #40]",
        "ldr r4, [r3, #{handlers}]",
        "ldr r10, [r3, #{interrupt}]",
        "blx r12",
        "pop {{r3-r11, pc}}",
        handlers = const offset_of!(Context, handlers),
        interrupt = const offset_of!(Context, interrupt),
    );
}

/// How many bytes an operation has of which `r0` points to the token, by its form and variant.
macro_rules! length {
    (Rr First) => {
        "6"
    };
    (Ri First) => {
        "6"
    };
    (A First) => {
        "2"
    };
    ($form:ident First) => {
        "4"
    };
    // The result's cell as well, which comes last.
    (Rr Second) => {
        "8"
    };
    (Ri Second) => {
        "8"
    };
    (A Second) => {
        "4"
    };
    ($form:ident Second) => {
        "6"
    };
}

/// What ends a handler: it jumps to that of the next operation, so many bytes behind this one's token.
macro_rules! next {
    ($length:literal) => {
        concat!("ldrh r7, [r0, #", $length, "]!\nldr pc, [r4, r7]")
    };
    ($form:ident $variant:ident) => {
        concat!("ldrh r7, [r0, #", length!($form $variant), "]!\nldr pc, [r4, r7]")
    };
}

/// Stores a result to its cell as well, so many bytes behind the token.
macro_rules! put {
    ($position:literal) => {
        concat!("ldrh r7, [r0, #", $position, "]\nstr r2, [r1, r7]")
    };
    ($form:ident) => {
        concat!("ldrh r7, [r0, #", length!($form First), "]\nstr r2, [r1, r7]")
    };
}

/// Defines a handler and puts it into a table: lines of assembler, then what they name.
macro_rules! set {
    ($table:ident $operation:ident $form:ident $variant:ident [$($line:expr),* $(,)?] $($option:tt)*) => {{
        #[unsafe(naked)]
        extern "C" fn body(_: *const u16, _: *mut u32, _: usize, _: &mut Context) {
            naked_asm!($($line,)* $($option)*);
        }
        match Operation::$operation.token(Form::$form, Variant::$variant) {
            Some(token) => $table[(token / thimble_code::operation::CELL) as usize] = body,
            // The compiler evaluates this, and refuses it.
            None => panic!("no such operation"),
        }
    }};
}

/// The register that has the first operand of what has a result, and the one that has the second.
macro_rules! a {
    (Ra) => {
        "r5"
    };
    ($form:ident) => {
        "r2"
    };
}
macro_rules! b {
    (Ra) => {
        "r2"
    };
    ($form:ident) => {
        "r6"
    };
}

/// Loads these operands. The accumulator's register takes the first one, where another value is there: so most
/// computations have a target that is an operand too, and are instructions of 16 bits.
macro_rules! operands {
    (Rr) => {
        "ldrh r5, [r0, #2]
         ldrh r6, [r0, #4]
         ldr r2, [r1, r5]
         ldr r6, [r1, r6]"
    };
    (Ri) => {
        "ldrh r5, [r0, #2]
         ldrsh r6, [r0, #4]
         ldr r2, [r1, r5]"
    };
    (Ar) => {
        "ldrh r6, [r0, #2]
         ldr r6, [r1, r6]"
    };
    (Ra) => {
        "ldrh r5, [r0, #2]
         ldr r5, [r1, r5]"
    };
    (Ai) => {
        "ldrsh r6, [r0, #2]"
    };
    (R) => {
        "ldrh r5, [r0, #2]
         ldr r2, [r1, r5]"
    };
    (A) => {
        "/* in the accumulator */"
    };
}

// They use the macros above.
mod branch;
mod call;
#[cfg(target_abi = "eabihf")]
mod float;
mod functions;
mod memory;
mod numeric;
mod shared;
mod trap;
mod variable;

/// Puts the handlers in assembler into a table, and the functions that they call behind it.
pub(super) const fn with_assembler(mut table: Table) -> Tables {
    numeric::fill(&mut table);
    memory::fill(&mut table);
    variable::fill(&mut table);
    branch::fill(&mut table);
    call::fill(&mut table);
    let tables = shared::with_functions(table);
    #[cfg(target_abi = "eabihf")]
    let tables = float::with_unit(tables);
    tables
}

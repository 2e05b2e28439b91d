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
//! A handler first loads its operands, and moves `r0` behind the next operation's token; the token
//! is then the unit before. What the methods of `state.rs` state about cells, code and memory holds
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

/// What ends a handler: it jumps to the next, `r0` being behind that one's token.
macro_rules! next {
    () => {
        "ldrh r12, [r0, #-2]
         ldr pc, [r4, r12]"
    };
}

/// The same with `r0` in front of the token.
macro_rules! next_token {
    () => {
        "ldrh r12, [r0], #2
         ldr pc, [r4, r12]"
    };
}

/// Ends a handler whose result goes to a cell as well.
macro_rules! put {
    () => {
        "ldrh r7, [r0, #-4]
         str r2, [r1, r7]"
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

/// The register that has the first operand, and the one that has the second.
macro_rules! a {
    (Ar) => {
        "r2"
    };
    (Ai) => {
        "r2"
    };
    (A) => {
        "r2"
    };
    ($form:ident) => {
        "r5"
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

/// Loads two operands, of which there is one unit more behind: a token, or a branch's distance.
macro_rules! operands {
    (Rr First) => {
        "ldrh r5, [r0], #6
         ldrh r6, [r0, #-4]
         ldr r5, [r1, r5]
         ldr r6, [r1, r6]"
    };
    (Ri First) => {
        "ldrh r5, [r0], #6
         ldrsh r6, [r0, #-4]
         ldr r5, [r1, r5]"
    };
    (Ar First) => {
        "ldrh r6, [r0], #4
         ldr r6, [r1, r6]"
    };
    (Ra First) => {
        "ldrh r5, [r0], #4
         ldr r5, [r1, r5]"
    };
    (Ai First) => {
        "ldrsh r6, [r0], #4"
    };
    (R First) => {
        "ldrh r5, [r0], #4
         ldr r5, [r1, r5]"
    };
    (A First) => {
        "add r0, r0, #2"
    };
    // The result's cell as well.
    (Rr Second) => {
        "ldrh r5, [r0], #8
         ldrh r6, [r0, #-6]
         ldr r5, [r1, r5]
         ldr r6, [r1, r6]"
    };
    (Ri Second) => {
        "ldrh r5, [r0], #8
         ldrsh r6, [r0, #-6]
         ldr r5, [r1, r5]"
    };
    (Ar Second) => {
        "ldrh r6, [r0], #6
         ldr r6, [r1, r6]"
    };
    (Ra Second) => {
        "ldrh r5, [r0], #6
         ldr r5, [r1, r5]"
    };
    (Ai Second) => {
        "ldrsh r6, [r0], #6"
    };
    (R Second) => {
        "ldrh r5, [r0], #6
         ldr r5, [r1, r5]"
    };
    (A Second) => {
        "add r0, r0, #4"
    };
}

/// How far `operands` and the result's cell move `r0`.
macro_rules! moved {
    (Rr First) => {
        "6"
    };
    (Ri First) => {
        "6"
    };
    (Rr Second) => {
        "8"
    };
    (Ri Second) => {
        "8"
    };
    ($form:ident First) => {
        "4"
    };
    ($form:ident Second) => {
        "6"
    };
}

// They use the macros above.
mod branch;
mod call;
#[cfg(target_abi = "eabihf")]
mod float;
mod memory;
mod numeric;
mod shared;
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

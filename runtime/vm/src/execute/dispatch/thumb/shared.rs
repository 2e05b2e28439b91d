//! Operations on 64 bits and on floating-point numbers, and conversions: a handler for each form and width, which
//! finds by the token the function that computes.
//!
//! The functions' table lies behind that of the handlers. They are called as the procedure call standard has it, with
//! the parameters of a handler in registers that a callee preserves; that takes no more instructions than a handler of
//! its own for each operation, and a fifth of the flash. Functions that can trap note it in the context, and their
//! handlers look there.
#![allow(unsafe_code, reason = "the executor")]
#![allow(clippy::indexing_slicing, reason = "the compiler evaluates `fill`")]

use core::arch::naked_asm;
use core::mem::offset_of;

use thimble_code::operation::{CELL, Form, Operation, Variant, Width};

use super::super::tail::Handler;
use super::super::tail::handler;
use super::functions::{NOTHING, function};
use super::trap::Noted;
use super::{Function, Table, Tables};
use crate::execute::handlers::Context;

/// The first token of the operations here.
const START: u16 = match Operation::I32Popcnt.token(Form::R, Variant::First) {
    Some(token) => token,
    None => 0,
};
/// The token behind theirs.
const END: u16 = match Operation::I32Load.token(Form::R, Variant::First) {
    Some(token) => token,
    None => 0,
};

/// From tokens, less the first, to functions.
pub(super) type Functions = [Function; ((END - START) / CELL) as usize];

/// Where the function of token 0 would be, from the table of handlers on.
const FUNCTIONS: usize = offset_of!(Tables, functions) - START as usize;
// What an instruction can add to an address.
const _: () = assert!(FUNCTIONS < 4096);

/// Loads the function into `r12` and saves the handler's parameters: `r0` in `r7`, `r1` in `r8`, `r3` on the stack.
macro_rules! prepare {
    () => {
        "ldrh r12, [r0]
         push {{r3, lr}}
         mov r7, r0
         add r12, r4
         mov r8, r1
         ldr r12, [r12, #{functions}]"
    };
}

/// The address of the cell that a unit names, in a register.
macro_rules! cell {
    ($register:literal $position:literal) => {
        concat!(
            "ldrh ", $register, ", [r0, #", $position, "]\nadd ", $register, ", r1"
        )
    };
}

/// Puts the operands where a function expects them.
macro_rules! arguments {
    (W64 Rr) => {
        concat!(
            cell!("r5" "2"), "\n", cell!("r6" "4"), "\n", prepare!(),
            "
             ldrd r0, r1, [r5]
             ldrd r2, r3, [r6]"
        )
    };
    (W64 Ar) => {
        concat!(
            cell!("r6" "2"), "\n", prepare!(),
            "
             mov r0, r2
             ldr r1, [r3, #{high}]
             ldrd r2, r3, [r6]"
        )
    };
    (W64 Ra) => {
        concat!(
            cell!("r5" "2"), "\n", prepare!(),
            "
             ldr r3, [r3, #{high}]
             ldrd r0, r1, [r5]"
        )
    };
    (W64 Ri) => {
        concat!(
            cell!("r5" "2"), "\nldrsh r6, [r0, #4]\n", prepare!(),
            "
             ldrd r0, r1, [r5]
             mov r2, r6
             asr r3, r6, #31"
        )
    };
    (W64 Ai) => {
        concat!(
            "ldrsh r6, [r0, #2]\n", prepare!(),
            "
             mov r0, r2
             ldr r1, [r3, #{high}]
             mov r2, r6
             asr r3, r6, #31"
        )
    };
    (W32 Rr) => {
        concat!(
            cell!("r5" "2"), "\n", cell!("r6" "4"), "\n", prepare!(),
            "
             ldr r0, [r5]
             ldr r1, [r6]"
        )
    };
    (W32 Ar) => {
        concat!(
            cell!("r6" "2"), "\n", prepare!(),
            "
             mov r0, r2
             ldr r1, [r6]"
        )
    };
    (W32 Ra) => {
        concat!(
            cell!("r5" "2"), "\n", prepare!(),
            "
             ldr r0, [r5]
             mov r1, r2"
        )
    };
    (W64 R) => {
        concat!(cell!("r5" "2"), "\n", prepare!(), "\nldrd r0, r1, [r5]")
    };
    (W64 A) => {
        concat!(
            prepare!(),
            "
             mov r0, r2
             ldr r1, [r3, #{high}]"
        )
    };
    (W32 R) => {
        concat!(cell!("r5" "2"), "\n", prepare!(), "\nldr r0, [r5]")
    };
    (W32 A) => {
        concat!(prepare!(), "\nmov r0, r2")
    };
}

/// Takes the result.
macro_rules! result {
    (W64 $form:ident First) => {
        "pop {{r3, lr}}
         mov r2, r0
         str r1, [r3, #{high}]
         mov r0, r7
         mov r1, r8"
    };
    (W64 $form:ident Second) => {
        concat!(
            "ldrh r5, [r7, #", length!($form First), "]
             add r5, r8
             strd r0, r1, [r5]\n",
            result!(W64 $form First)
        )
    };
    (W32 $form:ident First) => {
        "pop {{r3, lr}}
         mov r2, r0
         mov r0, r7
         mov r1, r8"
    };
    (W32 $form:ident Second) => {
        concat!(result!(W32 $form First), "\n", put!($form))
    };
}

macro_rules! handler {
    (plain $input:ident $form:ident $variant:ident $output:ident) => {{
        #[unsafe(naked)]
        extern "C" fn body(_: *const u16, _: *mut u32, _: usize, _: &mut Context) {
            naked_asm!(
                // Not every form and width needs it.
                "/* the accumulator's upper half: {high} */",
                arguments!($input $form),
                "blx r12",
                result!($output $form $variant),
                next!($form $variant),
                functions = const FUNCTIONS,
                high = const offset_of!(Context, acc_high),
            );
        }
        body as Handler
    }};
    // Of a function that may note a trap.
    (trapping $input:ident $form:ident $variant:ident $output:ident) => {{
        #[unsafe(naked)]
        extern "C" fn body(_: *const u16, _: *mut u32, _: usize, _: &mut Context) {
            naked_asm!(
                "/* the accumulator's upper half: {high} */",
                arguments!($input $form),
                "blx r12",
                result!($output $form $variant),
                "ldrb r5, [r3, #{exit}]
                 cmp r5, #{nothing}
                 bne 9f",
                next!($form $variant),
                "9: b.w {noted}",
                functions = const FUNCTIONS,
                high = const offset_of!(Context, acc_high),
                exit = const offset_of!(Context, exit),
                nothing = const NOTHING,
                noted = sym handler::<Noted>,
            );
        }
        body as Handler
    }};
}

/// The handlers of a form, by variant.
macro_rules! variants {
    ($kind:ident $input:ident $output:ident [$($form:ident)*]) => {{
        let mut handlers: [[Option<Handler>; 2]; FORMS] = [[None; 2]; FORMS];
        $(handlers[Form::$form as usize] = [
            Some(handler!($kind $input $form First $output)),
            Some(handler!($kind $input $form Second $output)),
        ];)*
        handlers
    }};
}

const FORMS: usize = Form::Ai as usize + 1;

/// By form and variant.
type Forms = [[Option<Handler>; 2]; FORMS];

const FROM_64_TO_64: Forms = variants!(plain W64 W64 [Rr Ar Ra Ri Ai R A]);
const FROM_64_TO_32: Forms = variants!(plain W64 W32 [Rr Ar Ra Ri Ai R A]);
const FROM_32_TO_64: Forms = variants!(plain W32 W64 [R A]);
const FROM_32_TO_32: Forms = variants!(plain W32 W32 [Rr Ar Ra R A]);

const TRAPPING_64_TO_64: Forms = variants!(trapping W64 W64 [Rr A]);
const TRAPPING_64_TO_32: Forms = variants!(trapping W64 W32 [A]);
const TRAPPING_32_TO_64: Forms = variants!(trapping W32 W64 [A]);
const TRAPPING_32_TO_32: Forms = variants!(trapping W32 W32 [A]);

const fn forms(operation: Operation) -> &'static Forms {
    let row = operation.row();
    match (row.input, row.output, traps(operation)) {
        (Width::W64, Width::W64, false) => &FROM_64_TO_64,
        (Width::W64, _, false) => &FROM_64_TO_32,
        (_, Width::W64, false) => &FROM_32_TO_64,
        (_, _, false) => &FROM_32_TO_32,
        (Width::W64, Width::W64, true) => &TRAPPING_64_TO_64,
        (Width::W64, _, true) => &TRAPPING_64_TO_32,
        (_, Width::W64, true) => &TRAPPING_32_TO_64,
        (_, _, true) => &TRAPPING_32_TO_32,
    }
}

/// Whether an operation has its function here: it computes with 64 bits or with floating-point numbers.
const fn is_here(operation: Operation) -> bool {
    let number = operation as u8;
    number >= Operation::I32Popcnt as u8 && number <= Operation::F64PromoteF32 as u8
}

/// Whether one of these can trap.
const fn traps(operation: Operation) -> bool {
    use Operation::{I32TruncF32S, I64DivS, I64RemU, I64TruncF64U};
    let number = operation as u8;
    let divides = number >= I64DivS as u8 && number <= I64RemU as u8;
    let truncates = number >= I32TruncF32S as u8 && number <= I64TruncF64U as u8;
    divides || truncates
}

const fn set(
    mut tables: Tables,
    operation: Operation,
    form: Form,
    variant: Variant,
    function: Function,
) -> Tables {
    let Some(token) = operation.token(form, variant) else {
        panic!("no such token");
    };
    let Some(handler) = forms(operation)[form as usize][variant as usize] else {
        panic!("no such handler");
    };
    tables.handlers[(token / CELL) as usize] = handler;
    tables.functions[((token - START) / CELL) as usize] = function;
    tables
}

/// Sets what there is of one row of the table of operations.
macro_rules! set_row {
    ($tables:ident binary $name:ident [$($form:ident)*]) => {
        set_row!(@ $tables binary $name [$($form)*]);
    };
    ($tables:ident unary $name:ident [$($form:ident)*]) => {
        set_row!(@ $tables unary $name [$($form)*]);
    };
    (@ $tables:ident $family:ident $name:ident [$($form:ident)*]) => {
        if is_here(Operation::$name) {
            let function = function!($family $name);
            $(
                $tables = set($tables, Operation::$name, Form::$form, Variant::First, function);
                $tables = set($tables, Operation::$name, Form::$form, Variant::Second, function);
            )*
        }
    };
    // The other families compute nothing.
    ($tables:ident $family:ident $name:ident [$($form:ident)*]) => {};
}

macro_rules! define_fill {
    ($($family:ident $name:ident $text:literal $input:ident $output:ident
       [$($form:ident)*] [$($operand:ident)*];)*) => {
        /// Adds the functions to a table of handlers, and the handlers that call them.
        pub(super) const fn with_functions(handlers: Table) -> Tables {
            extern "C" fn absent() {}
            let mut tables = Tables { handlers, functions: [absent; ((END - START) / CELL) as usize] };
            $(set_row!(tables $family $name [$($form)*]);)*
            tables
        }
    };
}

thimble_code::for_each_operation!(define_fill);

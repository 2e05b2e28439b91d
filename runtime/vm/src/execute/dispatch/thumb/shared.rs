//! Operations on 64 bits and on floating-point numbers, and conversions: a handler for each form and width, which
//! finds by the token the function that computes.
//!
//! The functions' table lies behind that of the handlers. They are called as the procedure call standard has it, with
//! the parameters of a handler in registers that a callee preserves; that takes no more instructions than a handler of
//! its own for each operation, and a fifth of the flash. Operations that can trap have handlers of the compiler.
#![allow(unsafe_code, reason = "the executor")]
#![allow(clippy::indexing_slicing, reason = "the compiler evaluates `fill`")]

use core::arch::naked_asm;
use core::mem::{offset_of, transmute};

use thimble_code::operation::{CELL, Form, Operation, Variant, Width};

use super::super::tail::Handler;
use super::{Function, Table, Tables};
use crate::execute::handlers::Context;
use crate::semantics::{self, Binary, Unary};

/// The first token of the operations here.
const START: u16 = match Operation::I64Add.token(Form::Rr, Variant::First) {
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

extern "C" fn binary<S: Binary<Output: Default>>(a: S::Input, b: S::Input) -> S::Output {
    S::apply(a, b).unwrap_or_default()
}

extern "C" fn unary<S: Unary<Output: Default>>(a: S::Input) -> S::Output {
    S::apply(a).unwrap_or_default()
}

const fn of_binary<S: Binary<Output: Default>>() -> Function {
    let function: extern "C" fn(S::Input, S::Input) -> S::Output = binary::<S>;
    // SAFETY: both are pointers to functions; `fill` puts this one where it is called with two operands of the width of
    // `S::Input`, for a result of that of `S::Output`.
    unsafe { transmute(function) }
}

const fn of_unary<S: Unary<Output: Default>>() -> Function {
    let function: extern "C" fn(S::Input) -> S::Output = unary::<S>;
    // SAFETY: as above, with one operand.
    unsafe { transmute(function) }
}

/// How far operands and the result's cell move `r0`, and one unit more.
macro_rules! length {
    (2 First) => {
        "6"
    };
    (2 Second) => {
        "8"
    };
    (1 First) => {
        "4"
    };
    (1 Second) => {
        "6"
    };
    (0 First) => {
        "2"
    };
    (0 Second) => {
        "4"
    };
}

/// Loads the function into `r12` and saves the handler's parameters: `r0` as it will be in `r7`, `r1` in `r8`.
macro_rules! prepare {
    ($units:tt $variant:ident) => {
        concat!(
            "ldrh r12, [r0, #-2]
             push {{r3, lr}}
             add r7, r0, #",
            length!($units $variant),
            "
             add r12, r4, r12
             mov r8, r1
             ldr r12, [r12, #{functions}]"
        )
    };
}

/// The address of the cell that a unit names, in a register.
macro_rules! cell {
    ($register:literal $position:literal) => {
        concat!(
            "ldrh ",
            $register,
            ", [r0, #",
            $position,
            "]
             add ",
            $register,
            ", r1, ",
            $register
        )
    };
}

/// Puts the operands where a function expects them.
macro_rules! arguments {
    (W64 Rr $variant:ident) => {
        concat!(
            cell!("r5" 0), "\n", cell!("r6" 2), "\n", prepare!(2 $variant),
            "
             ldrd r0, r1, [r5]
             ldrd r2, r3, [r6]"
        )
    };
    (W64 Ar $variant:ident) => {
        concat!(
            cell!("r6" 0), "\n", prepare!(1 $variant),
            "
             mov r0, r2
             ldr r1, [r3, #{high}]
             ldrd r2, r3, [r6]"
        )
    };
    (W64 Ra $variant:ident) => {
        concat!(
            cell!("r5" 0), "\n", prepare!(1 $variant),
            "
             ldr r3, [r3, #{high}]
             ldrd r0, r1, [r5]"
        )
    };
    (W64 Ri $variant:ident) => {
        concat!(
            cell!("r5" 0), "\nldrsh r6, [r0, #2]\n", prepare!(2 $variant),
            "
             ldrd r0, r1, [r5]
             mov r2, r6
             asr r3, r6, #31"
        )
    };
    (W64 Ai $variant:ident) => {
        concat!(
            "ldrsh r6, [r0]\n", prepare!(1 $variant),
            "
             mov r0, r2
             ldr r1, [r3, #{high}]
             mov r2, r6
             asr r3, r6, #31"
        )
    };
    (W32 Rr $variant:ident) => {
        concat!(
            cell!("r5" 0), "\n", cell!("r6" 2), "\n", prepare!(2 $variant),
            "
             ldr r0, [r5]
             ldr r1, [r6]"
        )
    };
    (W32 Ar $variant:ident) => {
        concat!(
            cell!("r6" 0), "\n", prepare!(1 $variant),
            "
             mov r0, r2
             ldr r1, [r6]"
        )
    };
    (W32 Ra $variant:ident) => {
        concat!(
            cell!("r5" 0), "\n", prepare!(1 $variant),
            "
             ldr r0, [r5]
             mov r1, r2"
        )
    };
    (W64 R $variant:ident) => {
        concat!(cell!("r5" 0), "\n", prepare!(1 $variant), "\nldrd r0, r1, [r5]")
    };
    (W64 A $variant:ident) => {
        concat!(
            prepare!(0 $variant),
            "
             mov r0, r2
             ldr r1, [r3, #{high}]"
        )
    };
    (W32 R $variant:ident) => {
        concat!(cell!("r5" 0), "\n", prepare!(1 $variant), "\nldr r0, [r5]")
    };
    (W32 A $variant:ident) => {
        concat!(prepare!(0 $variant), "\nmov r0, r2")
    };
}

/// Takes the result, and goes on.
macro_rules! result {
    (W64 First) => {
        "pop {{r3, lr}}
         mov r2, r0
         str r1, [r3, #{high}]
         mov r0, r7
         mov r1, r8"
    };
    (W64 Second) => {
        concat!(
            "ldrh r5, [r7, #-4]
             add r5, r8, r5
             strd r0, r1, [r5]\n",
            result!(W64 First)
        )
    };
    (W32 First) => {
        "pop {{r3, lr}}
         mov r2, r0
         mov r0, r7
         mov r1, r8"
    };
    (W32 Second) => {
        concat!(
            result!(W32 First),
            "
             ldrh r5, [r0, #-4]
             str r2, [r1, r5]"
        )
    };
}

macro_rules! handler {
    ($input:ident $form:ident $variant:ident $output:ident) => {{
        #[unsafe(naked)]
        extern "C" fn body(_: *const u16, _: *mut u32, _: usize, _: &mut Context) {
            naked_asm!(
                // Not every form and width needs it.
                "/* the accumulator's upper half: {high} */",
                arguments!($input $form $variant),
                "blx r12",
                result!($output $variant),
                next!(),
                functions = const FUNCTIONS,
                high = const offset_of!(Context, acc_high),
            );
        }
        body as Handler
    }};
}

/// The handlers of a form, by variant.
macro_rules! variants {
    ($input:ident $output:ident [$($form:ident)*]) => {{
        let mut handlers: [[Option<Handler>; 2]; FORMS] = [[None; 2]; FORMS];
        $(handlers[Form::$form as usize] = [
            Some(handler!($input $form First $output)),
            Some(handler!($input $form Second $output)),
        ];)*
        handlers
    }};
}

const FORMS: usize = Form::Ai as usize + 1;

/// By form and variant.
type Forms = [[Option<Handler>; 2]; FORMS];

const FROM_64_TO_64: Forms = variants!(W64 W64 [Rr Ar Ra Ri Ai R A]);
const FROM_64_TO_32: Forms = variants!(W64 W32 [Rr Ar Ra Ri Ai R A]);
const FROM_32_TO_64: Forms = variants!(W32 W64 [R A]);
const FROM_32_TO_32: Forms = variants!(W32 W32 [Rr Ar Ra A]);

const fn forms(input: Width, output: Width) -> &'static Forms {
    match (input, output) {
        (Width::W64, Width::W64) => &FROM_64_TO_64,
        (Width::W64, _) => &FROM_64_TO_32,
        (_, Width::W64) => &FROM_32_TO_64,
        _ => &FROM_32_TO_32,
    }
}

/// Whether an operation has its function here: it computes with 64 bits or with floating-point numbers, and never traps.
const fn is_here(operation: Operation) -> bool {
    use Operation::{F64PromoteF32, I32TruncF32S, I64Add, I64DivS, I64RemU, I64TruncF64U};
    let number = operation as u8;
    let divides = number >= I64DivS as u8 && number <= I64RemU as u8;
    let truncates = number >= I32TruncF32S as u8 && number <= I64TruncF64U as u8;
    number >= I64Add as u8 && number <= F64PromoteF32 as u8 && !divides && !truncates
}

const fn set(
    mut tables: Tables,
    operation: Operation,
    form: Form,
    variant: Variant,
    function: Function,
) -> Tables {
    let row = operation.row();
    let Some(token) = operation.token(form, variant) else {
        panic!("no such token");
    };
    let Some(handler) = forms(row.input, row.output)[form as usize][variant as usize] else {
        panic!("no such handler");
    };
    tables.handlers[(token / CELL) as usize] = handler;
    tables.functions[((token - START) / CELL) as usize] = function;
    tables
}

/// Sets what there is of one row of the table of operations.
macro_rules! set_row {
    ($tables:ident binary $name:ident [$($form:ident)*]) => {
        set_row!(@ $tables of_binary $name [$($form)*]);
    };
    ($tables:ident unary $name:ident [$($form:ident)*]) => {
        set_row!(@ $tables of_unary $name [$($form)*]);
    };
    (@ $tables:ident $function:ident $name:ident [$($form:ident)*]) => {
        if is_here(Operation::$name) {
            let function = $function::<semantics::$name>();
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

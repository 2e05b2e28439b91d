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

use thimble_code::operation::{Form, Operation, TOKENS, Variant};

use super::tail::{Handler, handler};
use crate::execute::handlers::{
    self, Body, Context, Registers, Ri, Rr, Step, ToAccumulator, ToCell,
};
use crate::semantics;
use crate::trap::Trap;

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

/// Goes on where the interrupt word allows it.
struct Poll;

impl Body for Poll {
    #[inline(always)]
    fn execute(_: &mut Registers, c: &mut Context) -> Step {
        c.poll()
    }
}

struct OutOfBounds;

impl Body for OutOfBounds {
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

/// What ends a handler: it jumps to the next, `r0` being behind that one's token.
macro_rules! next {
    () => {
        "ldrh r12, [r0, #-2]
         ldr pc, [r4, r12, lsl #2]"
    };
}

/// The same with `r0` in front of the token.
macro_rules! next_token {
    () => {
        "ldrh r12, [r0], #2
         ldr pc, [r4, r12, lsl #2]"
    };
}

/// Ends a handler whose result goes to a cell as well.
macro_rules! put {
    () => {
        "ldrh r7, [r0, #-4]
         str r2, [r1, r7, lsl #2]"
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
            Some(token) => $table[token as usize] = body,
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
         ldr r5, [r1, r5, lsl #2]
         ldr r6, [r1, r6, lsl #2]"
    };
    (Ri First) => {
        "ldrh r5, [r0], #6
         ldrsh r6, [r0, #-4]
         ldr r5, [r1, r5, lsl #2]"
    };
    (Ar First) => {
        "ldrh r6, [r0], #4
         ldr r6, [r1, r6, lsl #2]"
    };
    (Ra First) => {
        "ldrh r5, [r0], #4
         ldr r5, [r1, r5, lsl #2]"
    };
    (Ai First) => {
        "ldrsh r6, [r0], #4"
    };
    (R First) => {
        "ldrh r5, [r0], #4
         ldr r5, [r1, r5, lsl #2]"
    };
    (A First) => {
        "add r0, r0, #2"
    };
    // The result's cell as well.
    (Rr Second) => {
        "ldrh r5, [r0], #8
         ldrh r6, [r0, #-6]
         ldr r5, [r1, r5, lsl #2]
         ldr r6, [r1, r6, lsl #2]"
    };
    (Ri Second) => {
        "ldrh r5, [r0], #8
         ldrsh r6, [r0, #-6]
         ldr r5, [r1, r5, lsl #2]"
    };
    (Ar Second) => {
        "ldrh r6, [r0], #6
         ldr r6, [r1, r6, lsl #2]"
    };
    (Ra Second) => {
        "ldrh r5, [r0], #6
         ldr r5, [r1, r5, lsl #2]"
    };
    (Ai Second) => {
        "ldrsh r6, [r0], #6"
    };
    (R Second) => {
        "ldrh r5, [r0], #6
         ldr r5, [r1, r5, lsl #2]"
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

/// Branches over the jump when the condition, an instruction that ends in the label `1`, says so.
macro_rules! branch {
    ($table:ident $name:ident $form:ident [$($condition:expr),*]) => {
        set!($table $name $form First [
            operands!($form First),
            $($condition,)*
            "ldrsh r7, [r0, #-2]
             add r0, r0, r7, lsl #1
             1:",
            next_token!(),
        ]);
        set!($table $name $form Second [
            operands!($form First),
            $($condition,)*
            "ldr r6, [r10]
             ldrsh r7, [r0, #-2]
             add r0, r0, r7, lsl #1
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

/// Loads an address to `a` and its offset to `r6`, of which there are so many units more behind.
macro_rules! address {
    (R 1) => {
        "ldrh r5, [r0], #6
         ldrh r6, [r0, #-4]
         ldr r5, [r1, r5, lsl #2]"
    };
    (R 2) => {
        "ldrh r5, [r0], #8
         ldrh r6, [r0, #-6]
         ldr r5, [r1, r5, lsl #2]"
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
         ldr r5, [r1, r5, lsl #2]"
    };
    (unit) => {
        "ldrsh r5, [r0, #-4]"
    };
}

/// Enters the function whose record `r8` points to: `r0` is where it returns to, `r5` its frame,
/// `r7` the image. Jumps to `9` where that takes more.
macro_rules! enter_function {
    () => {
        "ldr r8, [r8]
         sub r11, r0, r7
         ldr r6, [r3, #{stack_end}]
         add r7, r7, r8
         ldrh r8, [r7]
         sub r6, r6, r5
         cmp r6, r8, lsl #2
         blo 9f
         ldr r6, [r10]
         cbnz r6, 9f
         ldrh r8, [r7, #2]
         ldrh r6, [r7, #4]
         add r0, r7, #10
         str r11, [r5, r8, lsl #2]
         mov r1, r5
         cbz r6, 2f
         mov r11, #0
         add r5, r5, r8, lsl #2
         1: str r11, [r5, #4]!
         subs r6, r6, #1
         bne 1b
         2:"
    };
}

/// Goes back to the caller: `r6` is the offset in the image.
macro_rules! leave {
    () => {
        "ldr r7, [r3, #{image}]
         add r0, r7, r6
         ldrh r6, [r0, #-2]
         sub r1, r1, r6, lsl #2"
    };
}

const _: () = {
    assert!(offset_of!(Context, memory_base) == offset_of!(Context, memory_length) + 4);
    assert!(offset_of!(Context, words_end) == offset_of!(Context, memory_base) + 4);
    assert!(offset_of!(Context, halves_end) == offset_of!(Context, words_end) + 4);
    assert!(offset_of!(Context, functions) == offset_of!(Context, image) + 4);
    assert!(offset_of!(Context, table_length) == offset_of!(Context, table_base) + 4);
};

/// Puts the handlers of this file into a table.
#[allow(clippy::cognitive_complexity, reason = "a list")]
pub(super) const fn with_assembler(
    mut table: [Handler; TOKENS as usize],
) -> [Handler; TOKENS as usize] {
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

    load!(table I32Load 32 "ldr");
    load!(table I32Load8S 8 "ldrsb");
    load!(table I32Load8U 8 "ldrb");
    load!(table I32Load16S 16 "ldrsh");
    load!(table I32Load16U 16 "ldrh");
    store!(table I32Store8 8 "strb");
    store!(table I32Store16 16 "strh");
    store!(table I32Store 32 "str");

    set!(table Constant32Short One First ["ldrsh r2, [r0], #4", next!()]);
    set!(table Constant32Short One Second ["ldrsh r2, [r0], #6", put!(), next!()]);
    set!(table Constant32 One First ["ldr r2, [r0], #6", next!()]);
    set!(table Constant32 One Second ["ldr r2, [r0], #8", put!(), next!()]);
    set!(table Take32 One First ["ldrh r5, [r0], #4", "ldr r2, [r1, r5, lsl #2]", next!()]);
    set!(table Put32 One First ["ldrh r5, [r0], #4", "str r2, [r1, r5, lsl #2]", next!()]);
    set!(table Copy32 One First [
        "ldrh r5, [r0], #6
         ldrh r6, [r0, #-4]
         ldr r5, [r1, r5, lsl #2]
         str r5, [r1, r6, lsl #2]",
        next!(),
    ]);
    set!(table Select32 One First [
        "ldrh r5, [r0], #6
         ldrh r6, [r0, #-4]
         cmp r2, #0
         it eq
         moveq r5, r6
         ldr r2, [r1, r5, lsl #2]",
        next!(),
    ]);
    set!(table Select32 One Second [
        "ldrh r5, [r0], #8
         ldrh r6, [r0, #-6]
         cmp r2, #0
         it eq
         moveq r5, r6
         ldr r2, [r1, r5, lsl #2]",
        put!(),
        next!(),
    ]);
    set!(table GlobalGet32 One First [
        "ldr r6, [r3, #{globals}]
         ldrh r5, [r0], #4
         ldr r2, [r6, r5, lsl #2]",
        next!(),
    ] globals = const offset_of!(Context, globals));
    set!(table GlobalGet32 One Second [
        "ldr r6, [r3, #{globals}]
         ldrh r5, [r0], #6
         ldr r2, [r6, r5, lsl #2]",
        put!(),
        next!(),
    ] globals = const offset_of!(Context, globals));
    set!(table GlobalSet32 One First [
        "ldr r6, [r3, #{globals}]
         ldrh r5, [r0], #4
         str r2, [r6, r5, lsl #2]",
        next!(),
    ] globals = const offset_of!(Context, globals));

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
         add r0, r0, r7, lsl #1",
        next_token!(),
    ]);
    set!(table Branch One Second [
        "ldrsh r7, [r0], #2
         ldr r6, [r10]
         add r0, r0, r7, lsl #1
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
         add r0, r0, r6, lsl #1
         cbnz r7, 9f",
        next_token!(),
        "9: b.w {poll}",
    ] poll = sym handler::<Poll>);

    set!(table Call One First [
        "ldrh r8, [r0], #4
         ldrd r7, r6, [r3, #{image}]
         ldrh r5, [r0, #-2]
         add r8, r6, r8, lsl #4
         add r5, r1, r5, lsl #2",
        enter_function!(),
        next!(),
        "9: sub r0, r0, #4
         b.w {slow}",
    ]
    image = const offset_of!(Context, image),
    stack_end = const offset_of!(Context, stack_end),
    slow = sym handler::<handlers::Call>);
    // An element's handle is an instance and an index, plus one.
    set!(table CallIndirect One First [
        "ldrh r6, [r0, #2]
         ldrd r5, r7, [r3, #{table}]
         cmp r6, #0
         bne 8f
         cmp r2, r7
         bhs 8f
         ldr r5, [r5, r2, lsl #2]
         ldr r6, [r3, #{instance}]
         cmp r5, #0
         beq 8f
         sub r5, r5, #1
         cmp r6, r5, lsr #20
         bne 8f
         ldrd r7, r6, [r3, #{image}]
         ubfx r5, r5, #0, #20
         add r8, r6, r5, lsl #4
         ldrh r6, [r0]
         ldr r5, [r8, #8]
         cmp r5, r6
         bne 8f
         ldrh r5, [r0, #4]
         add r0, r0, #6
         add r5, r1, r5, lsl #2",
        enter_function!(),
        next!(),
        "9: sub r0, r0, #6
         8: b.w {slow}",
    ]
    table = const offset_of!(Context, table_base),
    instance = const offset_of!(Context, instance),
    image = const offset_of!(Context, image),
    stack_end = const offset_of!(Context, stack_end),
    slow = sym handler::<handlers::CallIndirect>);
    set!(table Return One First [
        "ldrh r5, [r0]
         ldr r6, [r1, r5, lsl #2]",
        leave!(),
        next_token!(),
    ] image = const offset_of!(Context, image));
    set!(table ReturnAccumulator32 One First [
        "ldrh r5, [r0]
         ldr r6, [r1, r5, lsl #2]
         str r2, [r1]",
        leave!(),
        next_token!(),
    ] image = const offset_of!(Context, image));
    set!(table ReturnCell32 One First [
        "ldrh r5, [r0]
         ldrh r7, [r0, #2]
         ldr r6, [r1, r5, lsl #2]
         ldr r2, [r1, r7, lsl #2]
         str r2, [r1]",
        leave!(),
        next_token!(),
    ] image = const offset_of!(Context, image));
    table
}

//! Calls and returns.
#![allow(unsafe_code, reason = "the executor")]
#![allow(clippy::indexing_slicing, reason = "the compiler evaluates `fill`")]

use core::arch::naked_asm;
use core::mem::offset_of;

use thimble_code::operation::{Form, Operation, Variant};

use super::super::tail::handler;
use super::Table;
use crate::execute::handlers::{Context, Rare};

// Two of these fields are loaded at once.
const _: () = {
    assert!(offset_of!(Context, functions) == offset_of!(Context, image) + 4);
    assert!(offset_of!(Context, table_length) == offset_of!(Context, table_base) + 4);
};

/// Enters the function whose record `r8` points to: `r5` is its frame, `r7` the image, and the call has so many bytes.
/// Jumps to `9` where that takes more, with the call's offset in the image in `r11`.
macro_rules! enter_function {
    ($length:literal) => {
        concat!(
            "ldr r8, [r8]
             sub r11, r0, r7
             add r0, r7, r8
             ldr r6, [r3, #{stack_end}]
             ldrh r8, [r0]
             subs r6, r6, r5
             cmp r6, r8
             blo 9f
             ldr r6, [r10]
             cbnz r6, 9f
             ldrh r7, [r0, #2]
             ldrh r6, [r0, #4]
             add r11, r11, #",
            $length,
            "
             str r11, [r5, r7]
             mov r1, r5
             cbz r6, 2f
             mov r11, #0
             add r5, r7
             1: str r11, [r5, #4]!
             subs r6, r6, #4
             bne 1b
             2:"
        )
    };
}

/// Goes on in the compiler's handler, of a call whose offset is in `r11`.
macro_rules! slow {
    () => {
        "9: ldr r7, [r3, #{image}]
         add r0, r7, r11
         8: b.w {slow}"
    };
}

/// Goes back to the caller, and on there: `r6` is the offset in the image.
macro_rules! leave {
    () => {
        "ldr r7, [r3, #{image}]
         adds r0, r7, r6
         ldrh r6, [r0, #-2]
         ldrh r7, [r0]
         subs r1, r1, r6
         ldr pc, [r4, r7]"
    };
}

/// Puts the handlers of this file into a table.
pub(super) const fn fill(table: &mut Table) {
    set!(table Call One First [
        "ldrh r8, [r0, #2]
         ldrd r7, r6, [r3, #{image}]
         ldrh r5, [r0, #4]
         add r8, r6, r8, lsl #4
         add r5, r1",
        enter_function!("6"),
        next!("8"),
        slow!(),
    ]
    image = const offset_of!(Context, image),
    stack_end = const offset_of!(Context, stack_end),
    slow = sym handler::<Rare>);
    // An element's handle is an instance and an index, plus one.
    set!(table CallIndirect One First [
        "ldrh r6, [r0, #4]
         ldrd r5, r7, [r3, #{table}]
         cmp r6, #0
         bne 8f
         cmp r2, r7
         bhs 8f
         ldr r5, [r5, r2, lsl #2]
         ldr r6, [r3, #{instance}]
         cmp r5, #0
         beq 8f
         subs r5, r5, #1
         cmp r6, r5, lsr #20
         bne 8f
         ldrd r7, r6, [r3, #{image}]
         ubfx r5, r5, #0, #20
         add r8, r6, r5, lsl #4
         ldrh r6, [r0, #2]
         ldr r5, [r8, #8]
         cmp r5, r6
         bne 8f
         ldrh r5, [r0, #6]
         add r5, r1",
        enter_function!("8"),
        next!("8"),
        slow!(),
    ]
    table = const offset_of!(Context, table_base),
    instance = const offset_of!(Context, instance),
    image = const offset_of!(Context, image),
    stack_end = const offset_of!(Context, stack_end),
    slow = sym handler::<Rare>);
    set!(table Return One First [
        "ldrh r5, [r0, #2]
         ldr r6, [r1, r5]",
        leave!(),
    ] image = const offset_of!(Context, image));
    set!(table ReturnAccumulator32 One First [
        "ldrh r5, [r0, #2]
         ldr r6, [r1, r5]
         str r2, [r1]",
        leave!(),
    ] image = const offset_of!(Context, image));
    set!(table ReturnCell32 One First [
        "ldrh r5, [r0, #2]
         ldrh r7, [r0, #4]
         ldr r6, [r1, r5]
         ldr r2, [r1, r7]
         str r2, [r1]",
        leave!(),
    ] image = const offset_of!(Context, image));
    set!(table ReturnAccumulator64 One First [
        "ldrh r5, [r0, #2]
         ldr r7, [r3, #{high}]
         ldr r6, [r1, r5]
         strd r2, r7, [r1]",
        leave!(),
    ]
    high = const offset_of!(Context, acc_high),
    image = const offset_of!(Context, image));
    set!(table ReturnCell64 One First [
        "ldrh r5, [r0, #2]
         ldrh r7, [r0, #4]
         ldr r6, [r1, r5]
         add r7, r1
         ldrd r2, r5, [r7]
         str r5, [r3, #{high}]
         strd r2, r5, [r1]",
        leave!(),
    ]
    high = const offset_of!(Context, acc_high),
    image = const offset_of!(Context, image));
}

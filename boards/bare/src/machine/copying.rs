//! What compilers call for copying and filling memory: 200 bytes for all of it, as the C library of a small system has
//! it. Those of Rust are chosen for speed, and take 3.2 KB; these execute as many instructions for what a runtime copies.

use core::arch::global_asm;

// Processors with the second Thumb instruction set load and store words at any address, but several at once at
// multiples of four only.
global_asm!(
    "   .macro function name
        .global \\name
        .type \\name, %function
        .thumb_func
    \\name:
        .endm

        .section .text.thimble_copying, \"ax\", %progbits
        .syntax unified
        .balign 4

        // To r0, from r1, bytes r2. Forward, unless the target begins within the source.
        function memmove
        function __aeabi_memmove
        function __aeabi_memmove4
        function __aeabi_memmove8
        subs r3, r0, r1
        cmp r3, r2
        bhs 10f
        adds r1, r1, r2
        adds r3, r0, r2
        subs r2, r2, #4
        bmi 2f
    1:  ldr r12, [r1, #-4]!
        subs r2, r2, #4
        str r12, [r3, #-4]!
        bpl 1b
    2:  adds r2, r2, #4
        beq 4f
    3:  ldrb r12, [r1, #-1]!
        subs r2, r2, #1
        strb r12, [r3, #-1]!
        bne 3b
    4:  bx lr

        function memcpy
        function __aeabi_memcpy
        function __aeabi_memcpy4
        function __aeabi_memcpy8
    10: mov r3, r0
        subs r2, r2, #16
        bmi 12f
        orr r12, r0, r1
        lsls r12, r12, #30
        bne 12f
        push {{r4-r6}}
    11: ldm r1!, {{r4, r5, r6, r12}}
        subs r2, r2, #16
        stm r3!, {{r4, r5, r6, r12}}
        bpl 11b
        pop {{r4-r6}}
    12: adds r2, r2, #12
        bmi 14f
    13: ldr r12, [r1], #4
        subs r2, r2, #4
        str r12, [r3], #4
        bpl 13b
    14: adds r2, r2, #4
        beq 16f
    15: ldrb r12, [r1], #1
        subs r2, r2, #1
        strb r12, [r3], #1
        bne 15b
    16: bx lr

        // At r0, bytes r1.
        function __aeabi_memclr
        function __aeabi_memclr4
        function __aeabi_memclr8
        movs r2, #0
        // At r0, bytes r1, of the value r2.
        function __aeabi_memset
        function __aeabi_memset4
        function __aeabi_memset8
        mov r3, r1
        mov r1, r2
        mov r2, r3
        // At r0, of the value r1, bytes r2.
        function memset
        uxtb r1, r1
        orr r1, r1, r1, lsl #8
        orr r1, r1, r1, lsl #16
        mov r3, r0
        subs r2, r2, #4
        bmi 22f
    21: subs r2, r2, #4
        str r1, [r3], #4
        bpl 21b
    22: adds r2, r2, #4
        beq 24f
    23: subs r2, r2, #1
        strb r1, [r3], #1
        bne 23b
    24: bx lr
        .purgem function
        .text"
);

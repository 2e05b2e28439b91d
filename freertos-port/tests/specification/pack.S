/* SPDX-License-Identifier: Apache-2.0 */

/* The pack as it is: a C array of its size would take a compiler minutes. */

    .section .rodata.specification_pack, "a"
    .global specification_pack
specification_pack:
    .incbin SPECIFICATION_PACK
    .global specification_pack_end
specification_pack_end:

    .section .note.GNU-stack, "", %progbits

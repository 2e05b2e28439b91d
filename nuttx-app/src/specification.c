/* SPDX-License-Identifier: Apache-2.0 */

/* The command `thimble_specification`: the WebAssembly specification's test suite, from the
 * pack that is part of the firmware. */

#include <nuttx/config.h>

#include <stdbool.h>
#include <stdio.h>

#include <thimble_specification.h>

/* The pack as it is: a C array of its size would take a compiler minutes. */
__asm__(".section .rodata.thimble_pack,\"a\"\n"
        ".balign 8\n"
        "thimble_pack:\n"
        ".incbin \"" THIMBLE_EMBEDDED "\"\n"
        "thimble_pack_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const uint8_t thimble_pack[];
extern const uint8_t thimble_pack_end[];

static void report(const char *text, size_t length)
{
    printf("%.*s\n", (int)length, text);
}

/* Whether all went well. */
static bool run(bool images)
{
    const struct thimble_specification_options options = {
        .maximum_memory = CONFIG_THIMBLE_MAX_MEMORY,
        .stack_cells = CONFIG_THIMBLE_STACK_CELLS,
        .images = images,
    };
    struct thimble_specification_summary summary;

    thimble_specification_run(thimble_pack, (size_t)(thimble_pack_end - thimble_pack), &options,
                              report, &summary);
    printf("specification: %s: %lu files: %lu of %lu assertions passed; %lu failures; "
           "%lu places left out\n",
           images ? "images" : "modules", (unsigned long)summary.files,
           (unsigned long)summary.passed, (unsigned long)summary.stated,
           (unsigned long)summary.failed, (unsigned long)summary.left_out);
    return summary.files > 0 && summary.failed == 0 && summary.assertions == summary.stated &&
           summary.passed == summary.stated && summary.tail_dispatch;
}

int main(int argc, char *argv[])
{
    (void)argc;
    (void)argv;

    /* Modules, executed where the translator left them; images of them, through the
     * verifier. */
    bool modules = run(false);
    bool images = run(true);

    printf("specification: %s\n", modules && images ? "passed" : "FAILED");
    return modules && images ? 0 : 1;
}

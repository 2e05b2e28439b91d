/* SPDX-License-Identifier: Apache-2.0 */

/* What programs write goes where the firmware is configured to let it go. */

#include <zephyr/ztest.h>

#include "program.h"
#include "record.h"

static const char *next(void *context)
{
    static const char *const texts[] = {"one li", "ne\nan", "other line\n"};
    size_t *index = context;

    return *index < ARRAY_SIZE(texts) ? texts[(*index)++] : NULL;
}

/* Where the harness is one for the console, it looks for the lines there. */
ZTEST(console, test_lines)
{
    size_t index = 0;
    const struct text_source source = {.next = next, .context = &index};
    struct thimble_instance *program = program_make(&source);

    records_clear();
    program_run(program);
    program_destroy(program);
    zassert_equal(records_wait(), IS_ENABLED(CONFIG_THIMBLE_CONSOLE_LOG) ? 2 : 0);
}

ZTEST_SUITE(console, NULL, NULL, NULL, NULL, NULL);

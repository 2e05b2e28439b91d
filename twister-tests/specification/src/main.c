/* SPDX-License-Identifier: Apache-2.0 */

/* The WebAssembly specification's test suite, from the pack that is part of the firmware. */

#include <zephyr/ztest.h>

#include <thimble_specification.h>

/* In pack.S. */
extern const uint8_t specification_pack[];
extern const uint8_t specification_pack_end[];

static void report(const char *text, size_t length)
{
    TC_PRINT("%.*s\n", (int)length, text);
}

/* How much native stack the runtime has needed. */
static void report_stack(void)
{
    size_t unused;

    /* Where firmware is a process, its threads have the stacks of that. */
    if (IS_ENABLED(CONFIG_ARCH_POSIX)) {
        return;
    }
    zassert_ok(k_thread_stack_space_get(k_current_get(), &unused));
    TC_PRINT("%zu bytes of native stack\n", k_current_get()->stack_info.size - unused);
}

static void run(bool images)
{
    const struct thimble_specification_options options = {
        .maximum_memory = CONFIG_THIMBLE_MAX_MEMORY,
        .stack_cells = CONFIG_THIMBLE_STACK_CELLS,
        .images = images,
    };
    struct thimble_specification_summary summary;

    thimble_specification_run(specification_pack, specification_pack_end - specification_pack,
                              &options, report, &summary);
    TC_PRINT("%u files: %u of %u assertions passed; %u failures; %u places left out\n",
             summary.files, summary.passed, summary.stated, summary.failed, summary.left_out);
    report_stack();
    zassert_true(summary.files > 0);
    zassert_true(summary.tail_dispatch);
    zassert_equal(summary.failed, 0);
    zassert_equal(summary.assertions, summary.stated);
    zassert_equal(summary.passed, summary.stated);
}

/* Modules, translated and executed where the translator left them. */
ZTEST(thimble_specification, test_modules)
{
    run(false);
}

/* Images of them, through the verifier. */
ZTEST(thimble_specification, test_images)
{
    run(true);
}

ZTEST_SUITE(thimble_specification, NULL, NULL, NULL, NULL, NULL);

/* SPDX-License-Identifier: Apache-2.0 */

/* The conformance suite of the platform contract, over this back end. */

#include <board.h>
#include <thimble_conformance.h>
#include <thimble_platform.h>

static void report(const char *name, size_t name_length, const char *outcome,
                   size_t outcome_length)
{
    board_print("%.*s: %.*s\n", (int)name_length, name, (int)outcome_length, outcome);
}

/* Without a clock of the board's, the date is not known at first. */
static bool has_no_date(void)
{
    uint64_t time;

    return thimble_platform_wall_clock_now(&time) ==
           THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_NOT_SET, 0);
}

static int run(void)
{
    if (!has_no_date()) {
        board_print("the wall clock is set before anybody has set it\n");
        return 1;
    }
    /* 2026-01-01, so that the suite sees the clock run. */
    if (thimble_platform_wall_clock_set(1767225600 * UINT64_C(1000000000)) != 0) {
        board_print("the wall clock cannot be set\n");
        return 1;
    }

    int32_t failed = thimble_conformance_run(NULL, report);

    board_print("%d cases failed\n", (int)failed);
    return failed == 0 ? 0 : 1;
}

int main(void)
{
    board_start(run);
}

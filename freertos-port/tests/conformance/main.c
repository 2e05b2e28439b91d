/* SPDX-License-Identifier: Apache-2.0 */

/* The conformance suite of the platform contract, over this back end, and its clocks without hooks.
 * The tick count passes 32 bits a second after the start. */

#include <FreeRTOS.h>
#include <task.h>

#include <board.h>
#include <thimble_platform.h>

#include "skips.h"

#define MILLISECOND UINT64_C(1000000)
/* What has not happened by now has failed, however busy the computer. */
#define PATIENCE (10000 * MILLISECOND)

static const struct conformance_skip skips[] = {
    SKIPPED_EVERYWHERE,
    SKIPPED_WITHOUT_FILES,
    SKIPPED_WITHOUT_SOCKETS,
};

/* Without a clock of the board's, the date is not known at first. */
static bool has_no_date(void)
{
    uint64_t time;

    return thimble_platform_wall_clock_now(&time) ==
           THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_NOT_SET, 0);
}

/* Waits, one after the other, until 32 bits of ticks are over: each is as long as it should be, that in
 * which the tick count overflows as well. The simulator's ticks have 64 bits, which go on. */
static bool survives_overflow(void)
{
    const uint64_t wait = 70 * MILLISECOND;
    const uint64_t overflow = (UINT64_C(1) << 32) * 1000 / configTICK_RATE_HZ * MILLISECOND;
    uint64_t before = thimble_platform_clock_now();

    if (before + wait >= overflow) {
        board_print("the ticks have overflowed before the test began\n");
        return false;
    }
    while (before < overflow) {
        (void)thimble_platform_poll(NULL, 0, wait, 0);

        uint64_t after = thimble_platform_clock_now();

        if (after < before + wait || after > before + wait + PATIENCE) {
            board_print("a wait began at %llu and ended at %llu\n", (unsigned long long)before,
                        (unsigned long long)after);
            return false;
        }
        before = after;
    }

    uint64_t ticks = xTaskGetTickCount();

    board_print("%llu ticks, and %llu ns since the start\n", (unsigned long long)ticks,
                (unsigned long long)before);
    return (ticks < UINT32_MAX / 2) == (sizeof(TickType_t) == sizeof(uint32_t));
}

static int run(void)
{
    if (!survives_overflow()) {
        board_print("monotonic time does not survive the overflow of ticks\n");
        return 1;
    }
    if (!has_no_date()) {
        board_print("the wall clock is set before anybody has set it\n");
        return 1;
    }
    /* 2026-01-01, so that the suite sees the clock run. */
    if (thimble_platform_wall_clock_set(1767225600 * UINT64_C(1000000000)) != 0) {
        board_print("the wall clock cannot be set\n");
        return 1;
    }
    return conformance_check(NULL, skips, sizeof(skips) / sizeof(skips[0]), board_print) ? 0 : 1;
}

int main(void)
{
    board_start(run);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* What an application gives Thimble beside FreeRTOS: a clock that knows the date, random numbers, and the
 * end of the firmware. The console's are those of the board, as in all tests. */

#include <string.h>

#include <thimble_device.h>
#include <thimble_platform.h>

#include "check.h"
#include "session.h"

#define ERROR(kind, number) THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_##kind, number)

/* 2001-09-09 01:46:40 UTC. */
#define DATE (UINT64_C(1000000000) * UINT64_C(1000000000))

/* A clock of the hardware, which stands still. */
static uint64_t date;
static bool has_date;
static int clock_error;

static int get_date(uint64_t *time)
{
    *time = date;
    return has_date ? 0 : 1;
}

static int set_date(uint64_t time)
{
    if (clock_error != 0) {
        return clock_error;
    }
    date = time;
    has_date = true;
    return 0;
}

static int entropy_error;
static unsigned entropy_calls;

static int fill(void *buffer, size_t length)
{
    entropy_calls++;
    memset(buffer, 0x5a, length);
    return entropy_error;
}

/* Where the runtime is told to have noticed an error of its own. */
static const char place[] = "machine.rs:";

static void end(const char *file, size_t file_length, uint32_t line)
{
    check(file == place && file_length == strlen(place) - 1 && line == 42);
    board_print("all cases passed\n");
    board_exit(0);
}

/* Changed between the cases, as no application does. */
static struct thimble_freertos_hooks hooks = {
    .wall_clock_get = get_date,
    .wall_clock_set = set_date,
    .entropy = fill,
    .fatal = end,
};

static void check_wall_clock(void)
{
    uint64_t time;

    check(thimble_platform_wall_clock_now(&time) == ERROR(NOT_SET, 0));
    check(session_do("run clock 1 10") == 0);
    check(session_has("clock: wall clock: "));

    check(thimble_platform_wall_clock_set(DATE) == 0);
    check(date == DATE);
    check(thimble_platform_wall_clock_now(&time) == 0 && time == DATE);
    check(session_do("run clock 1 10") == 0);
    check(session_has("wall clock: 2001-09-09T01:46:40Z\n"));
    check(session_has("tick 1: "));

    clock_error = 7;
    check(thimble_platform_wall_clock_set(0) == ERROR(IO, 7));
    check(thimble_platform_wall_clock_now(&time) == 0 && time == DATE);
}

/* A clock that the application sets itself, and one that it has none of. */
static void check_other_clocks(void)
{
    uint64_t time;

    hooks.wall_clock_set = NULL;
    check(thimble_platform_wall_clock_set(0) == ERROR(NOT_SUPPORTED, 0));
    check(thimble_platform_wall_clock_now(&time) == 0 && time == DATE);

    hooks.wall_clock_get = NULL;
    check(thimble_platform_wall_clock_now(&time) == ERROR(NOT_SET, 0));
    check(thimble_platform_wall_clock_set(2 * DATE) == 0);
    check(thimble_platform_wall_clock_now(&time) == 0 && time >= 2 * DATE);
    check(date == DATE);
}

static void check_entropy(void)
{
    uint8_t bytes[5] = {0};

    check(thimble_platform_random_fill(bytes, 4) == 0);
    check(memcmp(bytes, "\x5a\x5a\x5a\x5a\0", sizeof(bytes)) == 0);
    check(entropy_calls == 1);
    check(thimble_platform_random_fill(bytes, 0) == 0);
    check(entropy_calls == 1);
    entropy_error = 9;
    check(thimble_platform_random_fill(bytes, 4) == ERROR(IO, 9));
    hooks.entropy = NULL;
    check(thimble_platform_random_fill(bytes, 4) == ERROR(NOT_SUPPORTED, 0));
    check(entropy_calls == 2);
}

static int run(void)
{
    hooks.console_write = board_hooks.console_write;
    hooks.console_read = board_hooks.console_read;
    hooks.console_is_readable = board_hooks.console_is_readable;
    check_wall_clock();
    check_other_clocks();
    check_entropy();
    /* As the runtime's own panics do; it does not come back. */
    thimble_device_fatal(place, strlen(place) - 1, 42);
    return 1;
}

int main(void)
{
    board_start_with(&hooks, run);
}

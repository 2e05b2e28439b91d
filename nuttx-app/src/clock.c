/* SPDX-License-Identifier: Apache-2.0 */

/* Monotonic time, the wall clock, and deadlines. */

#include <nuttx/config.h>

#include <errno.h>
#include <limits.h>
#include <time.h>

#include "deadline.h"
#include "error_number.h"

/* The last second that a wait is asked for at once: time_t may have 32 bits. */
#define LAST_SECOND ((uint64_t)INT32_MAX)

static uint64_t nanoseconds(const struct timespec *time)
{
    return (uint64_t)time->tv_sec * THIMBLE_SECOND + (uint64_t)time->tv_nsec;
}

static uint64_t resolution(clockid_t clock)
{
    struct timespec step;

    if (clock_getres(clock, &step) != 0 || nanoseconds(&step) == 0) {
        return 1;
    }
    return nanoseconds(&step);
}

uint64_t thimble_platform_clock_now(void)
{
    struct timespec now = {0};

    /* Fails only for a clock that there is not. */
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return nanoseconds(&now);
}

uint64_t thimble_platform_clock_resolution(void)
{
    return resolution(CLOCK_MONOTONIC);
}

int32_t thimble_platform_clock_thread_time(uint64_t *time)
{
    struct timespec used;

    /* NuttX keeps this account with SCHED_CRITMONITOR_MAXTIME_THREAD. */
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) != 0) {
        return THIMBLE_FAILED_WITH(NOT_SUPPORTED, errno);
    }
    *time = nanoseconds(&used);
    return 0;
}

uint64_t thimble_deadline(uint64_t timeout)
{
    uint64_t now = thimble_platform_clock_now();

    return timeout > THIMBLE_NEVER - now ? THIMBLE_NEVER : now + timeout;
}

bool thimble_deadline_is_over(uint64_t deadline)
{
    return deadline != THIMBLE_NEVER && thimble_platform_clock_now() >= deadline;
}

struct timespec thimble_deadline_time(uint64_t deadline)
{
    uint64_t second = deadline / THIMBLE_SECOND;
    struct timespec time = {
        .tv_sec = (time_t)(second < LAST_SECOND ? second : LAST_SECOND),
        .tv_nsec = (long)(deadline % THIMBLE_SECOND),
    };

    return time;
}

int thimble_deadline_milliseconds(uint64_t deadline)
{
    uint64_t now = thimble_platform_clock_now();

    if (deadline == THIMBLE_NEVER) {
        return -1;
    }
    if (deadline <= now) {
        return 0;
    }

    uint64_t left = (deadline - now - 1) / THIMBLE_MILLISECOND + 1;

    return left < INT_MAX ? (int)left : INT_MAX;
}

#if defined(CONFIG_RTC)
static bool is_set(uint64_t time)
{
    (void)time;
    /* The battery of the clock keeps it, or its driver says what it begins with. */
    return true;
}
#else
/* Without a clock that has a battery, NuttX begins at a date of its configuration. Nobody
 * has set the clock as long as it shows that date and the time since the start. */
static bool is_set(uint64_t time)
{
    struct tm start = {
        .tm_year = CONFIG_START_YEAR - 1900,
        .tm_mon = CONFIG_START_MONTH - 1,
        .tm_mday = CONFIG_START_DAY,
    };
    uint64_t base = (uint64_t)timegm(&start) * THIMBLE_SECOND;
    uint64_t unset = base + thimble_platform_clock_now();

    return time > unset + THIMBLE_SECOND || unset > time + THIMBLE_SECOND;
}
#endif

int32_t thimble_platform_wall_clock_now(uint64_t *time)
{
    struct timespec now;

    if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return thimble_error(errno);
    }
    *time = nanoseconds(&now);
    return is_set(*time) ? 0 : THIMBLE_FAILED(NOT_SET);
}

int32_t thimble_platform_wall_clock_set(uint64_t time)
{
    struct timespec now = {
        .tv_sec = (time_t)(time / THIMBLE_SECOND),
        .tv_nsec = (long)(time % THIMBLE_SECOND),
    };

    if ((uint64_t)now.tv_sec != time / THIMBLE_SECOND) {
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }
    return clock_settime(CLOCK_REALTIME, &now) == 0 ? 0 : thimble_error(errno);
}

uint64_t thimble_platform_wall_clock_resolution(void)
{
    return resolution(CLOCK_REALTIME);
}

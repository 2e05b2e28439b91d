/* SPDX-License-Identifier: Apache-2.0 */

/* Monotonic time, the wall clock, and deadlines. */

#include <zephyr/kernel.h>

#include "deadline.h"
#include "error.h"

#define TICKS_PER_SECOND ((uint64_t)CONFIG_SYS_CLOCK_TICKS_PER_SEC)

/* The longest wait that is asked of the kernel at once: ticks may have 32 bits. */
#define MOST_TICKS (INT32_MAX / 2)

/* Zephyr's own conversion multiplies first, and so overflows within days where a
 * tick is no whole number of nanoseconds. */
static uint64_t ticks_to_nanoseconds(uint64_t ticks)
{
    return ticks / TICKS_PER_SECOND * NSEC_PER_SEC +
           ticks % TICKS_PER_SECOND * NSEC_PER_SEC / TICKS_PER_SECOND;
}

uint64_t thimble_platform_clock_now(void)
{
    return ticks_to_nanoseconds((uint64_t)k_uptime_ticks());
}

uint64_t thimble_platform_clock_resolution(void)
{
    return MAX(NSEC_PER_SEC / TICKS_PER_SECOND, 1);
}

int32_t thimble_platform_clock_thread_time(uint64_t *time)
{
    /* On the POSIX architecture, time stands still while a thread computes. */
#if defined(CONFIG_SCHED_THREAD_USAGE) && !defined(CONFIG_ARCH_POSIX)
    k_thread_runtime_stats_t statistics;
    int error = k_thread_runtime_stats_get(k_current_get(), &statistics);

    if (error != 0) {
        return THIMBLE_FAILED_WITH(OTHER, error);
    }

    uint64_t frequency = sys_clock_hw_cycles_per_sec();
    uint64_t cycles = statistics.execution_cycles;

    *time = cycles / frequency * NSEC_PER_SEC + cycles % frequency * NSEC_PER_SEC / frequency;
    return 0;
#else
    ARG_UNUSED(time);
    return THIMBLE_FAILED(NOT_SUPPORTED);
#endif
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

k_timeout_t thimble_deadline_timeout(uint64_t deadline)
{
    if (deadline == THIMBLE_NEVER) {
        return K_FOREVER;
    }

    uint64_t now = thimble_platform_clock_now();

    if (now >= deadline) {
        return K_NO_WAIT;
    }

    uint64_t left = deadline - now;
    uint64_t seconds = left / NSEC_PER_SEC;

    if (seconds >= MOST_TICKS / TICKS_PER_SECOND) {
        return K_TICKS(MOST_TICKS);
    }
    return K_TICKS(seconds * TICKS_PER_SECOND +
                   DIV_ROUND_UP(left % NSEC_PER_SEC * TICKS_PER_SECOND, NSEC_PER_SEC));
}

/* The wall clock is the monotonic clock and an offset: most boards have no clock
 * that runs without power. */
static struct k_spinlock wall_clock_lock;
static uint64_t wall_clock_offset;
static bool wall_clock_is_set;

int32_t thimble_platform_wall_clock_now(uint64_t *time)
{
    k_spinlock_key_t key = k_spin_lock(&wall_clock_lock);
    bool is_set = wall_clock_is_set;
    uint64_t offset = wall_clock_offset;

    k_spin_unlock(&wall_clock_lock, key);
    if (!is_set) {
        return THIMBLE_FAILED(NOT_SET);
    }
    *time = offset + thimble_platform_clock_now();
    return 0;
}

int32_t thimble_platform_wall_clock_set(uint64_t time)
{
    uint64_t now = thimble_platform_clock_now();
    k_spinlock_key_t key = k_spin_lock(&wall_clock_lock);

    /* A time before the system's start wraps, and adding the time back unwraps it. */
    wall_clock_offset = time - now;
    wall_clock_is_set = true;
    k_spin_unlock(&wall_clock_lock, key);
    return 0;
}

uint64_t thimble_platform_wall_clock_resolution(void)
{
    return thimble_platform_clock_resolution();
}

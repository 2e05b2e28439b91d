/* SPDX-License-Identifier: Apache-2.0 */

/* Monotonic time, the wall clock, and deadlines. */

#include "deadline.h"
#include "error.h"
#include "start.h"

#define NANOSECONDS 1000000000u
#define TICKS_PER_SECOND ((uint64_t)configTICK_RATE_HZ)

#define TICK_BITS (8 * sizeof(TickType_t))

/* The kernel counts how often its ticks have overflowed: together they never do. */
static uint64_t ticks_now(void)
{
    TimeOut_t now;

    vTaskSetTimeOutState(&now);
    if (TICK_BITS >= 64) {
        return now.xTimeOnEntering;
    }
    return ((uint64_t)(UBaseType_t)now.xOverflowCount << (TICK_BITS % 64)) | now.xTimeOnEntering;
}

uint64_t thimble_platform_clock_now(void)
{
    uint64_t ticks = ticks_now();

    return ticks / TICKS_PER_SECOND * NANOSECONDS +
           ticks % TICKS_PER_SECOND * NANOSECONDS / TICKS_PER_SECOND;
}

uint64_t thimble_platform_clock_resolution(void)
{
    return NANOSECONDS / TICKS_PER_SECOND;
}

int32_t thimble_platform_clock_thread_time(uint64_t *time)
{
    return thimble_task_time(xTaskGetCurrentTaskHandle(), time) ? 0 : THIMBLE_FAILED(NOT_SUPPORTED);
}

bool thimble_task_time(TaskHandle_t task, uint64_t *time)
{
#if configGENERATE_RUN_TIME_STATS == 1 && defined(THIMBLE_RUN_TIME_COUNTER_HZ)
    uint64_t count = ulTaskGetRunTimeCounter(task);
    uint64_t frequency = THIMBLE_RUN_TIME_COUNTER_HZ;

    *time = count / frequency * NANOSECONDS + count % frequency * NANOSECONDS / frequency;
    return true;
#else
    /* What the counter counts in is known to the application only. */
    (void)task;
    (void)time;
    return false;
#endif
}

uint64_t thimble_deadline(uint64_t timeout)
{
    uint64_t now = thimble_platform_clock_now();

    if (timeout == 0) {
        return now;
    }
    /* A part of the current tick is over already. */
    uint64_t start = now + thimble_platform_clock_resolution();

    return timeout > THIMBLE_NEVER - start ? THIMBLE_NEVER : start + timeout;
}

bool thimble_deadline_is_over(uint64_t deadline)
{
    return deadline != THIMBLE_NEVER && thimble_platform_clock_now() >= deadline;
}

TickType_t thimble_deadline_ticks(uint64_t deadline)
{
    /* portMAX_DELAY itself is for ever. */
    const uint64_t most = portMAX_DELAY - 1;

    if (deadline == THIMBLE_NEVER) {
        return portMAX_DELAY;
    }

    uint64_t now = thimble_platform_clock_now();

    if (now >= deadline) {
        return 0;
    }

    uint64_t left = deadline - now;
    uint64_t seconds = left / NANOSECONDS;

    if (seconds >= most / TICKS_PER_SECOND) {
        return most;
    }
    return seconds * TICKS_PER_SECOND +
           (left % NANOSECONDS * TICKS_PER_SECOND + NANOSECONDS - 1) / NANOSECONDS;
}

/* Without a clock of the application's, the wall clock is the monotonic clock and an offset. */
static uint64_t wall_clock_offset;
static bool wall_clock_is_set;

int32_t thimble_platform_wall_clock_now(uint64_t *time)
{
    const struct thimble_freertos_hooks *hooks = thimble_hooks();

    if (hooks->wall_clock_get != NULL) {
        return hooks->wall_clock_get(time) == 0 ? 0 : THIMBLE_FAILED(NOT_SET);
    }
    taskENTER_CRITICAL();

    bool is_set = wall_clock_is_set;
    uint64_t offset = wall_clock_offset;

    taskEXIT_CRITICAL();
    if (!is_set) {
        return THIMBLE_FAILED(NOT_SET);
    }
    *time = offset + thimble_platform_clock_now();
    return 0;
}

int32_t thimble_platform_wall_clock_set(uint64_t time)
{
    const struct thimble_freertos_hooks *hooks = thimble_hooks();

    if (hooks->wall_clock_get != NULL) {
        if (hooks->wall_clock_set == NULL) {
            return THIMBLE_FAILED(NOT_SUPPORTED);
        }

        int error = hooks->wall_clock_set(time);

        return error == 0 ? 0 : THIMBLE_FAILED_WITH(IO, error);
    }

    uint64_t now = thimble_platform_clock_now();

    taskENTER_CRITICAL();
    /* A time before the system's start wraps, and adding the time back unwraps it. */
    wall_clock_offset = time - now;
    wall_clock_is_set = true;
    taskEXIT_CRITICAL();
    return 0;
}

uint64_t thimble_platform_wall_clock_resolution(void)
{
    return thimble_platform_clock_resolution();
}

/* SPDX-License-Identifier: Apache-2.0 */

/* A task for what is to be done at a time, or because of an interrupt. */

#include <thimble_device.h>

#include "deadline.h"
#include "macros.h"
#include "poll_wait.h"
#include "start.h"
#include "thread.h"

/* How often the tasks of programs are looked at: somebody may have deleted them. */
#define LOOK_INTERVAL UINT64_C(1000000000)

static StaticTask_t task;
static StackType_t stack[THIMBLE_SERVICE_STACK_SIZE / sizeof(StackType_t)];

/* Given when there is something to do, or to be waited for. */
static SemaphoreHandle_t is_called;
static StaticSemaphore_t is_called_memory;

/* When thimble_tick is to be called. */
static uint64_t next_tick = THIMBLE_NEVER;
static volatile bool has_input;

static uint64_t tick_time(void)
{
    taskENTER_CRITICAL();

    uint64_t time = next_tick;

    taskEXIT_CRITICAL();
    return time;
}

#if THIMBLE_RUNTIME

/* Whether the tick is due; it is not any more then. */
static bool take_tick(void)
{
    taskENTER_CRITICAL();

    bool is_due = thimble_deadline_is_over(next_tick);

    if (is_due) {
        next_tick = THIMBLE_NEVER;
    }
    taskEXIT_CRITICAL();
    return is_due;
}

void thimble_device_schedule_tick(uint64_t at)
{
    taskENTER_CRITICAL();

    bool is_earlier = at < next_tick;

    if (is_earlier) {
        next_tick = at;
    }
    taskEXIT_CRITICAL();
    if (is_earlier) {
        (void)xSemaphoreGive(is_called);
    }
}

#endif

#if THIMBLE_RUNTIME
static void look_for_deleted(void)
{
    size_t index = 0;
    uintptr_t thread;

    while (thimble_thread_find_deleted(&index, &thread)) {
        thimble_thread_deleted(thread);
    }
}
#endif

/* Until when there is nothing to do. */
static uint64_t next_time(void)
{
    uint64_t time = tick_time();

    return thimble_thread_any() ? THIMBLE_MIN(time, thimble_deadline(LOOK_INTERVAL)) : time;
}

static void serve(void *argument)
{
    (void)argument;
    for (;;) {
        (void)xSemaphoreTake(is_called, thimble_deadline_ticks(next_time()));
        if (has_input) {
            has_input = false;
            thimble_poll_notify();
        }
#if THIMBLE_RUNTIME
        if (take_tick()) {
            thimble_tick();
        }
        look_for_deleted();
#endif
    }
}

void thimble_service_start(void)
{
    is_called = xSemaphoreCreateBinaryStatic(&is_called_memory);
    (void)xTaskCreateStatic(serve, "thimble", THIMBLE_COUNT(stack), NULL, THIMBLE_SERVICE_PRIORITY,
                            stack, &task);
}

void thimble_service_watch(void)
{
    (void)xSemaphoreGive(is_called);
}

void thimble_service_notify(void)
{
    has_input = true;
    (void)xSemaphoreGive(is_called);
}

bool thimble_console_ready_from_isr(void)
{
    BaseType_t is_woken = pdFALSE;

    has_input = true;
    (void)xSemaphoreGiveFromISR(is_called, &is_woken);
    return is_woken != pdFALSE;
}

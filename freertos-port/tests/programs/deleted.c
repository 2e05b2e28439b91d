/* SPDX-License-Identifier: Apache-2.0 */

/* Tasks that somebody else deletes, which is a mistake: the others must go on. */

#include <stdio.h>

#include <FreeRTOS.h>
#include <task.h>

#include <thimble_platform.h>

#include "check.h"
#include "session.h"

static void wait_for_ever(void *argument)
{
    (void)argument;
    (void)thimble_platform_poll(NULL, 0, THIMBLE_PLATFORM_FOREVER, 0);
}

static void delete_itself(void *argument)
{
    (void)argument;
    vTaskDelete(NULL);
}

static void spawn(void (*entry)(void *argument), uintptr_t *thread)
{
    const struct thimble_platform_thread_options options = {.stack_size = 1024, .name = "lost"};

    check(thimble_platform_thread_spawn(&options, entry, NULL, thread) == 0);
}

/* Who joins such a task does not wait for ever, and what the back end had for it comes back. */
static void check_join(void)
{
    size_t before = session_heap();
    uintptr_t thread;

    for (int round = 0; round < 10; round++) {
        spawn(wait_for_ever, &thread);
        vTaskDelay(pdMS_TO_TICKS(10));
        vTaskDelete(xTaskGetHandle("lost"));
        check(thimble_platform_thread_join(thread) == 0);
        spawn(delete_itself, &thread);
        check(thimble_platform_thread_join(thread) == 0);
    }
    check(session_heap_is(before));
}

static void kill_and_interrupt(uint32_t id)
{
    char line[32];

    snprintf(line, sizeof(line), "kill %u", (unsigned)id);
    check(session_do_interrupted(line, 200) == 0);
}

/* A program whose task is gone stays in the list; the others run. */
static void check_program(void)
{
    uint32_t other = session_start("clock 1 100000");
    uint32_t lost = session_start("clock 1 100000");

    check(other != 0 && lost != 0);
    check(session_wait_for_state(lost, "waiting"));
    check(session_wait_for_state(other, "waiting"));

    TaskHandle_t task = xTaskGetHandle("clock");

    check(task != NULL);
    vTaskDelete(task);

    size_t before = session_heap();

    for (int run = 0; run < 10; run++) {
        check(session_do("run hello") == 0);
        check(session_do_interrupted("run cat", 20) != 0);
    }
    check(session_heap_is(before));
    /* One of them ends. That the other never does is told by waiting for it, until Ctrl-C. */
    kill_and_interrupt(other);
    kill_and_interrupt(lost);
    check(session_do("run hello") == 0);
}

void test_deleted(void)
{
    check_join();
    check_program();
    board_print("tasks that somebody else deletes: passed\n");
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Tasks that somebody else deletes, which is a mistake: the others must go on. */

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

static void spawn(void (*entry)(void *argument), void *argument, uintptr_t *thread)
{
    const struct thimble_platform_thread_options options = {.stack_size = 1024, .name = "lost"};

    check(thimble_platform_thread_spawn(&options, entry, argument, thread) == 0);
}

/* Who joins such a task does not wait for ever, and what the back end had for it comes back. */
static void check_join(void)
{
    size_t before = session_heap();
    uintptr_t thread;

    for (int round = 0; round < 10; round++) {
        spawn(wait_for_ever, NULL, &thread);
        vTaskDelay(pdMS_TO_TICKS(10));
        vTaskDelete(xTaskGetHandle("lost"));
        check(thimble_platform_thread_join(thread) == 0);
        spawn(delete_itself, NULL, &thread);
        check(thimble_platform_thread_join(thread) == 0);
    }
    check(session_heap_is(before));
}

/* What is lost at most of a program: what it was started with, which is not its own. */
#define LOST 512

/* A program whose task is gone has ended, and who waits for it is told; the others run. */
static void check_program(void)
{
    uint32_t other = session_start("spin");

    check(other != 0);
    check(session_wait_for_state(other, "running"));

    size_t before = session_heap();
    int rounds = 5;

    for (int round = 0; round < rounds; round++) {
        uint32_t lost = session_start("clock 1 100000");

        check(lost != 0);
        check(session_wait_for_state(lost, "waiting"));
        vTaskDelete(xTaskGetHandle("clock"));
        check(session_wait_for_state(lost, "deleted"));
        check(session_do_with_id("kill", lost) == 1);
        check(session_has("no such program runs"));
        check(session_do("run hello") == 0);
        check(session_do_interrupted("run cat", 20) == 130);
    }

    size_t lost = (before - session_heap()) / rounds;

    board_print("%u bytes are lost of a program whose task was deleted\n", (unsigned)lost);
    check(lost <= LOST);
    check(session_do_with_id("kill", other) == 0);
}

static void delete_cat(void *argument)
{
    (void)argument;
    vTaskDelay(pdMS_TO_TICKS(100));
    vTaskDelete(xTaskGetHandle("cat"));
    vTaskDelete(NULL);
}

/* In the foreground of a session, which has given it streams. */
static void check_foreground(void)
{
    check(xTaskCreate(delete_cat, "delete", configMINIMAL_STACK_SIZE, NULL, 2, NULL) == pdPASS);
    check(session_do_interrupted("run cat", 60000) == 1);
    check(session_has("cat: its thread was deleted"));
}

static void wait_with_lock(void *argument)
{
    check(thimble_platform_mutex_lock(*(uintptr_t *)argument) == 0);
    wait_for_ever(NULL);
}

/* What it had locked stays locked, and nothing else. */
static void check_lock(void)
{
    uintptr_t mutex;
    uintptr_t thread;

    check(thimble_platform_mutex_create(&mutex) == 0);
    spawn(wait_with_lock, &mutex, &thread);
    vTaskDelay(pdMS_TO_TICKS(10));
    vTaskDelete(xTaskGetHandle("lost"));
    check(thimble_platform_mutex_try_lock(mutex) == 0);
    check(thimble_platform_thread_join(thread) == 0);
    check(thimble_platform_mutex_try_lock(mutex) == 0);
    check(thimble_platform_mutex_destroy(mutex) ==
          THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_BUSY, 0));
    check(session_do("run hello") == 0);
}

void test_deleted(void)
{
    check_join();
    check_program();
    check_foreground();
    check_lock();
    board_print("tasks that somebody else deletes: passed\n");
}

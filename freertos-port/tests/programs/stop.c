/* SPDX-License-Identifier: Apache-2.0 */

/* Programs are stopped whatever they do, and everything they had is back. */

#include <FreeRTOS.h>
#include <task.h>

#include "check.h"
#include "session.h"

/* The result of a program that was stopped. */
#define STOPPED 130

/* Starts a program, waits until it does what it is to be stopped in, and stops it. */
static void start_and_kill(const char *line, const char *state)
{
    size_t before = session_heap();
    uint32_t id = session_start(line);

    check(id != 0);
    check(session_wait_for_state(id, state));
    check(session_heap() < before);
    check(session_do_with_id("kill", id) == 0);
    check(session_wait_for_state(id, "stopped"));
    check(session_heap_is(before));
}

static void interrupt(const char *line)
{
    size_t before = session_heap();

    check(session_do_interrupted(line, 50) == STOPPED);
    check(session_heap_is(before));
}

/* As urgent as programs may be, one that never waits still is below who gives commands. */
static void check_highest_priority(void)
{
    uint32_t id = session_start("--prio 2 spin");

    check(id != 0);
    check(session_wait_for_state(id, "running"));
    check(uxTaskPriorityGet(xTaskGetHandle("spin")) == 2);
    check(uxTaskPriorityGet(NULL) > 2);
    /* Programs of its priority take turns with it; those of lower ones would wait for ever. */
    check(session_do("run --prio 2 hello") == 0);
    check(session_do_with_id("kill", id) == 0);
    start_and_kill("--prio 2 spin", "running");
    interrupt("run --prio 2 spin");
    check(session_do("run --prio 3 spin") == 1);
    check(session_has("not a priority that programs may have"));
}

static void check_time_is_over(void)
{
    size_t before = session_heap();

    check(session_do("run --timeout 50ms spin") == STOPPED);
    check(session_has("spin: its time was over"));
    check(session_do("run --timeout 50ms clock 1 100000") == STOPPED);
    /* Nobody waits for one in the background. */
    uint32_t id = session_start("--timeout 50ms spin");

    check(id != 0);
    check(session_wait_for_state(id, "timed out"));
    check(session_heap_is(before));
}

void test_stop(void)
{
    start_and_kill("spin", "running");
    start_and_kill("clock 1 100000", "waiting");
    interrupt("run cat");
    interrupt("run spin");
    check_highest_priority();
    check_time_is_over();
    board_print("programs are stopped, whatever they do: passed\n");
}

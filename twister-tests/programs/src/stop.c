/* SPDX-License-Identifier: Apache-2.0 */

/* Programs are stopped whatever they do, and everything they had is back. */

#include <zephyr/ztest.h>

#include "session.h"

/* The result of a program that was stopped. */
#define STOPPED 130

/* Starts a program, waits until it does what it is to be stopped in, and stops it. */
static void start_and_kill(const char *line, const char *state)
{
    size_t before = session_heap();
    uint32_t id = session_start(line);

    zassert_not_equal(id, 0, "%s", line);
    zassert_true(session_wait_for_state(id, state));
    zassert_true(session_heap() > before);
    zassert_equal(session_do_with_id("kill", id), 0);
    zassert_true(session_wait_for_state(id, "stopped"));
    zassert_true(session_heap_is(before));
}

ZTEST(programs, test_kill_computing)
{
    start_and_kill("spin", "running");
}

ZTEST(programs, test_kill_sleeping)
{
    start_and_kill("clock 1 100000", "waiting");
}

ZTEST(programs, test_kill_at_highest_priority)
{
    /* As urgent as programs may be, and still below those who watch them. */
    start_and_kill("--prio 6 spin", "running");
    zassert_equal(session_do("run --prio 5 spin"), 1);
    zassert_true(session_has("priority"));
}

ZTEST(programs, test_interrupt_reading)
{
    size_t before = session_heap();

    zassert_equal(session_do_interrupted("run cat", 50), STOPPED);
    zassert_true(session_has("cat: stopped"));
    zassert_true(session_heap_is(before));
}

ZTEST(programs, test_interrupt_computing)
{
    size_t before = session_heap();

    zassert_equal(session_do_interrupted("run spin", 50), STOPPED);
    zassert_true(session_heap_is(before));
}

ZTEST(programs, test_timeout)
{
    size_t before = session_heap();

    zassert_equal(session_do("run --timeout 50ms spin"), STOPPED);
    zassert_true(session_has("spin: its time was over"));
    zassert_equal(session_do("run --timeout 50ms clock 1 100000"), STOPPED);
    /* Nobody waits for one in the background. */
    uint32_t id = session_start("--timeout 50ms spin");

    zassert_not_equal(id, 0);
    zassert_true(session_wait_for_state(id, "timed out"));
    zassert_true(session_heap_is(before));
}

ZTEST(programs, test_kill_nobody)
{
    zassert_equal(session_do("kill 4000000000"), 1);
    zassert_true(session_has("no such program"));
    zassert_equal(session_do("kill spin"), 1);
    zassert_true(session_has("usage: "));
}

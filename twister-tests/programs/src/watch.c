/* SPDX-License-Identifier: Apache-2.0 */

/* What is known of programs that run. */

#include <stdlib.h>
#include <string.h>

#include <zephyr/ztest.h>

#include "session.h"

ZTEST(programs, test_ps)
{
    uint32_t id = session_start("spin");

    zassert_not_equal(id, 0);
    zassert_true(session_wait_for_state(id, "running"));
    k_msleep(100);
    zassert_equal(session_do("ps"), 0);

    /* Time, heap, and the stack are known: no column of its line is a dash. */
    const char *end = strstr(session_output(), " spin\n");

    zassert_not_null(end, "%s", session_output());
    for (const char *place = end; *place != '\n'; place--) {
        zassert_not_equal(*place, '-', "%s", session_output());
    }
    zassert_equal(session_do_with_id("kill", id), 0);
}

ZTEST(programs, test_top)
{
    uint32_t id = session_start("spin");

    zassert_not_equal(id, 0);
    zassert_true(session_wait_for_state(id, "running"));
    zassert_equal(session_do("top 200ms 1"), 0);
    zassert_true(session_has(" spin\n"));

    /* Its line, after the headings: nothing else computes. */
    const char *line = strchr(session_output(), '\n');

    zassert_not_null(line);
    char *rest;
    (void)strtoul(line + 1, &rest, 10);
    zassert_true(strtoul(rest, NULL, 10) > 50, "%s", session_output());
    zassert_equal(session_do_with_id("kill", id), 0);
}

ZTEST(programs, test_log)
{
    uint32_t id = session_start("clock 2 10");

    zassert_not_equal(id, 0);
    zassert_true(session_wait_for_state(id, "done"));
    zassert_equal(session_do_with_id("log", id), 0);
    zassert_true(session_has("tick 2: "));
    zassert_equal(session_do("log 4000000000"), 1);
}

ZTEST(programs, test_list)
{
    zassert_equal(session_do("list"), 0);
    zassert_true(session_has("hello "));
    zassert_true(session_has("image in the firmware"));
    zassert_true(session_has("module in the firmware"));
}

ZTEST(programs, test_info)
{
    zassert_equal(session_do("info hello"), 0);
    zassert_true(session_has("wasi_snapshot_preview1"));
    zassert_true(session_has("_start"));
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Programs run, and say how they ended. */

#include <zephyr/ztest.h>

#include "disk.h"
#include "session.h"

ZTEST(programs, test_image_and_module)
{
    zassert_equal(session_do("run hello"), 0);
    zassert_true(session_has("Hello from WebAssembly!\n"));
    zassert_equal(session_do("run hello-c"), 0);
    zassert_true(session_has("Hello from WebAssembly!\n"));
}

ZTEST(programs, test_exit_status)
{
    zassert_equal(session_do("run exit 0"), 0);
    zassert_equal(session_do("run exit 3"), 3);
    zassert_true(session_has("exit: exit status 3\n"));
}

ZTEST(programs, test_input)
{
    zassert_equal(session_do_with_input("run cat", "one\ntwo\n"), 0);
    zassert_str_equal(session_output(), "one\ntwo\n");
    zassert_equal(session_do_with_input("run wc", "one two\nthree\n"), 0);
    zassert_str_equal(session_output(), "2 3 14 -\n");
}

ZTEST(programs, test_trap)
{
    zassert_equal(session_do("run trap unreachable"), 1);
    zassert_true(session_has("trap: unreachable"));
    zassert_true(session_has("in _start"));
    zassert_true(session_has("trap: failed"));
    zassert_equal(session_do("run trap divide"), 1);
    zassert_true(session_has("integer divide by zero"));
}

ZTEST(programs, test_fuel)
{
    zassert_equal(session_do("run --fuel 10000 spin"), 1);
    zassert_true(session_has("fuel"));
    zassert_equal(session_do("run --fuel 1000000 hello"), 0);
}

ZTEST(programs, test_file)
{
    zassert_ok(test_disk_write_program(DISK "/clock.wasm", "clock-module"));
    zassert_equal(session_do("run " DISK "/clock.wasm 1 10"), 0);
    zassert_true(session_has("tick 1: "));
}

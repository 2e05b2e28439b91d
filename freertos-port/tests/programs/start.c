/* SPDX-License-Identifier: Apache-2.0 */

/* Programs run, and say how they ended. */

#include <string.h>

#include "check.h"
#include "session.h"

static void check_image_and_module(void)
{
    check(session_do("run hello") == 0);
    check(session_has("Hello from WebAssembly!\n"));
    check(session_do("run hello-c") == 0);
    check(session_has("Hello from WebAssembly!\n"));
}

static void check_status(void)
{
    check(session_do("run exit 3") == 3);
    check(session_has("exit: exit status 3\n"));
    check(session_do("run trap unreachable") == 1);
    check(session_has("trap: unreachable"));
    check(session_do("run --fuel 10000 spin") == 1);
    check(session_has("fuel"));
    check(session_do("run recurse") == 1);
    check(session_has("call stack exhausted"));
}

static void check_input(void)
{
    check(session_do_with_input("run cat", "one\ntwo\n") == 0);
    check(strcmp(session_output(), "one\ntwo\n") == 0);
    check(session_do_with_input("run wc", "one two\nthree\n") == 0);
    check(session_has("14"));
}

static void check_what_is_wrong(void)
{
    check(session_do("run nothing") == 1);
    check(session_has("nothing: no such program"));
    check(session_do("run damaged") == 1);
    check(session_has("damaged: "));
    check(session_do("dance") == 1);
    check(session_has("no command dance"));
    /* This firmware has no files, and says so rather than nothing. */
    check(session_do("run --dir /nowhere::/ hello") == 1);
    check(session_do("run /nowhere/hello.wasm") == 1);
}

static void check_lists(void)
{
    check(session_do("list") == 0);
    check(session_has("image in the firmware"));
    check(session_has("module in the firmware"));
    check(session_do("info hello") == 0);
    check(session_has("wasi_snapshot_preview1"));
    check(session_do("run clock 2 10") == 0);
    check(session_has("tick 2: "));
}

void test_start(void)
{
    check_image_and_module();
    check_status();
    check_input();
    check_what_is_wrong();
    check_lists();
    board_print("programs run, and say how they ended: passed\n");
}

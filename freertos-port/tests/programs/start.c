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
    check(session_do("run empty") == 1);
    check(session_has("empty: not a module that can run: at offset 0x0: unexpected end\n"));
    check(session_do("run cut") == 1);
    check(session_has("cut: not a module that can run: at offset 0xff: unexpected end\n"));
    check(session_do("run wrong") == 1);
    check(session_has("wrong: not a module that can run: at offset 0x23: type mismatch"));
    check(session_do("dance") == 1);
    check(session_has("no command dance"));
    /* This firmware has no files, no place for programs and no sockets, and says so. */
    check(session_do("run --dir /nowhere::/ hello") == 1);
    check(session_has("hello: /nowhere: this firmware has no files"));
    check(session_do("run /nowhere/hello.wasm") == 1);
    check(session_has("/nowhere/hello.wasm: this firmware has no files"));
    check(session_do("install hello-c other") == 1);
    check(session_has("this firmware has no place for programs"));
    check(session_do("run --tcplisten 127.0.0.1:7777 hello") == 1);
    check(session_has("hello: 127.0.0.1:7777: this firmware has no network"));
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

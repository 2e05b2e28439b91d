/* SPDX-License-Identifier: Apache-2.0 */

/* What is wrong is said, and nothing is lost. */

#include <zephyr/ztest.h>

#include "disk.h"
#include "resources.h"
#include "session.h"

/* Does a command that fails with this message, and gives everything back. */
static void fails(const char *line, const char *message)
{
    struct resources before = resources_taken();

    zassert_equal(session_do(line), 1, "%s", line);
    zassert_true(session_has(message), "%s", line);
    zassert_true(resources_are_back(&before), "%s", line);
}

ZTEST(programs, test_usage)
{
    fails("", "wasm run ");
    fails("dance", "no command dance");
    fails("run", "usage: wasm run ");
    fails("run --mem lots hello", "lots is wrong");
    fails("run --dir", "usage: wasm run ");
    fails("run --depth 3 hello", "--depth is wrong");
    fails("ps all", "usage: wasm ps");
}

ZTEST(programs, test_missing)
{
    fails("run nothing", "nothing: no such program");
    fails("run " DISK "/nothing.wasm", DISK "/nothing.wasm: not found\n");
    fails("run /nowhere/hello.wasm", "/nowhere/hello.wasm: not found\n");
    fails("run --dir /nowhere::/ hello", "hello: /nowhere: not found\n");
    fails("info nothing", "nothing: no such program");
}

ZTEST(programs, test_damaged)
{
    static const uint8_t image[64] = "\0thm";

    fails("run damaged", "damaged: not a module that can run: ");
    zassert_ok(test_disk_write(DISK "/text.wasm", "no module", 9));
    fails("run " DISK "/text.wasm", DISK "/text.wasm: not a module that can run: ");
    zassert_ok(test_disk_write(DISK "/empty.wasm", "", 0));
    fails("run " DISK "/empty.wasm", DISK "/empty.wasm: not a module that can run: ");
    zassert_ok(test_disk_write(DISK "/image.thm", image, sizeof(image)));
    fails("run " DISK "/image.thm", "version");
}

ZTEST(programs, test_file_system_is_removed)
{
    struct resources before = resources_taken();
    uint32_t id;

    zassert_ok(test_disk_write_program(DISK "/clock.wasm", "clock-module"));
    id = session_start("--dir " DISK "::/ " DISK "/clock.wasm 1 100000");
    zassert_not_equal(id, 0);
    zassert_true(session_wait_for_state(id, "waiting"));
    (void)test_disk_unmount();
    fails("run " DISK "/clock.wasm", DISK "/clock.wasm: not found\n");
    zassert_equal(session_do_with_id("kill", id), 0);
    zassert_true(session_wait_for_state(id, "stopped"));
    zassert_true(resources_are_back(&before));
    /* As the next test expects it. */
    zassert_ok(test_disk_mount());
}

static void *setup(void)
{
    /* What is made once is there after the first command. */
    zassert_equal(session_do("run hello"), 0, "%s", session_output());
    return NULL;
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    zassert_ok(test_disk_mount());
}

static void after(void *fixture)
{
    ARG_UNUSED(fixture);
    (void)test_disk_unmount();
}

ZTEST_SUITE(programs, NULL, setup, before, after, NULL);

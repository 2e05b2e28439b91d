/* SPDX-License-Identifier: Apache-2.0 */

/* Programs are installed, run from where they are installed, and removed. */

#include <stdio.h>
#include <string.h>

#include <zephyr/ztest.h>

#include "disk.h"
#include "resources.h"
#include "session.h"

ZTEST(programs, test_install)
{
    struct resources before = resources_taken();

    zassert_ok(test_disk_write_program(DISK "/clock.wasm", "clock-module"));
    zassert_equal(session_do("install " DISK "/clock.wasm tick"), 0, "%s", session_output());
    zassert_equal(session_do("list"), 0);
    zassert_true(session_has("\ntick "));
    zassert_true(session_has(" installed"));
    zassert_equal(session_do("run tick 1 10"), 0);
    zassert_true(session_has("tick 1: "));
    zassert_equal(session_do("info tick"), 0);
    zassert_true(session_has("export: _start, function\n"));
    /* The same again replaces it. */
    zassert_equal(session_do("install " DISK "/clock.wasm tick"), 0);
    zassert_equal(session_do("run tick 1 10"), 0);
    zassert_equal(session_do("remove tick"), 0);
    zassert_equal(session_do("run tick"), 1);
    zassert_true(session_has("no such program"));
    zassert_equal(session_do("remove tick"), 1);
    zassert_true(resources_are_back(&before));
}

ZTEST(programs, test_install_what_is_wrong)
{
    struct resources before = resources_taken();

    zassert_ok(test_disk_write_program(DISK "/clock.wasm", "clock-module"));
    zassert_equal(session_do("install " DISK "/clock.wasm tick"), 0);
    /* What is refused leaves what is there. */
    zassert_ok(test_disk_write(DISK "/text.wasm", "no module", 9));
    zassert_equal(session_do("install " DISK "/text.wasm tick"), 1);
    zassert_true(session_has("magic header not detected"));
    zassert_equal(session_do("install " DISK "/nothing.wasm tick"), 1);
    zassert_true(session_has("not found"));
    zassert_equal(session_do("install " DISK "/clock.wasm ../tick"), 1);
    zassert_true(session_has("name"));
    zassert_equal(session_do("run tick 1 10"), 0);
    zassert_equal(session_do("remove tick"), 0);
    zassert_true(resources_are_back(&before));
}

ZTEST(programs, test_full_store)
{
    char line[64];
    int32_t status = 0;
    int count = 0;

    zassert_ok(test_disk_write_program(DISK "/clock.wasm", "clock-module"));
    while (count < 100 && status == 0) {
        snprintf(line, sizeof(line), "install " DISK "/clock.wasm tick%d", count);
        status = session_do(line);
        count++;
    }
    zassert_equal(status, 1);
    zassert_true(session_has("room") || session_has("full"), "%s", session_output());
    zassert_true(count > 1);
    zassert_equal(session_do("run tick0 1 10"), 0);
    for (int index = 0; index < count - 1; index++) {
        snprintf(line, sizeof(line), "remove tick%d", index);
        zassert_equal(session_do(line), 0);
    }
    zassert_equal(session_do("install " DISK "/clock.wasm tick"), 0);
    zassert_equal(session_do("remove tick"), 0);
}

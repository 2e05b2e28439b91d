/* SPDX-License-Identifier: Apache-2.0 */

/* Files on littlefs: the conformance suite, and what the files promise beyond. */

#include <FreeRTOS.h>

#include <thimble_conformance.h>
#include <thimble_platform.h>

#include "file_cases.h"
#include "mount.h"
#include "ram_disk.h"
#include "shim_test.h"

static void report(const char *name, size_t name_length, const char *outcome,
                   size_t outcome_length)
{
    board_print("%.*s: %.*s\n", (int)name_length, name, (int)outcome_length, outcome);
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
#define CASE(name) {#name, thimble_file_case_##name},
    THIMBLE_FILE_CASES(CASE)
    THIMBLE_LIMITED_FILE_CASES(CASE)
};

static int run(void)
{
    check_ok(ram_disk_format());

    /* The heap does not know how much it has before it gave something. */
    vPortFree(pvPortMalloc(1));

    size_t free_before = xPortGetFreeHeapSize();

    for (size_t index = 0; index < sizeof(cases) / sizeof(cases[0]); index++) {
        board_print("%s\n", cases[index].name);
        thimble_file_cases_begin();
        cases[index].run();
        thimble_file_cases_end();
        check_true(xPortGetFreeHeapSize() == free_before);
    }
    mount_cases();
    thimble_test_mount();

    int32_t failed = thimble_conformance_run(THIMBLE_TEST_PATH, report);

    thimble_test_unmount();
    board_print("%d cases failed\n", (int)failed);
    return failed == 0 ? 0 : 1;
}

int main(void)
{
    board_start(run);
}

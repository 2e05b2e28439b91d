/* SPDX-License-Identifier: Apache-2.0 */

/* Files on littlefs: the conformance suite, and what the files promise beyond. */

#include <FreeRTOS.h>

#include <thimble_platform.h>

#include "file_cases.h"
#include "mount.h"
#include "ram_disk.h"
#include "shim_test.h"
#include "skips.h"

/* What littlefs does not have. */
static const struct conformance_skip skips[] = {
    SKIPPED_EVERYWHERE,
    SKIPPED_WITHOUT_SOCKETS,
    {"file_link::a_hard_link_is_a_further_name", "no hard links"},
    {"file_link::hard_links_are_for_files", "no hard links"},
    {"file_link::", "no symbolic links"},
    {"file_time::", "no times of files"},
};

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

    bool passed = conformance_check(THIMBLE_TEST_PATH, skips, sizeof(skips) / sizeof(skips[0]),
                                    board_print);

    thimble_test_unmount();
    return passed ? 0 : 1;
}

int main(void)
{
    board_start(run);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* What this back end promises of files beyond the platform contract. */

#include <zephyr/ztest.h>

#include "file_cases.h"

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    thimble_file_cases_begin();
}

static void after(void *fixture)
{
    ARG_UNUSED(fixture);
    thimble_file_cases_end();
}

#define TEST_CASE(name) \
    ZTEST(thimble_files, test_##name) \
    { \
        thimble_file_case_##name(); \
    }

THIMBLE_FILE_CASES(TEST_CASE)
THIMBLE_REMOVABLE_FILE_CASES(TEST_CASE)
THIMBLE_LIMITED_FILE_CASES(TEST_CASE)
#if defined(CONFIG_FAT_FILESYSTEM_ELM)
THIMBLE_FAT_FILE_CASES(TEST_CASE)
#endif

ZTEST_SUITE(thimble_files, NULL, NULL, before, after, NULL);

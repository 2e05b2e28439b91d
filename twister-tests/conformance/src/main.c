/* SPDX-License-Identifier: Apache-2.0 */

/* The conformance suite of the platform contract, over this back end. */

#include <zephyr/ztest.h>

#include <thimble_conformance.h>
#include <thimble_platform.h>

#include "medium.h"

static void report(const char *name, size_t name_length, const char *outcome,
                   size_t outcome_length)
{
    TC_PRINT("%.*s: %.*s\n", (int)name_length, name, (int)outcome_length, outcome);
}

ZTEST(thimble_conformance, test_clock_not_set)
{
    uint64_t time;
    int32_t status = thimble_platform_wall_clock_now(&time);

    zassert_equal(status, THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_NOT_SET, 0));
}

ZTEST(thimble_conformance, test_platform)
{
    const char *scratch = NULL;

#if defined(CONFIG_THIMBLE_FILES)
    medium_mount();
    scratch = MEDIUM_PATH;
#endif
    /* 2026-01-01, so that the suite sees the clock run. */
    zassert_ok(thimble_platform_wall_clock_set(1767225600 * (uint64_t)NSEC_PER_SEC));
    zassert_equal(thimble_conformance_run(scratch, report), 0, "a case failed");
#if defined(CONFIG_THIMBLE_FILES)
    medium_unmount();
#endif
}

ZTEST_SUITE(thimble_conformance, NULL, NULL, NULL, NULL, NULL);

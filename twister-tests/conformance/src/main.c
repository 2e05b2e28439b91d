/* SPDX-License-Identifier: Apache-2.0 */

/* The conformance suite of the platform contract, over this back end. */

#include <zephyr/ztest.h>

#include <thimble_platform.h>

#include "medium.h"
#include "skips.h"

static const struct conformance_skip skips[] = {SKIPS};

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
    zassert_true(conformance_check(scratch, skips, ARRAY_SIZE(skips), printk));
#if defined(CONFIG_THIMBLE_FILES)
    medium_unmount();
#endif
}

/* A source that is predictable is not taken in place of one that is not there. */
ZTEST(thimble_conformance, test_random)
{
    uint8_t bytes[8];
    int32_t expected = HAS_RANDOM ? 0 : THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_NOT_SUPPORTED, 0);

    zassert_equal(thimble_platform_random_fill(bytes, sizeof(bytes)), expected);
}

ZTEST_SUITE(thimble_conformance, NULL, NULL, NULL, NULL, NULL);

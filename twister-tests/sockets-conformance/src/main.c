/* SPDX-License-Identifier: Apache-2.0 */

/* The conformance suite of the platform contract with sockets. */

#include <zephyr/ztest.h>

#include <thimble_platform.h>

#include "skips.h"

static const struct conformance_skip skips[] = {SKIPS};

ZTEST(thimble_sockets_conformance, test_platform)
{
    zassert_true(thimble_platform_capabilities() & THIMBLE_PLATFORM_HAS_SOCKETS);
    /* 2026-01-01, so that the suite sees the clock run. */
    zassert_ok(thimble_platform_wall_clock_set(1767225600 * (uint64_t)NSEC_PER_SEC));
    zassert_true(conformance_check(NULL, skips, ARRAY_SIZE(skips), printk));
}

ZTEST_SUITE(thimble_sockets_conformance, NULL, NULL, NULL, NULL, NULL);

/* SPDX-License-Identifier: Apache-2.0 */

/* What programs are told of what the system has, or has not. */

#include <string.h>

#include <zephyr/ztest.h>

#include <thimble_platform.h>

#include "session.h"

/* On the computer it is the source of that; else the kernel has one only with a driver. */
#define HAS_RANDOM                        \
    (IS_ENABLED(CONFIG_NATIVE_LIBRARY) || \
     (IS_ENABLED(CONFIG_CSPRNG_ENABLED) && !IS_ENABLED(CONFIG_TEST_CSPRNG_GENERATOR)))

/* "\n" behind two digits for each of 16 bytes. */
#define LENGTH 33

ZTEST(programs, test_random)
{
    char first[LENGTH + 1];

    if (!HAS_RANDOM) {
        /* What a C library calls ENOSYS. */
        zassert_equal(session_do("run random"), 1);
        zassert_true(session_has("random: Function not implemented\n"));
        return;
    }
    zassert_equal(session_do("run random"), 0, "%s", session_output());
    zassert_equal(strlen(session_output()), LENGTH);
    strcpy(first, session_output());
    zassert_equal(session_do("run random"), 0);
    zassert_true(strcmp(session_output(), first) != 0, "%s", first);
}

ZTEST(programs, test_wall_clock)
{
    zassert_equal(session_do("run clock 1 1"), 0);
    /* What a C library calls ENOTSUP. */
    zassert_true(session_has("clock: wall clock: Not supported\n"));
    /* 2026-01-01. */
    zassert_ok(thimble_platform_wall_clock_set(1767225600 * (uint64_t)NSEC_PER_SEC));
    zassert_equal(session_do("run clock 1 1"), 0);
    zassert_true(session_has("wall clock: 2026-01-01T"));
}

/* SPDX-License-Identifier: Apache-2.0 */

/* What session.h wants of a test. */

#include <zephyr/ztest.h>

#include "heap.h"
#include "session.h"

size_t session_heap(void)
{
    struct thimble_heap_statistics statistics;

    zassert_true(thimble_heap_statistics(&statistics));
    return statistics.allocated;
}

void session_print(const char *text)
{
    TC_PRINT("%s", text);
}

void session_fail(const char *condition)
{
    zassert_unreachable("not so: %s", condition);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Random numbers that nobody can predict. */

#include <zephyr/kernel.h>
#include <zephyr/random/random.h>

#include "error.h"

#if defined(CONFIG_NATIVE_LIBRARY)

/* See native_random.c. */
int thimble_native_random(void *buffer, size_t length);

static int fill(void *buffer, size_t length)
{
    return thimble_native_random(buffer, length);
}

#elif defined(CONFIG_CSPRNG_ENABLED) && !defined(CONFIG_TEST_CSPRNG_GENERATOR)

/* Drivers of hardware count in 16 bits, and what is above these would be left as it was. */
#define MOST 4096

static int fill(void *buffer, size_t length)
{
    uint8_t *place = buffer;
    int error = 0;

    while (length > 0 && error == 0) {
        size_t part = MIN(length, MOST);

        error = sys_csrand_get(place, part);
        place += part;
        length -= part;
    }
    return error;
}

#else

/* sys_rand_get may be a plain counter: no source is better than that one. */
#define HAS_NO_SOURCE

#endif

int32_t thimble_platform_random_fill(void *buffer, size_t length)
{
#if defined(HAS_NO_SOURCE)
    ARG_UNUSED(buffer);
    ARG_UNUSED(length);
    return THIMBLE_FAILED(NOT_SUPPORTED);
#else
    if (length == 0) {
        return 0;
    }

    int error = fill(buffer, length);

    return error == 0 ? 0 : THIMBLE_FAILED_WITH(IO, error);
#endif
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Random numbers that nobody can predict. */

#include <nuttx/config.h>

#include <errno.h>
#include <stdint.h>
#include <sys/random.h>

#include "error_number.h"

/* Without a generator in the processor or the pool that collects entropy, NuttX computes
 * the same bytes after every start. */
#if defined(CONFIG_DEV_URANDOM) && \
    (defined(CONFIG_DEV_URANDOM_ARCH) || defined(CONFIG_DEV_URANDOM_RANDOM_POOL) || \
     defined(CONFIG_THIMBLE_PREDICTABLE_RANDOM))
#define SOURCE 0
#elif defined(CONFIG_DEV_RANDOM) && defined(CONFIG_ARCH_HAVE_RNG)
#define SOURCE GRND_RANDOM
#endif

int32_t thimble_platform_random_fill(void *buffer, size_t length)
{
#if defined(SOURCE)
    uint8_t *place = buffer;

    while (length > 0) {
        ssize_t count = getrandom(place, length, SOURCE);

        if (count > 0) {
            place += count;
            length -= (size_t)count;
        } else if (count == 0 || errno != EINTR) {
            return THIMBLE_FAILED_WITH(IO, count == 0 ? 0 : errno);
        }
    }
    return 0;
#else
    (void)buffer;
    (void)length;
    return THIMBLE_FAILED(NOT_SUPPORTED);
#endif
}

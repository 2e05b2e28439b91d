/* SPDX-License-Identifier: Apache-2.0 */

/* Random numbers of the computer that native_sim runs on. Built for that computer,
 * not for Zephyr: the entropy driver of native_sim repeats itself at every start,
 * and leaves some bits 0. */

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/random.h>
#include <sys/types.h>

int thimble_native_random(void *buffer, size_t length)
{
    size_t done = 0;

    while (done < length) {
        ssize_t count = getrandom((uint8_t *)buffer + done, length - done, 0);

        if (count < 0 && errno != EINTR) {
            return -1;
        }
        if (count > 0) {
            done += count;
        }
    }
    return 0;
}

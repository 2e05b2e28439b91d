/* SPDX-License-Identifier: Apache-2.0 */

/* A process: a console on its standard streams. Tasks are preempted by a signal, which may come
 * within any call of the C library: so raw system calls, which keep nothing. */

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/random.h>
#include <unistd.h>

#include "board.h"

void board_initialize(void)
{
}

size_t board_write(const void *data, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t count = write(STDOUT_FILENO, (const char *)data + done, length - done);

        if (count > 0) {
            done += count;
        } else if (errno != EINTR && errno != EAGAIN) {
            break;
        }
    }
    return length;
}

bool board_is_readable(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    int count;

    do {
        count = poll(&input, 1, 0);
    } while (count < 0 && errno == EINTR);
    return count > 0 && (input.revents & POLLIN) != 0;
}

size_t board_read(void *buffer, size_t length)
{
    ssize_t count;

    if (!board_is_readable()) {
        return 0;
    }
    do {
        count = read(STDIN_FILENO, buffer, length);
    } while (count < 0 && errno == EINTR);
    return count > 0 ? count : 0;
}

int board_entropy(void *buffer, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t count = getrandom((uint8_t *)buffer + done, length - done, 0);

        if (count > 0) {
            done += count;
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

void board_exit(int status)
{
    _exit(status);
}

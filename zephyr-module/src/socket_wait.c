/* SPDX-License-Identifier: Apache-2.0 */

/* The lock of all sockets, and waiting for them in zsock_poll. */

#include <limits.h>

#include <zephyr/kernel.h>

#include "backend.h"
#include "deadline.h"
#include "socket.h"
#include "socket_wait.h"
#include "version.h"

static K_MUTEX_DEFINE(lock);

void thimble_socket_lock(void)
{
    k_mutex_lock(&lock, K_FOREVER);
}

void thimble_socket_unlock(void)
{
    k_mutex_unlock(&lock);
}

bool thimble_socket_can_wait(const struct thimble_platform_poll_entry *entries, size_t count)
{
    /* One event is that of other threads. */
    size_t needed = 1;

    for (size_t index = 0; index < count; index++) {
        needed += entries[index].target == THIMBLE_PLATFORM_TARGET_SOCKET;
    }
    return needed <= THIMBLE_MOST_POLLED;
}

#if defined(CONFIG_THIMBLE_SOCKET_EVENTS)
/* Milliseconds until a deadline, rounded up; negative for ever. */
static int milliseconds_until(uint64_t deadline)
{
    uint64_t now = thimble_platform_clock_now();

    if (deadline == THIMBLE_NEVER) {
        return -1;
    }
    if (deadline <= now) {
        return 0;
    }
    return MIN((deadline - now - 1) / NSEC_PER_MSEC + 1, INT_MAX);
}

void thimble_socket_wait(const struct thimble_platform_poll_entry *entries, size_t count,
                         int event, uint64_t deadline)
{
    struct zsock_pollfd polled[THIMBLE_MOST_POLLED];
    struct thimble_socket *watched[THIMBLE_MOST_POLLED];
    size_t polled_count = 1;

    polled[0] = (struct zsock_pollfd){.fd = event, .events = ZSOCK_POLLIN};
    for (size_t index = 0; index < count; index++) {
        bool to_write = entries[index].interest == THIMBLE_PLATFORM_INTEREST_WRITE;
        int descriptor;

        if (entries[index].target == THIMBLE_PLATFORM_TARGET_SOCKET &&
            thimble_socket_watch(entries[index].handle, &watched[polled_count], &descriptor,
                                 &to_write, &deadline)) {
            polled[polled_count] = (struct zsock_pollfd){
                .fd = descriptor,
                .events = to_write ? ZSOCK_POLLOUT : ZSOCK_POLLIN,
            };
            polled_count++;
        }
    }
    if (zsock_poll(polled, polled_count, milliseconds_until(deadline)) < 0) {
        /* The caller comes back at once. */
        k_msleep(THIMBLE_SOCKET_INTERVAL);
    }

    bool others_wait = false;

    for (size_t index = 1; index < polled_count; index++) {
        bool others_watch = thimble_socket_unwatch(watched[index]);

        others_wait |= others_watch && polled[index].revents != 0;
    }
    if (others_wait) {
        /* Zephyr has told one of the threads that wait for a socket: tell the others. */
        thimble_poll_notify();
    }
}
#endif

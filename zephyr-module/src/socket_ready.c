/* SPDX-License-Identifier: Apache-2.0 */

/* Whether sockets are ready, and waiting until they are. */

#include <errno.h>
#include <limits.h>

#include "deadline.h"
#include "error.h"
#include "native_socket.h"
#include "poll.h"
#include "socket.h"

/* What can be done with a socket. */
#define READY BIT(0)
#define HANGUP BIT(1)
#define FAILED BIT(2)

/* Asks the stack, without waiting. */
static int probe(const struct thimble_socket *socket, bool to_write)
{
#if defined(CONFIG_NET_NATIVE_OFFLOADED_SOCKETS)
    BUILD_ASSERT(READY == THIMBLE_NATIVE_READY && HANGUP == THIMBLE_NATIVE_HANGUP &&
                 FAILED == THIMBLE_NATIVE_FAILED);
    if (socket->host >= 0) {
        /* Zephyr's driver answers late, and ends the simulation when two threads ask for
         * one socket. */
        return thimble_native_socket_poll(socket->host, to_write);
    }
#endif
    int wanted = to_write ? ZSOCK_POLLOUT : ZSOCK_POLLIN;
    struct zsock_pollfd entry = {.fd = socket->descriptor, .events = wanted};
    int state = 0;

    if (zsock_poll(&entry, 1, 0) <= 0) {
        return 0;
    }
    if (entry.revents & ZSOCK_POLLHUP) {
        state |= HANGUP;
    }
    if (entry.revents & (wanted | ZSOCK_POLLHUP)) {
        state |= READY;
    }
    /* What has arrived can be read though the connection has failed. */
    if ((entry.revents & (ZSOCK_POLLERR | ZSOCK_POLLNVAL)) &&
        (to_write || !(entry.revents & ZSOCK_POLLIN))) {
        state |= FAILED;
    }
    return state;
}

/* Keeps the error that ended a connection, which some stacks tell once. */
static void note_failure(struct thimble_socket *socket)
{
    int error = 0;
    socklen_t length = sizeof(error);

    if (socket->failure != 0) {
        return;
    }
    if (zsock_getsockopt(socket->descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0 &&
        error != 0) {
        socket->failure = thimble_socket_error(error);
    } else {
        socket->failure = THIMBLE_FAILED(BROKEN_PIPE);
    }
}

int32_t thimble_socket_refresh(struct thimble_socket *socket)
{
    if (socket->role == THIMBLE_SOCKET_LISTENS) {
        return THIMBLE_FAILED(NOT_CONNECTED);
    }
    if (socket->role == THIMBLE_SOCKET_CONNECTS && socket->failure == 0) {
        int state = probe(socket, true);

        if (state & FAILED) {
            note_failure(socket);
        } else if (state & READY) {
            socket->role = THIMBLE_SOCKET_IS_CONNECTED;
        } else {
            return THIMBLE_FAILED(WOULD_BLOCK);
        }
    }
    return socket->failure;
}

/* What can be done with a socket in one direction. */
static int state_of(struct thimble_socket *socket, bool to_write)
{
    if (socket->role == THIMBLE_SOCKET_LISTENS) {
        return to_write ? 0 : probe(socket, false);
    }
    if (to_write ? socket->write_ended : socket->read_ended) {
        return READY | HANGUP;
    }
    if (!to_write && socket->peeked != NULL) {
        return READY;
    }

    int32_t status = thimble_socket_refresh(socket);

    if (status != 0) {
        return socket->failure != 0 ? FAILED : 0;
    }
    if (to_write && !thimble_deadline_is_over(socket->starved_until)) {
        return 0;
    }

    int state = probe(socket, to_write);

    if (state & FAILED) {
        note_failure(socket);
    }
    return state;
}

bool thimble_socket_look(struct thimble_platform_poll_entry *entry)
{
    struct thimble_socket *socket = thimble_socket_enter(entry->handle);

    entry->bytes = 0;
    entry->error = 0;
    entry->state = THIMBLE_PLATFORM_STATE_NOT_READY;
    if (socket == NULL) {
        entry->state = THIMBLE_PLATFORM_STATE_FAILED;
        entry->error = THIMBLE_FAILED(BAD_DESCRIPTOR);
        return true;
    }

    bool to_write = entry->interest == THIMBLE_PLATFORM_INTEREST_WRITE;
    int state = state_of(socket, to_write);

    if (state & FAILED) {
        entry->state = THIMBLE_PLATFORM_STATE_FAILED;
        entry->error = socket->failure;
    } else if (state & HANGUP) {
        entry->state = THIMBLE_PLATFORM_STATE_HANGUP;
    } else if (state & READY) {
        entry->state = THIMBLE_PLATFORM_STATE_READY;
    }
    thimble_socket_leave(socket);
    return state != 0;
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

/* Has a thread wait for a socket too. @return Whether there is something to wait for. */
static bool watch(struct thimble_socket *socket, bool to_write, struct zsock_pollfd *polled,
                  uint64_t *deadline)
{
    if (socket->descriptor < 0 || (to_write && socket->role == THIMBLE_SOCKET_LISTENS)) {
        return false;
    }
    if (to_write && !thimble_deadline_is_over(socket->starved_until)) {
        *deadline = MIN(*deadline, socket->starved_until);
        return false;
    }
    /* That connecting has failed shows for writing only. */
    if (socket->role == THIMBLE_SOCKET_CONNECTS) {
        to_write = true;
    }
    polled->fd = socket->descriptor;
    polled->events = to_write ? ZSOCK_POLLOUT : ZSOCK_POLLIN;
    socket->watchers++;
    return true;
}

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
        if (entries[index].target != THIMBLE_PLATFORM_TARGET_SOCKET) {
            continue;
        }

        struct thimble_socket *socket = thimble_socket_enter(entries[index].handle);
        bool to_write = entries[index].interest == THIMBLE_PLATFORM_INTEREST_WRITE;

        if (socket == NULL) {
            /* Closed since the caller looked, who is told so by the event. */
            continue;
        }
        polled[polled_count] = (struct zsock_pollfd){0};
        if (watch(socket, to_write, &polled[polled_count], &deadline)) {
            watched[polled_count] = socket;
            polled_count++;
        }
        thimble_socket_leave(socket);
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

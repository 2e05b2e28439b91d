/* SPDX-License-Identifier: Apache-2.0 */

/* Waiting for what can be read and written, and for a wake object.
 *
 * That is a flag, and not a descriptor such as that of an event: descriptors belong to a
 * task, and `thimble kill` is another task than the one that waits. Nothing of POSIX ends a
 * poll() of another task for sure: a signal that comes before poll() has begun is lost, since
 * NuttX's ppoll() changes the mask and waits in two steps. So a thread that waits for
 * descriptors looks at the flag every few milliseconds; one that waits for none is told at
 * once. */

#include <nuttx/config.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "deadline.h"
#include "error_number.h"
#include "macros.h"
#include "poll_wait.h"
#include "waiting.h"

/* Whether a wait was ended by its wake object. */
static bool is_woken(struct thimble_poll *waited)
{
    thimble_poll_lock();

    bool woken = thimble_poll_is_woken(waited);

    thimble_poll_unlock();
    return woken;
}

/* Finds what an entry waits for; the descriptor is negative where poll() is to leave it out.
 * @return Whether there is something to report already. */
static bool begin(struct thimble_platform_poll_entry *entry, struct pollfd *polled,
                  struct thimble_socket **watched)
{
    bool to_write = entry->interest == THIMBLE_PLATFORM_INTEREST_WRITE;
    int32_t status;

    switch (entry->target) {
    case THIMBLE_PLATFORM_TARGET_STREAM:
        status = thimble_console_poll(entry->handle, to_write, &polled->fd);
        break;
#if defined(CONFIG_THIMBLE_FILES)
    case THIMBLE_PLATFORM_TARGET_FILE:
        status = thimble_file_poll(entry->handle, &polled->fd);
        break;
#endif
#if defined(CONFIG_THIMBLE_SOCKETS)
    case THIMBLE_PLATFORM_TARGET_SOCKET:
        status = thimble_socket_poll(entry->handle, to_write, &polled->fd, watched);
        break;
#endif
    default:
        (void)watched;
        status = THIMBLE_FAILED(BAD_DESCRIPTOR);
        break;
    }
    polled->events = to_write ? POLLOUT : POLLIN;
    entry->bytes = 0;
    entry->error = 0;
    entry->state = THIMBLE_PLATFORM_STATE_NOT_READY;
    if (status < 0) {
        polled->fd = -1;
        entry->state = THIMBLE_PLATFORM_STATE_FAILED;
        entry->error = status;
    } else if (polled->fd == THIMBLE_POLL_KNOWN) {
        entry->state = (uint8_t)status;
    }
    return entry->state != THIMBLE_PLATFORM_STATE_NOT_READY;
}

/* The error of what poll() says has failed. */
static int32_t failure(struct thimble_socket *watched)
{
#if defined(CONFIG_THIMBLE_SOCKETS)
    if (watched != NULL) {
        return thimble_socket_failure(watched);
    }
#endif
    (void)watched;
    return THIMBLE_FAILED(BROKEN_PIPE);
}

/* How many bytes can be read; 0 for a driver that does not count, or a listener. */
static uint64_t readable(int descriptor)
{
    int bytes = 0;

    return ioctl(descriptor, FIONREAD, &bytes) == 0 && bytes > 0 ? (uint64_t)bytes : 0;
}

/* Answers an entry from what poll() said, and ends what `begin` began. */
static void finish(struct thimble_platform_poll_entry *entry, const struct pollfd *polled,
                   struct thimble_socket *watched)
{
    short wanted = polled->events;
    short found = polled->revents;
    /* What has arrived can be read though the connection has failed. */
    bool can_read = wanted == POLLIN && (found & POLLIN) != 0;

    if (entry->state == THIMBLE_PLATFORM_STATE_NOT_READY && found != 0) {
        if ((found & (POLLERR | POLLNVAL)) != 0 && !can_read) {
            entry->state = THIMBLE_PLATFORM_STATE_FAILED;
            entry->error = failure(watched);
        } else if ((found & POLLHUP) != 0) {
            entry->state = THIMBLE_PLATFORM_STATE_HANGUP;
        } else if ((found & wanted) != 0) {
            entry->state = THIMBLE_PLATFORM_STATE_READY;
        }
        entry->bytes = can_read ? readable(polled->fd) : 0;
    }
#if defined(CONFIG_THIMBLE_SOCKETS)
    if (watched != NULL) {
        thimble_socket_poll_end(watched);
    }
#endif
}

/* Waits with poll(), in steps if a wake object can end it. */
static int32_t wait(struct thimble_poll *waited, struct pollfd *polled, uint64_t deadline,
                    bool *over)
{
    for (;;) {
        uint64_t until = deadline;

        *over = is_woken(waited);
        if (*over) {
            return 0;
        }
        if (waited->wake != NULL) {
            uint64_t step = CONFIG_THIMBLE_WAKE_INTERVAL * THIMBLE_MILLISECOND;

            until = THIMBLE_MIN(thimble_deadline(step), deadline);
        }

        int ready = poll(polled, (nfds_t)waited->count, thimble_deadline_milliseconds(until));

        if (ready > 0) {
            *over = true;
            waited->outcome = THIMBLE_PLATFORM_POLL_READY;
            (void)is_woken(waited);
            return 0;
        }
        if (ready < 0 && errno != EINTR && errno != EAGAIN) {
            return thimble_error(errno);
        }
        if (thimble_deadline_is_over(deadline)) {
            return 0;
        }
    }
}

/* Waits for entries, of which there are some. */
static int32_t wait_for_entries(struct thimble_poll *waited, uint64_t deadline, bool *over)
{
    size_t count = waited->count;
    struct pollfd *polled = calloc(count, sizeof(*polled) + sizeof(struct thimble_socket *));
    bool is_known = false;

    if (polled == NULL) {
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }

    struct thimble_socket **watched = (struct thimble_socket **)(polled + count);

    for (size_t index = 0; index < count; index++) {
        is_known |= begin(&waited->entries[index], &polled[index], &watched[index]);
    }

    int32_t status = wait(waited, polled, is_known ? 0 : deadline, over);

    for (size_t index = 0; index < count; index++) {
        finish(&waited->entries[index], &polled[index], watched[index]);
    }
    free(polled);
    if (is_known && !*over) {
        *over = true;
        waited->outcome = THIMBLE_PLATFORM_POLL_READY;
    }
    return status;
}

int32_t thimble_poll_wait_for_entries(struct thimble_poll *waited, uint64_t deadline, bool *over)
{
    if (waited->count > 0) {
        return wait_for_entries(waited, deadline, over);
    }
    *over = thimble_poll_wait(thimble_poll_is_woken, waited, deadline);
    return 0;
}

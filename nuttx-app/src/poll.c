/* SPDX-License-Identifier: Apache-2.0 */

/* Wake objects, and waiting for them and for what can be read and written.
 *
 * A wake object is a flag, and not a descriptor such as that of an event: descriptors belong
 * to a task, and `thimble kill` is another task than the one that waits. Nothing of POSIX
 * ends a poll() of another task for sure: a signal that comes before poll() has begun is
 * lost, since NuttX's ppoll() changes the mask and waits in two steps. So a thread that
 * waits for descriptors looks at the flag every few milliseconds; one that waits for none
 * is told at once. */

#include <nuttx/config.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "deadline.h"
#include "error_number.h"
#include "handle.h"
#include "lock.h"
#include "waiting.h"
#include "queue.h"

struct wake {
    struct thimble_slot slot;
    bool is_set;
};

static struct wake wakes[CONFIG_THIMBLE_MAX_WAKES];
static const struct thimble_table table = THIMBLE_TABLE(wakes);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* Notified when any wake object is set: few threads wait, and each looks at its own. */
static struct thimble_queue changed;

static struct wake *acquire(uintptr_t handle)
{
    return (struct wake *)thimble_slot_acquire(&table, handle);
}

int32_t thimble_platform_wake_create(uintptr_t *wake)
{
    struct wake *created = (struct wake *)thimble_slot_take(&table);

    if (created == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }
    created->is_set = false;
    *wake = thimble_slot_open(&table, &created->slot);
    return 0;
}

static int32_t change(uintptr_t wake, bool is_set)
{
    struct wake *found = acquire(wake);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    thimble_lock(&lock);
    found->is_set = is_set;
    thimble_unlock(&lock);
    if (is_set) {
        thimble_queue_notify_all(&changed);
    }
    thimble_slot_release(&found->slot);
    return 0;
}

int32_t thimble_platform_wake_set(uintptr_t wake)
{
    return change(wake, true);
}

int32_t thimble_platform_wake_clear(uintptr_t wake)
{
    return change(wake, false);
}

int32_t thimble_platform_wake_destroy(uintptr_t wake)
{
    struct thimble_slot *slot;
    int32_t status = thimble_slot_close(&table, wake, NULL, &slot);

    if (status == 0) {
        thimble_slot_free(slot);
    }
    return status;
}

static bool is_woken(const struct wake *wake)
{
    if (wake == NULL) {
        return false;
    }
    thimble_lock(&lock);

    bool is_set = wake->is_set;

    thimble_unlock(&lock);
    return is_set;
}

/* Waits for a wake object, if there is one, and nothing else. */
static int32_t sleep_until(const struct wake *wake, uint64_t deadline)
{
    thimble_lock(&lock);
    while ((wake == NULL || !wake->is_set) && !thimble_deadline_is_over(deadline)) {
        thimble_queue_wait(&changed, &lock, deadline);
    }

    bool is_set = wake != NULL && wake->is_set;

    thimble_unlock(&lock);
    return is_set ? THIMBLE_PLATFORM_POLL_WOKEN : THIMBLE_PLATFORM_POLL_TIMED_OUT;
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

/* Waits with poll(), in steps if a wake object can end it. @return What
 * thimble_platform_poll does. */
static int32_t wait(struct pollfd *polled, size_t count, uint64_t deadline,
                    const struct wake *wake)
{
    for (;;) {
        uint64_t until = deadline;

        if (is_woken(wake)) {
            return THIMBLE_PLATFORM_POLL_WOKEN;
        }
        if (wake != NULL) {
            uint64_t step = thimble_deadline(CONFIG_THIMBLE_WAKE_INTERVAL * THIMBLE_MILLISECOND);

            until = step < deadline ? step : deadline;
        }

        int ready = poll(polled, (nfds_t)count, thimble_deadline_milliseconds(until));

        if (ready > 0) {
            return is_woken(wake) ? THIMBLE_PLATFORM_POLL_WOKEN : THIMBLE_PLATFORM_POLL_READY;
        }
        if (ready < 0 && errno != EINTR && errno != EAGAIN) {
            return thimble_error(errno);
        }
        if (thimble_deadline_is_over(deadline)) {
            return THIMBLE_PLATFORM_POLL_TIMED_OUT;
        }
    }
}

static int32_t poll_entries(struct thimble_platform_poll_entry *entries, size_t count,
                            uint64_t deadline, const struct wake *wake)
{
    struct pollfd *polled = calloc(count, sizeof(*polled) + sizeof(struct thimble_socket *));
    bool is_over = false;

    if (polled == NULL) {
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }

    struct thimble_socket **watched = (struct thimble_socket **)(polled + count);

    for (size_t index = 0; index < count; index++) {
        is_over |= begin(&entries[index], &polled[index], &watched[index]);
    }

    int32_t outcome = wait(polled, count, is_over ? 0 : deadline, wake);

    for (size_t index = 0; index < count; index++) {
        finish(&entries[index], &polled[index], watched[index]);
    }
    free(polled);
    return outcome == THIMBLE_PLATFORM_POLL_TIMED_OUT && is_over ? THIMBLE_PLATFORM_POLL_READY
                                                                 : outcome;
}

int32_t thimble_platform_poll(struct thimble_platform_poll_entry *entries, size_t count,
                              uint64_t timeout, uintptr_t wake)
{
    uint64_t deadline = thimble_deadline(timeout);
    struct wake *acquired = NULL;

    if (wake != 0) {
        acquired = acquire(wake);
        if (acquired == NULL) {
            return THIMBLE_FAILED(BAD_DESCRIPTOR);
        }
    }

    int32_t outcome = count == 0 ? sleep_until(acquired, deadline)
                                 : poll_entries(entries, count, deadline, acquired);

    if (acquired != NULL) {
        thimble_slot_release(&acquired->slot);
    }
    return outcome;
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Wake objects, and waiting for them and for what can be read and written. */

#include <thimble_console.h>

#include "deadline.h"
#include "error.h"
#include "handle.h"
#include "lock.h"
#include "macros.h"
#include "poll.h"
#include "start.h"
#include "thread.h"
#if THIMBLE_FILES
#include "file_table.h"
#endif
#if THIMBLE_SOCKETS
#include "socket.h"
#endif

struct wake {
    struct thimble_slot slot;
    bool is_set;
};

static struct wake wakes[THIMBLE_MAX_WAKES];
static const struct thimble_table table = THIMBLE_TABLE(wakes);

/* One condition for all that wait: few do, and each looks again at its own. */
static struct thimble_lock lock;
static struct thimble_waiters waiters;

void thimble_poll_start(void)
{
    thimble_lock_initialize(&lock);
}

void thimble_poll_notify(void)
{
    thimble_lock_take(&lock);
    thimble_waiters_notify_all(&waiters);
    thimble_lock_give(&lock);
}

void thimble_poll_forget(struct thimble_waiter *waiter)
{
    thimble_waiters_forget(&waiters, waiter);
    if (waiter->uses != NULL) {
        thimble_slot_release(waiter->uses);
        waiter->uses = NULL;
    }
}

bool thimble_poll_wait(bool (*is_over)(void *context), void *context, uint64_t deadline)
{
    thimble_lock_take(&lock);

    bool over = is_over(context);

    while (!over && !thimble_deadline_is_over(deadline)) {
        (void)thimble_waiters_wait(&waiters, &lock, deadline);
        over = is_over(context);
    }
    thimble_lock_give(&lock);
    return over;
}

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
    thimble_lock_take(&lock);
    found->is_set = is_set;
    if (is_set) {
        thimble_waiters_notify_all(&waiters);
    }
    thimble_lock_give(&lock);
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

/* Answers an entry; whether there is something to report. */
static bool look(struct thimble_platform_poll_entry *entry)
{
    int32_t ready = THIMBLE_FAILED(BAD_DESCRIPTOR);

#if THIMBLE_SOCKETS
    if (entry->target == THIMBLE_PLATFORM_TARGET_SOCKET) {
        return thimble_socket_look(entry);
    }
#endif
    if (entry->target == THIMBLE_PLATFORM_TARGET_STREAM) {
        ready = thimble_stream_is_ready(entry->handle,
                                        entry->interest == THIMBLE_PLATFORM_INTEREST_WRITE);
    }
#if THIMBLE_FILES
    if (entry->target == THIMBLE_PLATFORM_TARGET_FILE && thimble_file_is_known(entry->handle)) {
        ready = 1;
    }
#endif
    entry->bytes = 0;
    entry->error = 0;
    if (ready < 0) {
        entry->state = THIMBLE_PLATFORM_STATE_FAILED;
        entry->error = ready;
    } else if (ready > 0) {
        entry->state = THIMBLE_PLATFORM_STATE_READY;
    } else {
        entry->state = THIMBLE_PLATFORM_STATE_NOT_READY;
    }
    return ready != 0;
}

/* What a thread waits for, and what came. */
struct waiter {
    struct thimble_platform_poll_entry *entries;
    size_t count;
    const struct wake *wake;
    int32_t outcome;
};

static bool is_over(void *context)
{
    struct waiter *waiter = context;

    if (waiter->wake != NULL && waiter->wake->is_set) {
        waiter->outcome = THIMBLE_PLATFORM_POLL_WOKEN;
        return true;
    }

    bool any = false;

    for (size_t index = 0; index < waiter->count; index++) {
        any |= look(&waiter->entries[index]);
    }
    waiter->outcome = THIMBLE_PLATFORM_POLL_READY;
    return any;
}

#if THIMBLE_SOCKETS && THIMBLE_SOCKET_INTERVAL > 0
static bool has_sockets(const struct waiter *waiter)
{
    for (size_t index = 0; index < waiter->count; index++) {
        if (waiter->entries[index].target == THIMBLE_PLATFORM_TARGET_SOCKET) {
            return true;
        }
    }
    return false;
}
#endif

/* Where sockets cannot wake this task, it looks at them every few milliseconds. All else ends the
 * wait at once. */
static bool wait_for(struct waiter *waiter, uint64_t deadline)
{
#if THIMBLE_SOCKETS && THIMBLE_SOCKET_INTERVAL > 0
    bool over = false;

    while (has_sockets(waiter) && !over && !thimble_deadline_is_over(deadline)) {
        uint64_t step = thimble_deadline(THIMBLE_SOCKET_INTERVAL * UINT64_C(1000000));

        over = thimble_poll_wait(is_over, waiter, THIMBLE_MIN(step, deadline));
    }
    if (over) {
        return true;
    }
#endif
    return thimble_poll_wait(is_over, waiter, deadline);
}

int32_t thimble_platform_poll(struct thimble_platform_poll_entry *entries, size_t count,
                              uint64_t timeout, uintptr_t wake)
{
    struct waiter waiter = {.entries = entries, .count = count};
    uint64_t deadline = thimble_deadline(timeout);
    struct wake *acquired = NULL;

    if (wake != 0) {
        acquired = acquire(wake);
        if (acquired == NULL) {
            return THIMBLE_FAILED(BAD_DESCRIPTOR);
        }
        waiter.wake = acquired;
    }

    struct thimble_waiter *self = thimble_thread_waiter();

    if (self != NULL) {
        self->uses = acquired == NULL ? NULL : &acquired->slot;
    }

    int32_t outcome =
        wait_for(&waiter, deadline) ? waiter.outcome : THIMBLE_PLATFORM_POLL_TIMED_OUT;

    if (self != NULL) {
        self->uses = NULL;
    }
    if (acquired != NULL) {
        thimble_slot_release(&acquired->slot);
    }
    return outcome;
}

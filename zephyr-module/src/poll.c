/* SPDX-License-Identifier: Apache-2.0 */

/* Wake objects, and waiting for them and for what can be read and written. */

#include <zephyr/kernel.h>

#include "console.h"
#include "deadline.h"
#include "error.h"
#include "handle.h"
#include "poll.h"

struct wake {
    struct thimble_slot slot;
    bool is_set;
};

static struct wake wakes[CONFIG_THIMBLE_MAX_WAKES];
static const struct thimble_table table = THIMBLE_TABLE(wakes);

/* One condition for all that wait: few do, and each looks again at its own. */
static K_MUTEX_DEFINE(lock);
static K_CONDVAR_DEFINE(changed);

void thimble_poll_notify(void)
{
    k_mutex_lock(&lock, K_FOREVER);
    k_condvar_broadcast(&changed);
    k_mutex_unlock(&lock);
}

bool thimble_poll_wait(bool (*is_over)(void *context), void *context, uint64_t deadline)
{
    k_mutex_lock(&lock, K_FOREVER);

    bool over = is_over(context);

    while (!over && !thimble_deadline_is_over(deadline)) {
        (void)k_condvar_wait(&changed, &lock, thimble_deadline_timeout(deadline));
        over = is_over(context);
    }
    k_mutex_unlock(&lock);
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
    k_mutex_lock(&lock, K_FOREVER);
    found->is_set = is_set;
    if (is_set) {
        k_condvar_broadcast(&changed);
    }
    k_mutex_unlock(&lock);
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

    if (entry->target == THIMBLE_PLATFORM_TARGET_STREAM) {
        ready = thimble_stream_is_ready(entry->handle,
                                        entry->interest == THIMBLE_PLATFORM_INTEREST_WRITE);
    }
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

int32_t thimble_platform_poll(struct thimble_platform_poll_entry *entries, size_t count,
                              uint64_t timeout, uintptr_t wake)
{
    struct waiter waiter = {.entries = entries, .count = count};
    struct wake *acquired = NULL;

    if (wake != 0) {
        acquired = acquire(wake);
        if (acquired == NULL) {
            return THIMBLE_FAILED(BAD_DESCRIPTOR);
        }
        waiter.wake = acquired;
    }
    if (!thimble_poll_wait(is_over, &waiter, thimble_deadline(timeout))) {
        waiter.outcome = THIMBLE_PLATFORM_POLL_TIMED_OUT;
    }
    if (acquired != NULL) {
        thimble_slot_release(&acquired->slot);
    }
    return waiter.outcome;
}

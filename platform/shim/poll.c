/* SPDX-License-Identifier: Apache-2.0 */

/* Wake objects, and waiting for them. */

#include <shim_lock.h>

#include "error.h"
#include "handle.h"
#include "poll_wait.h"
#include "taken.h"

struct thimble_wake {
    struct thimble_slot slot;
    bool is_set;
};

static struct thimble_wake wakes[THIMBLE_SHIM_WAKES];
static const struct thimble_table table = THIMBLE_TABLE(wakes);

/* One condition for all that wait: few do, and each looks again at its own. */
static struct thimble_lock lock;
static struct thimble_waiters waiters;

void thimble_poll_start(void)
{
    thimble_lock_initialize(&lock);
    thimble_waiters_initialize(&waiters);
}

void thimble_poll_lock(void)
{
    thimble_lock_take(&lock);
}

void thimble_poll_unlock(void)
{
    thimble_lock_give(&lock);
}

/* Called with the lock. */
static void notify(void)
{
    thimble_waiters_notify_all(&waiters);
    thimble_poll_notified();
}

void thimble_poll_notify(void)
{
    thimble_lock_take(&lock);
    notify();
    thimble_lock_give(&lock);
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

static struct thimble_wake *acquire(uintptr_t handle)
{
    return (struct thimble_wake *)thimble_slot_acquire(&table, handle);
}

int32_t thimble_platform_wake_create(uintptr_t *wake)
{
    struct thimble_wake *created = (struct thimble_wake *)thimble_slot_take(&table);

    if (created == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }
    created->is_set = false;
    *wake = thimble_slot_open(&table, &created->slot);
    return 0;
}

static int32_t change(uintptr_t wake, bool is_set)
{
    struct thimble_wake *found = acquire(wake);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    thimble_lock_take(&lock);
    found->is_set = is_set;
    if (is_set) {
        notify();
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

bool thimble_poll_is_woken(void *context)
{
    struct thimble_poll *poll = context;

    if (poll->wake == NULL || !poll->wake->is_set) {
        return false;
    }
    poll->outcome = THIMBLE_PLATFORM_POLL_WOKEN;
    return true;
}

int32_t thimble_platform_poll(struct thimble_platform_poll_entry *entries, size_t count,
                              uint64_t timeout, uintptr_t wake)
{
    struct thimble_poll poll = {.entries = entries, .count = count};
    uint64_t deadline = thimble_deadline(timeout);
    struct thimble_wake *acquired = NULL;

    if (wake != 0) {
        acquired = acquire(wake);
        if (acquired == NULL) {
            return THIMBLE_FAILED(BAD_DESCRIPTOR);
        }
        poll.wake = acquired;
        thimble_poll_uses(&acquired->slot);
    }

    bool over;
    int32_t status = thimble_poll_wait_for_entries(&poll, deadline, &over);

    if (acquired != NULL) {
        thimble_poll_uses(NULL);
        thimble_slot_release(&acquired->slot);
    }
    if (status != 0) {
        return status;
    }
    return over ? poll.outcome : THIMBLE_PLATFORM_POLL_TIMED_OUT;
}

size_t thimble_wakes_taken(void)
{
    return thimble_slots_taken(&table);
}

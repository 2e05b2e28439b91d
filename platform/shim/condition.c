/* SPDX-License-Identifier: Apache-2.0 */

/* Conditions, over what the back end waits with. */

#include "backend.h"
#include "error.h"
#include "mutex.h"
#include "taken.h"

struct condition {
    struct thimble_slot slot;
    struct thimble_waiters waiters;
};

static struct condition conditions[THIMBLE_SHIM_CONDITIONS];
static const struct thimble_table table = THIMBLE_TABLE(conditions);

static struct condition *acquire(uintptr_t handle)
{
    return (struct condition *)thimble_slot_acquire(&table, handle);
}

int32_t thimble_platform_condition_create(uintptr_t *condition)
{
    struct condition *created = (struct condition *)thimble_slot_take(&table);

    if (created == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }
    thimble_waiters_initialize(&created->waiters);
    *condition = thimble_slot_open(&table, &created->slot);
    return 0;
}

int32_t thimble_platform_condition_wait(uintptr_t condition, uintptr_t mutex, uint64_t timeout)
{
    struct condition *found = acquire(condition);
    struct thimble_mutex *locked = thimble_mutex_acquire(mutex);
    int32_t status;

    if (found == NULL || locked == NULL) {
        status = THIMBLE_FAILED(BAD_DESCRIPTOR);
    } else if (!thimble_lock_is_mine(&locked->lock)) {
        status = THIMBLE_FAILED(NOT_PERMITTED);
    } else if (thimble_waiters_wait(&found->waiters, &locked->lock, thimble_deadline(timeout))) {
        status = THIMBLE_PLATFORM_WAIT_NOTIFIED;
    } else {
        status = THIMBLE_PLATFORM_WAIT_TIMED_OUT;
    }
    if (locked != NULL) {
        thimble_slot_release(&locked->slot);
    }
    if (found != NULL) {
        thimble_slot_release(&found->slot);
    }
    return status;
}

int32_t thimble_platform_condition_notify_one(uintptr_t condition)
{
    struct condition *found = acquire(condition);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    thimble_waiters_notify_one(&found->waiters);
    thimble_slot_release(&found->slot);
    return 0;
}

int32_t thimble_platform_condition_notify_all(uintptr_t condition)
{
    struct condition *found = acquire(condition);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    thimble_waiters_notify_all(&found->waiters);
    thimble_slot_release(&found->slot);
    return 0;
}

int32_t thimble_platform_condition_destroy(uintptr_t condition)
{
    struct thimble_slot *slot;
    int32_t status = thimble_slot_close(&table, condition, NULL, &slot);

    if (status == 0) {
        thimble_slot_free(slot);
    }
    return status;
}

size_t thimble_conditions_taken(void)
{
    return thimble_slots_taken(&table);
}

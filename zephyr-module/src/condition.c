/* SPDX-License-Identifier: Apache-2.0 */

/* Conditions, over k_condvar. */

#include <zephyr/kernel.h>

#include "deadline.h"
#include "error.h"
#include "handle.h"
#include "mutex.h"

struct condition {
    struct thimble_slot slot;
    struct k_condvar condition;
};

static struct condition conditions[CONFIG_THIMBLE_MAX_CONDITIONS];
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
    k_condvar_init(&created->condition);
    *condition = thimble_slot_open(&table, &created->slot);
    return 0;
}

/* Waits with a mutex that the calling thread has. */
static int32_t wait(struct condition *condition, struct thimble_mutex *mutex, uint64_t timeout)
{
    uint64_t deadline = thimble_deadline(timeout);

    while (k_condvar_wait(&condition->condition, &mutex->mutex,
                          thimble_deadline_timeout(deadline)) != 0) {
        if (thimble_deadline_is_over(deadline)) {
            return THIMBLE_PLATFORM_WAIT_TIMED_OUT;
        }
    }
    return THIMBLE_PLATFORM_WAIT_NOTIFIED;
}

int32_t thimble_platform_condition_wait(uintptr_t condition, uintptr_t mutex, uint64_t timeout)
{
    struct condition *found = acquire(condition);
    struct thimble_mutex *locked = thimble_mutex_acquire(mutex);
    int32_t status;

    if (found == NULL || locked == NULL) {
        status = THIMBLE_FAILED(BAD_DESCRIPTOR);
    } else if (!thimble_mutex_is_mine(locked)) {
        status = THIMBLE_FAILED(NOT_PERMITTED);
    } else {
        status = wait(found, locked, timeout);
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
    k_condvar_signal(&found->condition);
    thimble_slot_release(&found->slot);
    return 0;
}

int32_t thimble_platform_condition_notify_all(uintptr_t condition)
{
    struct condition *found = acquire(condition);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    k_condvar_broadcast(&found->condition);
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

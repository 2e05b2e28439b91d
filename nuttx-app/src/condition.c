/* SPDX-License-Identifier: Apache-2.0 */

/* Conditions: a queue of those that wait. */

#include <nuttx/config.h>

#include <unistd.h>

#include "deadline.h"
#include "error_number.h"
#include "handle.h"
#include "mutex.h"
#include "queue.h"

struct condition {
    struct thimble_slot slot;
    struct thimble_queue queue;
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
    created->queue = (struct thimble_queue){0};
    *condition = thimble_slot_open(&table, &created->slot);
    return 0;
}

/* Waits with a mutex that the calling thread has. */
static int32_t wait(struct condition *condition, struct thimble_mutex *mutex, uint64_t timeout)
{
    uint64_t deadline = thimble_deadline(timeout);

    mutex->owner = 0;
    thimble_queue_wait(&condition->queue, &mutex->mutex, deadline);
    mutex->owner = gettid();
    return thimble_deadline_is_over(deadline) ? THIMBLE_PLATFORM_WAIT_TIMED_OUT
                                              : THIMBLE_PLATFORM_WAIT_NOTIFIED;
}

int32_t thimble_platform_condition_wait(uintptr_t condition, uintptr_t mutex, uint64_t timeout)
{
    struct condition *found = acquire(condition);
    int32_t status = THIMBLE_FAILED(BAD_DESCRIPTOR);

    if (found == NULL) {
        return status;
    }

    struct thimble_mutex *owned = thimble_mutex_acquire(mutex);

    if (owned != NULL) {
        status = thimble_mutex_is_mine(owned) ? wait(found, owned, timeout)
                                              : THIMBLE_FAILED(NOT_PERMITTED);
        thimble_slot_release(&owned->slot);
    }
    thimble_slot_release(&found->slot);
    return status;
}

static int32_t notify(uintptr_t condition, void (*wake)(struct thimble_queue *queue))
{
    struct condition *found = acquire(condition);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    wake(&found->queue);
    thimble_slot_release(&found->slot);
    return 0;
}

int32_t thimble_platform_condition_notify_one(uintptr_t condition)
{
    return notify(condition, thimble_queue_notify_one);
}

int32_t thimble_platform_condition_notify_all(uintptr_t condition)
{
    return notify(condition, thimble_queue_notify_all);
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

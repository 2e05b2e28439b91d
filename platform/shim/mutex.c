/* SPDX-License-Identifier: Apache-2.0 */

/* Mutexes, over the locks of the back end. */

#include "backend.h"
#include "error.h"
#include "mutex.h"
#include "taken.h"

static struct thimble_mutex mutexes[THIMBLE_SHIM_MUTEXES];
static const struct thimble_table table = THIMBLE_TABLE(mutexes);

struct thimble_mutex *thimble_mutex_acquire(uintptr_t handle)
{
    return (struct thimble_mutex *)thimble_slot_acquire(&table, handle);
}

int32_t thimble_platform_mutex_create(uintptr_t *mutex)
{
    struct thimble_mutex *created = (struct thimble_mutex *)thimble_slot_take(&table);

    if (created == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }
    thimble_lock_initialize(&created->lock);
    *mutex = thimble_slot_open(&table, &created->slot);
    return 0;
}

int32_t thimble_platform_mutex_lock(uintptr_t mutex)
{
    struct thimble_mutex *found = thimble_mutex_acquire(mutex);
    int32_t status = 0;

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    if (thimble_lock_is_mine(&found->lock)) {
        status = THIMBLE_FAILED(DEADLOCK);
    } else {
        thimble_lock_take(&found->lock);
    }
    thimble_slot_release(&found->slot);
    return status;
}

int32_t thimble_platform_mutex_try_lock(uintptr_t mutex)
{
    struct thimble_mutex *found = thimble_mutex_acquire(mutex);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }

    bool is_taken = thimble_lock_try(&found->lock);

    thimble_slot_release(&found->slot);
    return is_taken;
}

int32_t thimble_platform_mutex_unlock(uintptr_t mutex)
{
    struct thimble_mutex *found = thimble_mutex_acquire(mutex);
    int32_t status = 0;

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    if (thimble_lock_is_mine(&found->lock)) {
        thimble_lock_give(&found->lock);
    } else {
        status = THIMBLE_FAILED(NOT_PERMITTED);
    }
    thimble_slot_release(&found->slot);
    return status;
}

static bool is_locked(const struct thimble_slot *slot)
{
    return thimble_lock_is_taken(&((const struct thimble_mutex *)slot)->lock);
}

int32_t thimble_platform_mutex_destroy(uintptr_t mutex)
{
    struct thimble_slot *slot;
    int32_t status = thimble_slot_close(&table, mutex, is_locked, &slot);

    if (status == 0) {
        thimble_lock_end(&((struct thimble_mutex *)slot)->lock);
        thimble_slot_free(slot);
    }
    return status;
}

size_t thimble_mutexes_taken(void)
{
    return thimble_slots_taken(&table);
}

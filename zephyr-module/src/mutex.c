/* SPDX-License-Identifier: Apache-2.0 */

/* Mutexes, over k_mutex, which has priority inheritance. */

#include <zephyr/kernel.h>

#include "error.h"
#include "handle.h"
#include "mutex.h"

static struct thimble_mutex mutexes[CONFIG_THIMBLE_MAX_MUTEXES];
static const struct thimble_table table = THIMBLE_TABLE(mutexes);

struct thimble_mutex *thimble_mutex_acquire(uintptr_t handle)
{
    return (struct thimble_mutex *)thimble_slot_acquire(&table, handle);
}

bool thimble_mutex_is_mine(const struct thimble_mutex *mutex)
{
    return mutex->mutex.owner == k_current_get();
}

int32_t thimble_platform_mutex_create(uintptr_t *mutex)
{
    struct thimble_mutex *created = (struct thimble_mutex *)thimble_slot_take(&table);

    if (created == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }
    k_mutex_init(&created->mutex);
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
    /* A k_mutex would count. */
    if (thimble_mutex_is_mine(found)) {
        status = THIMBLE_FAILED(DEADLOCK);
    } else {
        k_mutex_lock(&found->mutex, K_FOREVER);
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

    bool taken = !thimble_mutex_is_mine(found) && k_mutex_lock(&found->mutex, K_NO_WAIT) == 0;

    thimble_slot_release(&found->slot);
    return taken;
}

int32_t thimble_platform_mutex_unlock(uintptr_t mutex)
{
    struct thimble_mutex *found = thimble_mutex_acquire(mutex);
    int32_t status = 0;

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    if (thimble_mutex_is_mine(found)) {
        k_mutex_unlock(&found->mutex);
    } else {
        status = THIMBLE_FAILED(NOT_PERMITTED);
    }
    thimble_slot_release(&found->slot);
    return status;
}

static bool is_locked(const struct thimble_slot *slot)
{
    return ((const struct thimble_mutex *)slot)->mutex.owner != NULL;
}

int32_t thimble_platform_mutex_destroy(uintptr_t mutex)
{
    struct thimble_slot *slot;
    int32_t status = thimble_slot_close(&table, mutex, is_locked, &slot);

    if (status == 0) {
        thimble_slot_free(slot);
    }
    return status;
}

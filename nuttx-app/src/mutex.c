/* SPDX-License-Identifier: Apache-2.0 */

/* Mutexes, over pthread_mutex, with priority inheritance where NuttX has it. */

#include <nuttx/config.h>

#include <unistd.h>

#include "error_number.h"
#include "lock.h"
#include "mutex.h"

static struct thimble_mutex mutexes[CONFIG_THIMBLE_MAX_MUTEXES];
static const struct thimble_table table = THIMBLE_TABLE(mutexes);

struct thimble_mutex *thimble_mutex_acquire(uintptr_t handle)
{
    return (struct thimble_mutex *)thimble_slot_acquire(&table, handle);
}

bool thimble_mutex_is_mine(const struct thimble_mutex *mutex)
{
    return mutex->owner == gettid();
}

static int initialize(pthread_mutex_t *mutex)
{
    pthread_mutexattr_t attributes;
    int error = pthread_mutexattr_init(&attributes);

    if (error != 0) {
        return error;
    }
#if defined(CONFIG_PRIORITY_INHERITANCE)
    (void)pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
#endif
    error = pthread_mutex_init(mutex, &attributes);
    (void)pthread_mutexattr_destroy(&attributes);
    return error;
}

int32_t thimble_platform_mutex_create(uintptr_t *mutex)
{
    struct thimble_mutex *created = (struct thimble_mutex *)thimble_slot_take(&table);

    if (created == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }

    int error = initialize(&created->mutex);

    if (error != 0) {
        thimble_slot_free(&created->slot);
        return thimble_error(error);
    }
    created->owner = 0;
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
    if (thimble_mutex_is_mine(found)) {
        status = THIMBLE_FAILED(DEADLOCK);
    } else {
        thimble_lock(&found->mutex);
        found->owner = gettid();
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

    bool taken = !thimble_mutex_is_mine(found) && pthread_mutex_trylock(&found->mutex) == 0;

    if (taken) {
        found->owner = gettid();
    }
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
        found->owner = 0;
        thimble_unlock(&found->mutex);
    } else {
        status = THIMBLE_FAILED(NOT_PERMITTED);
    }
    thimble_slot_release(&found->slot);
    return status;
}

static bool is_locked(const struct thimble_slot *slot)
{
    return ((const struct thimble_mutex *)slot)->owner != 0;
}

int32_t thimble_platform_mutex_destroy(uintptr_t mutex)
{
    struct thimble_slot *slot;
    int32_t status = thimble_slot_close(&table, mutex, is_locked, &slot);

    if (status == 0) {
        (void)pthread_mutex_destroy(&((struct thimble_mutex *)slot)->mutex);
        thimble_slot_free(slot);
    }
    return status;
}

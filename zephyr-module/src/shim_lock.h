/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Locks, and waiting with one to be notified, over k_mutex, which has priority inheritance, and
 * k_condvar; see backend.h of platform/shim.
 */

#ifndef THIMBLE_SHIM_LOCK_H
#define THIMBLE_SHIM_LOCK_H

#include <zephyr/kernel.h>

#include "deadline.h"
#include "handle.h"

struct thimble_lock {
    struct k_mutex mutex;
};

static inline void thimble_lock_initialize(struct thimble_lock *lock)
{
    k_mutex_init(&lock->mutex);
}

static inline void thimble_lock_end(struct thimble_lock *lock)
{
    ARG_UNUSED(lock);
}

static inline void thimble_lock_take(struct thimble_lock *lock)
{
    k_mutex_lock(&lock->mutex, K_FOREVER);
}

/* A k_mutex would count. */
static inline bool thimble_lock_is_mine(const struct thimble_lock *lock)
{
    return lock->mutex.owner == k_current_get();
}

static inline bool thimble_lock_is_taken(const struct thimble_lock *lock)
{
    return lock->mutex.owner != NULL;
}

static inline bool thimble_lock_try(struct thimble_lock *lock)
{
    return !thimble_lock_is_mine(lock) && k_mutex_lock(&lock->mutex, K_NO_WAIT) == 0;
}

static inline void thimble_lock_give(struct thimble_lock *lock)
{
    k_mutex_unlock(&lock->mutex);
}

struct thimble_waiters {
    struct k_condvar condition;
};

static inline void thimble_waiters_initialize(struct thimble_waiters *waiters)
{
    k_condvar_init(&waiters->condition);
}

static inline bool thimble_waiters_wait(struct thimble_waiters *waiters, struct thimble_lock *lock,
                                        uint64_t deadline)
{
    while (k_condvar_wait(&waiters->condition, &lock->mutex,
                          thimble_deadline_timeout(deadline)) != 0) {
        if (thimble_deadline_is_over(deadline)) {
            return false;
        }
    }
    return true;
}

static inline void thimble_waiters_notify_one(struct thimble_waiters *waiters)
{
    k_condvar_signal(&waiters->condition);
}

static inline void thimble_waiters_notify_all(struct thimble_waiters *waiters)
{
    k_condvar_broadcast(&waiters->condition);
}

#if defined(CONFIG_THIMBLE_SOCKET_EVENTS)
/** Wakes those who wait in zsock_poll, where the condition does not reach them. */
void thimble_poll_notified(void);
#else
static inline void thimble_poll_notified(void)
{
}
#endif

/* Nobody looks after threads that are aborted. */
static inline void thimble_poll_uses(struct thimble_slot *slot)
{
    ARG_UNUSED(slot);
}

#endif

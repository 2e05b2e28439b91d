/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Locks, and waiting with one to be notified, over pthread_mutex, which has priority inheritance
 * where NuttX has it; see backend.h of platform/shim.
 */

#ifndef THIMBLE_SHIM_LOCK_H
#define THIMBLE_SHIM_LOCK_H

#include <nuttx/config.h>

#include <sys/types.h>
#include <unistd.h>

#include "deadline.h"
#include "handle.h"
#include "lock.h"
#include "queue.h"

struct thimble_lock {
    pthread_mutex_t mutex;
    /* The thread that has it; 0 for none. Written by that thread only. */
    volatile pid_t owner;
};

static inline void thimble_lock_initialize(struct thimble_lock *lock)
{
    pthread_mutexattr_t attributes;

    /* None of these can fail with what they are given here. */
    (void)pthread_mutexattr_init(&attributes);
#if defined(CONFIG_PRIORITY_INHERITANCE)
    (void)pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
#endif
    (void)pthread_mutex_init(&lock->mutex, &attributes);
    (void)pthread_mutexattr_destroy(&attributes);
    lock->owner = 0;
}

static inline void thimble_lock_end(struct thimble_lock *lock)
{
    (void)pthread_mutex_destroy(&lock->mutex);
}

static inline void thimble_lock_take(struct thimble_lock *lock)
{
    thimble_lock(&lock->mutex);
    lock->owner = gettid();
}

static inline bool thimble_lock_is_mine(const struct thimble_lock *lock)
{
    return lock->owner == gettid();
}

static inline bool thimble_lock_is_taken(const struct thimble_lock *lock)
{
    return lock->owner != 0;
}

static inline bool thimble_lock_try(struct thimble_lock *lock)
{
    if (thimble_lock_is_mine(lock) || !thimble_try_lock(&lock->mutex)) {
        return false;
    }
    lock->owner = gettid();
    return true;
}

static inline void thimble_lock_give(struct thimble_lock *lock)
{
    lock->owner = 0;
    thimble_unlock(&lock->mutex);
}

struct thimble_waiters {
    struct thimble_queue queue;
};

static inline void thimble_waiters_initialize(struct thimble_waiters *waiters)
{
    waiters->queue = (struct thimble_queue){0};
}

static inline bool thimble_waiters_wait(struct thimble_waiters *waiters, struct thimble_lock *lock,
                                        uint64_t deadline)
{
    lock->owner = 0;

    bool is_notified = thimble_queue_wait(&waiters->queue, &lock->mutex, deadline);

    lock->owner = gettid();
    return is_notified;
}

static inline void thimble_waiters_notify_one(struct thimble_waiters *waiters)
{
    thimble_queue_notify_one(&waiters->queue);
}

static inline void thimble_waiters_notify_all(struct thimble_waiters *waiters)
{
    thimble_queue_notify_all(&waiters->queue);
}

/* Who waits in poll() looks at the wake object by itself, again and again. */
static inline void thimble_poll_notified(void)
{
}

/** Notes what the calling thread uses while it polls. */
void thimble_poll_uses(struct thimble_slot *slot);

#endif

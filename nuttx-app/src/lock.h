/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Locks of this back end's own tables, which all tasks share.
 */

#ifndef THIMBLE_LOCK_H
#define THIMBLE_LOCK_H

#include <nuttx/config.h>

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>

/** Whether a lock was taken, by what the call that takes it says. Somebody may have ended the
 *  task that had it, as `kill -9` does; what it protects is changed by single assignments, so
 *  the next one goes on with it. */
static inline bool thimble_lock_is_had(pthread_mutex_t *mutex, int error)
{
#if !defined(CONFIG_PTHREAD_MUTEX_UNSAFE)
    if (error == EOWNERDEAD) {
        (void)pthread_mutex_consistent(mutex);
        return true;
    }
#else
    (void)mutex;
#endif
    return error == 0;
}

/** Takes a lock. */
static inline void thimble_lock(pthread_mutex_t *mutex)
{
    (void)thimble_lock_is_had(mutex, pthread_mutex_lock(mutex));
}

/** Takes a lock if nobody has it. @return Whether it did. */
static inline bool thimble_try_lock(pthread_mutex_t *mutex)
{
    return thimble_lock_is_had(mutex, pthread_mutex_trylock(mutex));
}

/** Gives a lock back. */
static inline void thimble_unlock(pthread_mutex_t *mutex)
{
    (void)pthread_mutex_unlock(mutex);
}

#endif

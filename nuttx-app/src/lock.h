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

/** Takes a lock. Somebody may have ended the task that had it, as `kill -9` does; what it
 *  protects is changed by single assignments, so the next one goes on with it. */
static inline void thimble_lock(pthread_mutex_t *mutex)
{
    int error = pthread_mutex_lock(mutex);

#if !defined(CONFIG_PTHREAD_MUTEX_UNSAFE)
    if (error == EOWNERDEAD) {
        (void)pthread_mutex_consistent(mutex);
    }
#else
    (void)error;
#endif
}

/** Gives a lock back. */
static inline void thimble_unlock(pthread_mutex_t *mutex)
{
    (void)pthread_mutex_unlock(mutex);
}

#endif

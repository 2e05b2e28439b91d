/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Mutexes, for those who wait with one.
 */

#ifndef THIMBLE_MUTEX_H
#define THIMBLE_MUTEX_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#include "handle.h"

/** A mutex with its slot. */
struct thimble_mutex {
    struct thimble_slot slot;
    pthread_mutex_t mutex;
    /** The thread that has it; 0 for none. Written by that thread only. */
    volatile pid_t owner;
};

/** Finds a mutex; NULL if there is none. Ends with thimble_slot_release. */
struct thimble_mutex *thimble_mutex_acquire(uintptr_t handle);

/** Whether the calling thread has a mutex. Only it can change the answer. */
bool thimble_mutex_is_mine(const struct thimble_mutex *mutex);

#endif

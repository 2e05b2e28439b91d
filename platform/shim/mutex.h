/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Mutexes, for those who wait with one.
 */

#ifndef THIMBLE_MUTEX_H
#define THIMBLE_MUTEX_H

#include "handle.h"

#include <shim_lock.h>

/** A lock with its slot. */
struct thimble_mutex {
    struct thimble_slot slot;
    struct thimble_lock lock;
};

/** Finds a mutex; NULL if there is none. Ends with thimble_slot_release. */
struct thimble_mutex *thimble_mutex_acquire(uintptr_t handle);

#endif

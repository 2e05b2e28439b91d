/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Waiting, for those who make something ready, and for sockets.
 *
 * (Its name is not that of the system's header for poll().)
 */

#ifndef THIMBLE_POLL_WAIT_H
#define THIMBLE_POLL_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <thimble_platform.h>

#include "backend.h"

/** Makes the lock that those who wait have. Called before anything else here. */
void thimble_poll_start(void);

/** Waits for that lock. */
void thimble_poll_lock(void);

/** Gives that lock back. */
void thimble_poll_unlock(void);

/**
 * Waits for thimble_poll_notify until a deadline, unless `is_over(context)`. That is asked with
 * the lock that thimble_poll_notify takes.
 *
 * @return Whether it is over, rather than the deadline.
 */
bool thimble_poll_wait(bool (*is_over)(void *context), void *context, uint64_t deadline);

/** What a thread waits for in thimble_platform_poll, and what came. */
struct thimble_poll {
    struct thimble_platform_poll_entry *entries;
    size_t count;
    const struct thimble_wake *wake;
    int32_t outcome;
};

/** Whether the wake object of a struct thimble_poll is set, which is what came. Asked with the
 *  lock. */
bool thimble_poll_is_woken(void *poll);

/* Of poll_look.c: */

/** Whether the wait for a struct thimble_poll is over. Asked with the lock. */
bool thimble_poll_is_over(void *poll);

/**
 * As thimble_poll_wait with thimble_poll_is_over, where sockets wake nobody: the thread looks
 * again every so many nanoseconds. All else ends the wait at once.
 */
bool thimble_poll_wait_in_steps(struct thimble_poll *poll, uint64_t deadline, uint64_t step);

#endif

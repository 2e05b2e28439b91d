/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Waiting, for those who make something ready.
 */

#ifndef THIMBLE_POLL_H
#define THIMBLE_POLL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backend.h"
#include "lock.h"

/**
 * Waits for thimble_poll_notify until a deadline, unless `is_over(context)`. That is asked with
 * the lock that thimble_poll_notify takes.
 *
 * @return Whether it is over, rather than the deadline.
 */
bool thimble_poll_wait(bool (*is_over)(void *context), void *context, uint64_t deadline);

/** Forgets a task that was deleted while it waited. */
void thimble_poll_forget(struct thimble_waiter *waiter);

#endif

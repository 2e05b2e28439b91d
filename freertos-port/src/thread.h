/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What tasks of this back end use.
 */

#ifndef THIMBLE_THREAD_H
#define THIMBLE_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <thimble_device.h>

#include "shim_lock.h"

/** Fills in what a thread uses; nothing is known of a handle that names none. */
void thimble_thread_usage(uintptr_t thread, struct thimble_device_usage *usage);

/**
 * Finds a thread whose task somebody else has deleted, and that nobody has joined. One that had a
 * lock is none: it stays as it is, and the log is told once.
 *
 * @param index Where to look, from 0; set to where to look next.
 * @return Whether there is one.
 */
bool thimble_thread_find_deleted(size_t *index, uintptr_t *thread);

/** Whether there are threads. */
bool thimble_thread_any(void);

/** What the calling thread waits with; NULL for a task that is no thread of this back end. */
struct thimble_waiter *thimble_thread_waiter(void);

#endif

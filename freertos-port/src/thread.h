/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What tasks of this back end use.
 */

#ifndef THIMBLE_THREAD_H
#define THIMBLE_THREAD_H

#include <stdint.h>

#include <thimble_device.h>

#include "lock.h"

/** Fills in what a thread uses; nothing is known of a handle that names none. */
void thimble_thread_usage(uintptr_t thread, struct thimble_device_usage *usage);

/** What the calling thread waits with; NULL for a task that is no thread of this back end. */
struct thimble_waiter *thimble_thread_waiter(void);

#endif

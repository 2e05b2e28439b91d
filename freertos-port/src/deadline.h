/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Waiting until a point in monotonic time.
 */

#ifndef THIMBLE_DEADLINE_H
#define THIMBLE_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel.h"

/** A deadline that never comes. */
#define THIMBLE_NEVER UINT64_MAX

/**
 * The point in time when a timeout that begins now is over.
 *
 * @param timeout Nanoseconds, or THIMBLE_PLATFORM_FOREVER.
 * @return Nanoseconds of thimble_platform_clock_now, or THIMBLE_NEVER, which also stands for what
 *         lies beyond the end of the clock.
 */
uint64_t thimble_deadline(uint64_t timeout);

/**
 * What to give to a call of FreeRTOS that waits until a deadline. The call may time out before
 * the deadline, when that is further away than ticks can count: look at thimble_deadline_is_over
 * and wait again.
 */
TickType_t thimble_deadline_ticks(uint64_t deadline);

/** Whether a deadline is over. */
bool thimble_deadline_is_over(uint64_t deadline);

#endif

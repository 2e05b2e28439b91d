/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Waiting until a point in monotonic time.
 */

#ifndef THIMBLE_DEADLINE_H
#define THIMBLE_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/** A deadline that never comes. */
#define THIMBLE_NEVER UINT64_MAX

/** Nanoseconds of a millisecond. */
#define THIMBLE_MILLISECOND UINT64_C(1000000)
/** Nanoseconds of a second. */
#define THIMBLE_SECOND UINT64_C(1000000000)

/**
 * The point in time when a timeout that begins now is over.
 *
 * @param timeout Nanoseconds, or THIMBLE_PLATFORM_FOREVER.
 * @return Nanoseconds of thimble_platform_clock_now, or THIMBLE_NEVER, which
 *         also stands for what lies beyond the end of the clock.
 */
uint64_t thimble_deadline(uint64_t timeout);

/** Whether a deadline is over. */
bool thimble_deadline_is_over(uint64_t deadline);

/** The time of a deadline that comes, as calls take it that wait on the monotonic clock. It is
 *  earlier where a time_t cannot hold it. */
struct timespec thimble_deadline_time(uint64_t deadline);

/** Milliseconds until a deadline, rounded up, as poll() takes them; -1 for ever. */
int thimble_deadline_milliseconds(uint64_t deadline);

#endif

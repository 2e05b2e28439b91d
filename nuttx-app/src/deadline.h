/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Waiting until a point in monotonic time, as NuttX takes it.
 */

#ifndef THIMBLE_DEADLINE_H
#define THIMBLE_DEADLINE_H

#include <stdint.h>
#include <time.h>

#include "backend.h"

/** Nanoseconds of a millisecond. */
#define THIMBLE_MILLISECOND UINT64_C(1000000)
/** Nanoseconds of a second. */
#define THIMBLE_SECOND UINT64_C(1000000000)

/** The time of a deadline that comes, as calls take it that wait on the monotonic clock. It is
 *  earlier where a time_t cannot hold it. */
struct timespec thimble_deadline_time(uint64_t deadline);

/** Milliseconds until a deadline, rounded up, as poll() takes them; -1 for ever. */
int thimble_deadline_milliseconds(uint64_t deadline);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Waiting until a point in monotonic time.
 */

#ifndef THIMBLE_DEADLINE_H
#define THIMBLE_DEADLINE_H

#include <stdint.h>

#include <zephyr/kernel.h>

#include "backend.h"

/**
 * What to give to a call of Zephyr that waits until a deadline. The call may
 * time out before the deadline, when that is further away than ticks can count:
 * look at thimble_deadline_is_over and wait again.
 */
k_timeout_t thimble_deadline_timeout(uint64_t deadline);

#endif

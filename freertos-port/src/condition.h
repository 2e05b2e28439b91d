/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Conditions, for those who delete tasks.
 */

#ifndef THIMBLE_CONDITION_H
#define THIMBLE_CONDITION_H

#include "lock.h"

/** Forgets a task that was deleted while it waited. */
void thimble_conditions_forget(const struct thimble_waiter *waiter);

#endif

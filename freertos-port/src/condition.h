/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Conditions, for those who delete tasks.
 */

#ifndef THIMBLE_CONDITION_H
#define THIMBLE_CONDITION_H

#include <stddef.h>

/** Forgets the waits of a task that was deleted, by its stack. */
void thimble_conditions_forget(const void *stack, size_t size);

#endif

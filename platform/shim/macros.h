/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What every system's headers have, each by another name.
 */

#ifndef THIMBLE_MACROS_H
#define THIMBLE_MACROS_H

/** How many elements an array has. */
#define THIMBLE_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/** The smaller of two numbers of one type. */
#define THIMBLE_MIN(one, other) ((one) < (other) ? (one) : (other))

/** The larger of two numbers of one type. */
#define THIMBLE_MAX(one, other) ((one) > (other) ? (one) : (other))

#endif

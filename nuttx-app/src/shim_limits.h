/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Limits for what back ends have in common. Of that, this one takes handles, listings, mutexes,
 * conditions and wake objects: streams, files and sockets there are those of all threads, and
 * NuttX's those of a task.
 */

#ifndef THIMBLE_SHIM_LIMITS_H
#define THIMBLE_SHIM_LIMITS_H

#include <nuttx/config.h>

#include <limits.h>

#define THIMBLE_SHIM_MUTEXES CONFIG_THIMBLE_MAX_MUTEXES
#define THIMBLE_SHIM_CONDITIONS CONFIG_THIMBLE_MAX_CONDITIONS
#define THIMBLE_SHIM_WAKES CONFIG_THIMBLE_MAX_WAKES
#define THIMBLE_SHIM_NAME NAME_MAX

#endif

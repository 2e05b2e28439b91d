/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Limits for what back ends have in common. Of that, this one takes handles and listings:
 * files and sockets there are those of all threads, and NuttX's those of a task.
 */

#ifndef THIMBLE_SHIM_LIMITS_H
#define THIMBLE_SHIM_LIMITS_H

#include <limits.h>

#define THIMBLE_SHIM_NAME NAME_MAX

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Errors of the platform contract, in short.
 */

#ifndef THIMBLE_ERROR_H
#define THIMBLE_ERROR_H

#include <thimble_platform.h>

/** The error of a kind, where the system gave no number of its own. */
#define THIMBLE_FAILED(kind) THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_##kind, 0)

/** The error of a kind, with an error number of NuttX. */
#define THIMBLE_FAILED_WITH(kind, number) \
    THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_##kind, number)

/** The error for an error number of NuttX, such as errno. */
int32_t thimble_error(int number);

#endif

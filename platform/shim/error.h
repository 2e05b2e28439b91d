/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Errors of the platform contract, in short.
 */

#ifndef THIMBLE_ERROR_H
#define THIMBLE_ERROR_H

#include <stdbool.h>

#include <thimble_platform.h>

/** The error of a kind, where the system gave no number of its own. */
#define THIMBLE_FAILED(kind) THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_##kind, 0)

/** The error of a kind, with an error number of the system, positive or negative. */
#define THIMBLE_FAILED_WITH(kind, error) \
    THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_##kind, (error) < 0 ? -(error) : (error))

/** Whether a status is an error of a kind, whatever its number. */
static inline bool thimble_error_is(int32_t status, enum thimble_platform_error kind)
{
    return status < 0 && ((0 - (uint32_t)status) & 0xff) == (uint32_t)kind;
}

#endif

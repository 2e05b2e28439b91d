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

/** The error of a kind, with a positive number of the application's. */
#define THIMBLE_FAILED_WITH(kind, error) THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_##kind, error)

#endif

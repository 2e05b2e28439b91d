/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Limits of the sources in platform/shim, as Thimble is configured.
 */

#ifndef THIMBLE_SHIM_LIMITS_H
#define THIMBLE_SHIM_LIMITS_H

#include "thimble_config.h"

#define THIMBLE_SHIM_FILES THIMBLE_MAX_FILES
#define THIMBLE_SHIM_PATH THIMBLE_MAX_PATH
#define THIMBLE_SHIM_NAME THIMBLE_MAX_NAME
#define THIMBLE_SHIM_SOCKETS THIMBLE_MAX_SOCKETS
#define THIMBLE_SHIM_PEEK THIMBLE_MAX_PEEK

#endif

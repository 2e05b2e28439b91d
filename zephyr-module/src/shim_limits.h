/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Limits of the sources in platform/shim, as this system is configured.
 */

#ifndef THIMBLE_SHIM_LIMITS_H
#define THIMBLE_SHIM_LIMITS_H

#if defined(CONFIG_THIMBLE_FILES)

#include <zephyr/fs/fs.h>

#define THIMBLE_SHIM_FILES CONFIG_THIMBLE_MAX_FILES
#define THIMBLE_SHIM_PATH CONFIG_THIMBLE_MAX_PATH
#define THIMBLE_SHIM_NAME MAX_FILE_NAME

#endif

#if defined(CONFIG_THIMBLE_SOCKETS)

#define THIMBLE_SHIM_SOCKETS CONFIG_THIMBLE_MAX_SOCKETS
#define THIMBLE_SHIM_PEEK CONFIG_THIMBLE_SOCKET_MAX_PEEK

#endif

#endif

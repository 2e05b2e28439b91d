/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * File systems of Zephyr, as those of platform/shim.
 */

#ifndef THIMBLE_ZEPHYR_FILE_SYSTEM_H
#define THIMBLE_ZEPHYR_FILE_SYSTEM_H

#include <thimble_file_system.h>

/** How to use a file system of a type, FS_... */
const struct thimble_file_system *thimble_file_system_of(int type);

#endif

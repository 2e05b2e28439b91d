/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Errors of file systems, as those of the platform contract.
 */

#ifndef THIMBLE_FILE_ERROR_H
#define THIMBLE_FILE_ERROR_H

#include <stdint.h>

/** The error for a negative error number of a file system; 0 or a count as it is. */
int32_t thimble_file_error(int error);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What is in regular files, for those who open and close them. With the lock of
 * file_table.h.
 */

#ifndef THIMBLE_FILE_DATA_H
#define THIMBLE_FILE_DATA_H

#include <stdint.h>

#include "file_table.h"

/**
 * Cuts or extends a regular file that can be written, with zeroes.
 *
 * @return 0 or an error of the platform contract: FILE_TOO_LARGE, NO_SPACE,
 *         NO_DEVICE, IO.
 */
int32_t thimble_file_resize(struct thimble_file *file, uint64_t size);

/** Waits until what was written to a regular file is on the medium. @return 0; IO. */
int32_t thimble_file_flush(struct thimble_file *file);

#endif

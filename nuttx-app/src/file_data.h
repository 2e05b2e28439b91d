/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What is in files, for those who describe them.
 */

#ifndef THIMBLE_FILE_DATA_H
#define THIMBLE_FILE_DATA_H

#include <stdint.h>

#include "file_table.h"

/** The size of a regular file as of now, also before it is on the medium. With the lock.
 *  @return 0 or an error of the platform contract. */
int32_t thimble_file_size(const struct thimble_file *file, uint64_t *size);

#endif

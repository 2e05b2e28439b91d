/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What Zephyr's ext2 (of 3.7) must not be asked for, and what it leaves wrong.
 *
 * Paths are on a file system of that type. Those that return int32_t give 0 or an error of
 * the platform contract.
 */

#ifndef THIMBLE_FILE_EXT2_H
#define THIMBLE_FILE_EXT2_H

#include <stdint.h>

#include <zephyr/fs/fs.h>

/**
 * Before a block may be added to a file or directory.
 *
 * When the medium is full, ext2 does not undo what it began: a file cannot be closed
 * any more, and a directory without content is read for ever.
 *
 * @return NO_SPACE while it has less room than one call can take.
 */
int32_t thimble_ext2_check_room(const char *path);

/**
 * Before a name is given to something, also to something that is renamed.
 *
 * @return NO_SPACE as above, and when the directory has all blocks that it can have.
 */
int32_t thimble_ext2_check_new(const char *path);

/**
 * Before a name is taken away.
 *
 * @return NOT_SUPPORTED in a directory with more blocks than ext2 can give back.
 */
int32_t thimble_ext2_check_removal(const char *path);

/**
 * After a name was taken away: when that gave back a block of the directory, ext2
 * goes on counting it, and would look for names in it for ever.
 */
int32_t thimble_ext2_repair(const char *path);

/** The size of an open file. */
uint32_t thimble_ext2_size(const struct fs_file_t *file);

#endif

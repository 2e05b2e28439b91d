/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Listing directories in an order that stays, over listings that have none.
 *
 * A listing has no position to come back to, and the number of an entry in it changes when
 * one before is removed, as programs do that remove a directory with all it has. So entries
 * are shown in the order of a number made from the name: a cookie is that number, and stays
 * right whatever is added or removed. The directory is read once for each few entries that
 * are shown.
 */

#ifndef THIMBLE_FILE_BATCH_H
#define THIMBLE_FILE_BATCH_H

#include <stdint.h>

#include <thimble_platform.h>

/** The entries that are shown next. */
struct thimble_batch;

/**
 * Takes an entry into a batch if it belongs there; `.` and `..` do not, nor names that are
 * longer than any that can be opened.
 *
 * @param kind THIMBLE_PLATFORM_FILE_...
 */
void thimble_batch_consider(struct thimble_batch *batch, const char *name, uint8_t kind);

/**
 * Does what thimble_platform_file_list does.
 *
 * @param read Reads the directory from its start to its end, and calls
 *        thimble_batch_consider for each entry. Returns 0 or an error.
 * @param directory Handed to `read`.
 */
int32_t thimble_batch_list(
    int32_t (*read)(const void *directory, struct thimble_batch *batch), const void *directory,
    uint64_t cookie,
    int32_t (*visit)(void *context, const struct thimble_platform_directory_entry *entry),
    void *context);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * littlefs for programs.
 *
 * Built with THIMBLE_LITTLEFS, which takes the target `littlefs` with littlefs 2 and its headers.
 */

#ifndef THIMBLE_LITTLEFS_H
#define THIMBLE_LITTLEFS_H

#include <thimble_freertos_files.h>

#include <lfs.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What can be done with a littlefs; the context is its lfs_t. */
extern const struct thimble_file_system_calls thimble_littlefs;

/**
 * Makes a littlefs known to Thimble, as thimble_mount() does.
 *
 * Thimble calls littlefs on one task at a time. An application that uses the same one from its own
 * tasks does so between thimble_file_lock() and thimble_file_unlock(), or gives littlefs a lock of
 * its own with LFS_THREADSAFE.
 *
 * @param littlefs Mounted by lfs_mount(), until thimble_unmount(). Thimble keeps the cache of each
 *        open file, cache_size bytes, on the heap of FreeRTOS; littlefs needs no malloc for them.
 * @return As thimble_mount().
 */
static inline int32_t thimble_mount_littlefs(struct thimble_mount *mount, const char *path,
                                             lfs_t *littlefs)
{
    return thimble_mount(mount, path, &thimble_littlefs, littlefs);
}

#ifdef __cplusplus
}
#endif

#endif

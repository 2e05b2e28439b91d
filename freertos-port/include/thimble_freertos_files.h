/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Files for programs: which file systems are mounted where. FreeRTOS has none of its own, so an
 * application hands over those that it has: littlefs by thimble_littlefs.h, or any other one by a
 * table of functions, which thimble_file_system.h describes.
 *
 * Built with THIMBLE_FILES.
 */

#ifndef THIMBLE_FREERTOS_FILES_H
#define THIMBLE_FREERTOS_FILES_H

#include <stdint.h>

#include <thimble_file_system.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A file system that is mounted. Its fields are Thimble's. */
struct thimble_mount {
    struct thimble_file_system system;
    const char *path;
    uint32_t device;
    struct thimble_mount *next;
};

/**
 * Makes a file system known to Thimble by a path, such as "/lfs": that is where
 * `wasm run --dir` finds it. After thimble_start().
 *
 * @param mount Lives until thimble_unmount().
 * @param path Begins with '/', does not end with it, and lives until thimble_unmount().
 * @param calls What can be done with the file system; lives until thimble_unmount().
 * @param context The first argument of every call.
 * @return 0; THIMBLE_PLATFORM_INVALID_ARGUMENT for another path;
 *         THIMBLE_PLATFORM_ALREADY_EXISTS for one that is mounted. Both as
 *         thimble_platform.h makes errors of them.
 */
int32_t thimble_mount(struct thimble_mount *mount, const char *path,
                      const struct thimble_file_system_calls *calls, void *context);

/**
 * Takes a file system away from Thimble.
 *
 * @return 0; THIMBLE_PLATFORM_BUSY while something on it is open, be it a directory that a program
 *         was given; THIMBLE_PLATFORM_NOT_FOUND for one that is not mounted.
 */
int32_t thimble_unmount(struct thimble_mount *mount);

/**
 * Keeps Thimble from the file systems that are mounted: for an application that uses them as well,
 * from another task, where they have no lock of their own. Not for interrupts, and not for the
 * functions of a file system's table, which have it.
 */
void thimble_file_lock(void);

/** Ends what thimble_file_lock() began. */
void thimble_file_unlock(void);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Whole paths, which is what file systems take that know no open directories.
 *
 * A path has one spelling: names are as the file system stores them, which on
 * FAT may differ from what was asked for. So two paths are of one object if and
 * only if they are the same text.
 *
 * All calls are made with the lock of all files.
 */

#ifndef THIMBLE_FILE_PATH_H
#define THIMBLE_FILE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backend.h"

/** A path and what is known about it. */
struct thimble_path {
    /** The path, on the heap; no '/' at the end. */
    char *text;
    /** Bytes of a regular file. */
    uint64_t size;
    /** How much of the text is the mount point. */
    size_t mount_length;
    /** The file system. */
    const struct thimble_file_system *system;
    /** The number of the mount point, above 0. */
    uint32_t device;
    /** THIMBLE_PLATFORM_FILE_REGULAR or _DIRECTORY; _UNKNOWN when nothing is there. */
    uint8_t kind;
};

/**
 * Looks up a directory by a path that the firmware gives, without "." and "..".
 *
 * @param path Filled in on success, to be given to thimble_path_free.
 * @return 0 or an error of the platform contract: NOT_FOUND, NOT_DIRECTORY.
 */
int32_t thimble_path_find_root(const char *text, struct thimble_path *path);

/**
 * Looks up a name in a directory. There may be nothing of that name.
 *
 * @param path Filled in on success, to be given to thimble_path_free.
 * @return 0 or an error of the platform contract: NAME_TOO_LONG; NO_DEVICE when
 *         the directory's file system is not mounted any more; INVALID_ARGUMENT
 *         for a name that the file system would take for another.
 */
int32_t thimble_path_find(const struct thimble_path *directory, const char *name,
                          struct thimble_path *path);

/** As thimble_path_find, but NOT_FOUND when there is nothing of that name. */
int32_t thimble_path_find_existing(const struct thimble_path *directory, const char *name,
                                   struct thimble_path *path);

/** Gives back what a path has. */
void thimble_path_free(struct thimble_path *path);

/** What the calls of its file system are given of a path. */
static inline const char *thimble_path_argument(const struct thimble_path *path)
{
    return path->text + path->system->hidden;
}

/** Whether a name stands for the directory itself or for the one above. */
static inline bool thimble_path_is_dots(const char *name)
{
    return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/** Whether a path is a mount point. */
bool thimble_path_is_mount_point(const struct thimble_path *path);

/** Whether a path is `outer`, or of something in the directory `outer`. */
bool thimble_path_is_within(const char *text, const char *outer);

/** @return 0; NO_DEVICE when the file system of a path is not mounted any more. */
int32_t thimble_path_check(const struct thimble_path *path);

/** @return 0 for an empty directory; NOT_EMPTY; or another error. */
int32_t thimble_path_check_empty(const struct thimble_path *path);

#endif

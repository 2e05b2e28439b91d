/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Open files and directories, and the handles that name them.
 *
 * A path is open once, however many handles it has: file systems keep what was
 * written, and the size, with what they opened, and two that are open would not
 * see each other's.
 *
 * One lock for all files (thimble_file_lock): not every file system has one of its own,
 * and what a path names must not change between looking at it and using it. All that
 * follows is called with it, where nothing else is said.
 */

#ifndef THIMBLE_FILE_TABLE_H
#define THIMBLE_FILE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "file_path.h"
#include "handle.h"

/** The largest size of a file: what every file system and an off_t of 32 bits hold. */
#define THIMBLE_FILE_LARGEST ((uint64_t)INT32_MAX)

/** The position of the file is not known. */
#define THIMBLE_FILE_NO_POSITION UINT32_MAX

/** A path that is open. */
struct thimble_file {
    /** The path; path.size is the size as of now, also before it is on the medium. */
    struct thimble_path path;
    /** What the file system opened; regular files only. */
    void *opened;
    /** Where the next read or write takes place, or THIMBLE_FILE_NO_POSITION; 32 bits
     *  suffice, as no transfer begins beyond THIMBLE_FILE_LARGEST. */
    uint32_t position;
    /** 0 when it can be written, or the error why not. */
    int32_t write_error;
    /** How many handles it has; 0 when this is free. */
    uint16_t handles;
    /** The file system failed to write, and may have lost what was written before. */
    bool has_lost;
};

/** What a handle names. */
struct thimble_file_handle {
    struct thimble_slot slot;
    /** THIMBLE_PLATFORM_OPEN_READ and _WRITE. */
    uint32_t access;
    struct thimble_file *file;
};

/** Finds what a handle names. @return NULL for an unknown handle. */
struct thimble_file_handle *thimble_file_find(uintptr_t handle);

/** Finds an open directory. @return 0; BAD_DESCRIPTOR; NOT_DIRECTORY. */
int32_t thimble_file_find_directory(uintptr_t handle, struct thimble_file **directory);

/** Finds what is open of a path. @return NULL when it is not open. */
struct thimble_file *thimble_file_find_path(const char *path);

/** Whether a path, or something in the directory of that path, is open. */
bool thimble_file_is_open(const char *path);

/** Takes a free handle, which names nothing yet. @return NULL without one. */
struct thimble_file_handle *thimble_file_take_handle(void);

/** Gives back a handle that names nothing. */
void thimble_file_free_handle(struct thimble_file_handle *handle);

/** Lets a taken handle name a file, which thereby has one more. @return Its number. */
uintptr_t thimble_file_open_handle(struct thimble_file_handle *handle, struct thimble_file *file,
                                   uint32_t access);

/** Ends a handle. @return 0 or BAD_DESCRIPTOR; file is what it named. */
int32_t thimble_file_close_handle(uintptr_t handle, struct thimble_file **file, uint32_t *access);

/** A free entry for a path that is to be opened; there are as many as handles. */
struct thimble_file *thimble_file_take(void);

/** Whether the file system of a regular file is still mounted. */
bool thimble_file_is_mounted(const struct thimble_file *file);

/** Whether a handle names something. Does not wait; called without the lock. */
bool thimble_file_is_known(uintptr_t handle);

#endif

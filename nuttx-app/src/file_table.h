/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Open files and directories, and the handles that name them.
 *
 * One lock for all files: what a path names must not change between looking at it and using
 * it, and each use of a file sets its position.
 */

#ifndef THIMBLE_FILE_TABLE_H
#define THIMBLE_FILE_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "file_path.h"
#include "handle.h"

/** What a handle names. */
struct thimble_file {
    struct thimble_slot slot;
    /** On the heap, without links, and without '/' at the end unless it is the root. */
    char *path;
    /** The descriptor, of the task; negative for a directory, which needs none. */
    int descriptor;
    pid_t task;
    /** THIMBLE_PLATFORM_OPEN_READ and _WRITE. */
    uint32_t access;
    /** One of THIMBLE_PLATFORM_FILE_... */
    uint8_t kind;
};

/** Begins a call about files. All that follows is called with the lock. */
void thimble_file_lock(void);

/** Ends a call about files. */
void thimble_file_unlock(void);

/** Finds what a handle names. @return NULL for an unknown handle, or that of another task. */
struct thimble_file *thimble_file_find(uintptr_t handle);

/** Finds an open directory. @return 0; BAD_DESCRIPTOR; NOT_DIRECTORY. */
int32_t thimble_file_find_directory(uintptr_t handle, struct thimble_file **directory);

/** Whether a path, or something in the directory of that path, is open. */
bool thimble_file_is_open(const char *path);

/** Takes a free handle, which names nothing yet. @return NULL without one. */
struct thimble_file *thimble_file_take(void);

/** Gives back a handle that names nothing. */
void thimble_file_free(struct thimble_file *file);

/** Lets a taken handle, filled in, name a file. @return Its number. */
uintptr_t thimble_file_open(struct thimble_file *file);

/** Ends a handle, which is to be given to thimble_file_free. @return 0 or BAD_DESCRIPTOR. */
int32_t thimble_file_close(uintptr_t handle, struct thimble_file **file);

#endif

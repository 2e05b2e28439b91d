/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * A file system, as Thimble asks for it: a table of functions over whole paths.
 *
 * The functions are called by one thread at a time, from all mounted file systems, so
 * they need no lock of their own, unless others than Thimble use the medium. They may
 * take as long as the medium takes. Those that return int32_t give 0 or a count for
 * success, and otherwise an error of thimble_platform.h, made by
 * THIMBLE_PLATFORM_ERROR().
 *
 * Thimble does what needs no medium: it opens a path once however often a program
 * opens it, reads and writes at positions that it seeks before, never seeks beyond the
 * end, fills holes with zeroes, removes and renames only what is there and not open, and
 * puts listings into an order in which they can be continued.
 *
 * Paths begin with '/', or are empty for the root; names have been checked to be neither
 * "." nor "..", and are separated by one '/' each.
 */

#ifndef THIMBLE_FILE_SYSTEM_H
#define THIMBLE_FILE_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <thimble_platform.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What has a name. */
struct thimble_file_entry {
    /** The name as the medium stores it. Valid until the next call. */
    const char *name;
    /** Bytes of a regular file. */
    uint64_t size;
    /** THIMBLE_PLATFORM_FILE_REGULAR or THIMBLE_PLATFORM_FILE_DIRECTORY. */
    uint8_t kind;
};

/** The functions of a file system. All but is_mounted and has_room must be there. */
struct thimble_file_system_calls {
    /**
     * Tells what has a name. Not called for the root.
     *
     * @param entry Its name differs from the one asked for where the medium knows one
     *        object by several, as media do that make no difference between capitals
     *        and small letters.
     * @return 0; NOT_FOUND; INVALID_ARGUMENT for a name that the medium would change.
     */
    int32_t (*look_up)(void *context, const char *path, struct thimble_file_entry *entry);

    /**
     * Calls visit(visitor, entry) for each entry of a directory, in any order, until it
     * returns false. It calls no function of the table. Whether "." and ".." are
     * shown does not matter.
     */
    int32_t (*list)(void *context, const char *path,
                    bool (*visit)(void *visitor, const struct thimble_file_entry *entry),
                    void *visitor);

    /**
     * Makes a directory of a name that is free.
     *
     * @return 0; NO_SPACE; READ_ONLY; NAME_TOO_LONG.
     */
    int32_t (*make_directory)(void *context, const char *path);

    /**
     * Removes a file, or an empty directory.
     *
     * @return 0; READ_ONLY.
     */
    int32_t (*remove)(void *context, const char *path);

    /**
     * Renames, within the medium, and replaces what has the new name: a file by a file or
     * an empty directory by a directory.
     *
     * @param replaces Whether something has the new name.
     * @return 0; NO_SPACE; READ_ONLY; NAME_TOO_LONG.
     */
    int32_t (*rename)(void *context, const char *from, const char *to, bool replaces);

    /**
     * Whether the medium may have room for so many bytes more; asked before much is
     * written. NULL if it cannot tell.
     */
    bool (*has_room)(void *context, const char *path, uint64_t bytes);

    /**
     * Opens a regular file, at its start, to read.
     *
     * @param path Stays where it is until the file is closed.
     * @param options THIMBLE_PLATFORM_OPEN_WRITE to write as well, and
     *        THIMBLE_PLATFORM_OPEN_CREATE for a name that is free.
     * @param file Set to what the calls below are given.
     * @return 0; TOO_MANY_OPEN; READ_ONLY or PERMISSION_DENIED to write, after which it is
     *         opened to read; and to create also NO_SPACE, NAME_TOO_LONG.
     */
    int32_t (*open)(void *context, const char *path, uint32_t options, void **file);

    /** Ends an open file, also if it fails. @return 0; IO if something was lost. */
    int32_t (*close)(void *context, void *file);

    /** Sets where the next read or write begins, not beyond the end. */
    int32_t (*seek)(void *context, void *file, uint64_t position);

    /** Tells the size of an open file. May leave its position undefined. */
    int32_t (*size)(void *context, void *file, uint64_t *size);

    /** Reads, not beyond the end. @return How many bytes, at least one. */
    int32_t (*read)(void *context, void *file, void *buffer, size_t length);

    /**
     * Writes some bytes, within the file or from its end on.
     *
     * @param length May be 0, to try whether the file can be written again.
     * @return How many bytes; 0 when the medium is full and nothing was lost; NO_SPACE when
     *         it is full and it is not known what was written.
     */
    int32_t (*write)(void *context, void *file, const void *data, size_t length);

    /** Cuts a file. May leave its position undefined. */
    int32_t (*truncate)(void *context, void *file, uint64_t size);

    /** Waits until what was written is on the medium. */
    int32_t (*sync)(void *context, void *file);

    /**
     * Whether the medium of an open file is still there; NULL where it is as long as
     * something is open. Every other call is then refused.
     */
    bool (*is_mounted)(void *context, void *file);
};

/** A file system that is mounted. */
struct thimble_file_system {
    /** What can be done with it. */
    const struct thimble_file_system_calls *calls;
    /** The first argument of every call. */
    void *context;
    /** How many bytes of a path the calls are not given: those of the mount point, or 0 if
     *  they take it as well. */
    size_t hidden;
};

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* Making, removing and renaming. Whatever is open keeps its name: a path is all that is known
 * of a directory, and file systems differ in what becomes of an open file. */

#include <nuttx/config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "error_number.h"
#include "file_table.h"

/* A name in a directory, and what is there. */
struct place {
    char *path;
    /* One of THIMBLE_PLATFORM_FILE_..., if it exists. */
    uint8_t kind;
    bool exists;
};

/* Looks at a name in a directory that a handle names. The place is to be given to `leave`. */
static int32_t find(uintptr_t directory, const char *name, struct place *place)
{
    struct thimble_file *parent;
    int32_t status = thimble_file_find_directory(directory, &parent);

    if (status == 0) {
        status = thimble_path_join(parent->path, name, &place->path);
    }
    if (status != 0) {
        return status;
    }
    status = thimble_path_look(place->path, &place->kind);
    place->exists = status == 0;
    if (status == 0 || thimble_error_is(status, THIMBLE_PLATFORM_NOT_FOUND)) {
        return 0;
    }
    free(place->path);
    return status;
}

/* As find, but NOT_FOUND where nothing is. */
static int32_t find_existing(uintptr_t directory, const char *name, struct place *place)
{
    int32_t status = find(directory, name, place);

    if (status == 0 && !place->exists) {
        free(place->path);
        status = THIMBLE_FAILED(NOT_FOUND);
    }
    return status;
}

static void leave(struct place *place)
{
    free(place->path);
}

/* What a call of NuttX says. */
static int32_t result_of(int result)
{
    return result == 0 ? 0 : thimble_error(errno);
}

int32_t thimble_platform_file_create_directory_at(uintptr_t directory, const char *name)
{
    struct place place;

    thimble_file_lock();

    int32_t status = find(directory, name, &place);

    if (status == 0) {
        status = place.exists ? THIMBLE_FAILED(ALREADY_EXISTS)
                              : result_of(mkdir(place.path, 0777));
        leave(&place);
    }
    thimble_file_unlock();
    return status;
}

static int32_t remove_file(const struct place *place)
{
    if (place->kind == THIMBLE_PLATFORM_FILE_DIRECTORY) {
        return THIMBLE_FAILED(IS_DIRECTORY);
    }
    if (thimble_file_is_open(place->path)) {
        return THIMBLE_FAILED(BUSY);
    }
    return result_of(unlink(place->path));
}

static int32_t remove_directory(const struct place *place)
{
    if (place->kind != THIMBLE_PLATFORM_FILE_DIRECTORY) {
        return THIMBLE_FAILED(NOT_DIRECTORY);
    }

    int32_t status = thimble_path_check_empty(place->path);

    if (status == 0 && thimble_file_is_open(place->path)) {
        status = THIMBLE_FAILED(BUSY);
    }
    return status == 0 ? result_of(rmdir(place->path)) : status;
}

static int32_t remove_at(uintptr_t directory, const char *name,
                         int32_t (*remove_place)(const struct place *place))
{
    struct place place;

    thimble_file_lock();

    int32_t status = find_existing(directory, name, &place);

    if (status == 0) {
        status = remove_place(&place);
        leave(&place);
    }
    thimble_file_unlock();
    return status;
}

int32_t thimble_platform_file_remove_file_at(uintptr_t directory, const char *name)
{
    return remove_at(directory, name, remove_file);
}

int32_t thimble_platform_file_remove_directory_at(uintptr_t directory, const char *name)
{
    return remove_at(directory, name, remove_directory);
}

/* Whether both are one file, in other capitals. */
static bool is_same(const struct place *from, const struct place *to)
{
    struct statfs system;

    if (strcmp(from->path, to->path) == 0) {
        return true;
    }
    return to->exists && strcasecmp(from->path, to->path) == 0 &&
           statfs(from->path, &system) == 0 && system.f_type == MSDOS_SUPER_MAGIC;
}

/* Makes room for what takes the place of something else; 0, or the error. NuttX moves
 * whatever is renamed to a directory into it. */
static int32_t replace(const struct place *from, const struct place *to)
{
    bool from_directory = from->kind == THIMBLE_PLATFORM_FILE_DIRECTORY;
    bool to_directory = to->kind == THIMBLE_PLATFORM_FILE_DIRECTORY;

    if (from_directory != to_directory) {
        return from_directory ? THIMBLE_FAILED(NOT_DIRECTORY) : THIMBLE_FAILED(IS_DIRECTORY);
    }
    if (to_directory) {
        return remove_directory(to);
    }
    return thimble_file_is_open(to->path) ? THIMBLE_FAILED(BUSY) : 0;
}

static int32_t rename_place(const struct place *from, const struct place *to)
{
    if (is_same(from, to)) {
        return 0;
    }
    if (from->kind == THIMBLE_PLATFORM_FILE_SYMBOLIC_LINK) {
        /* See file_path.h. */
        return THIMBLE_FAILED(NOT_SUPPORTED);
    }
    if (thimble_path_is_within(to->path, from->path)) {
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }

    int32_t status = thimble_file_is_open(from->path) ? THIMBLE_FAILED(BUSY) : 0;

    if (status == 0 && to->exists) {
        status = replace(from, to);
    }
    return status == 0 ? result_of(rename(from->path, to->path)) : status;
}

int32_t thimble_platform_file_rename_at(uintptr_t directory, const char *name,
                                        uintptr_t to_directory, const char *to_name)
{
    struct place from;
    struct place to;

    thimble_file_lock();

    int32_t status = find_existing(directory, name, &from);

    if (status == 0) {
        status = find(to_directory, to_name, &to);
        if (status == 0) {
            status = rename_place(&from, &to);
            leave(&to);
        }
        leave(&from);
    }
    thimble_file_unlock();
    return status;
}

/* Refuses what NuttX has in its pseudo file system only, if the directories are ones. */
static int32_t refuse(uintptr_t directory, uintptr_t to_directory)
{
    struct thimble_file *parent;

    thimble_file_lock();

    int32_t status = thimble_file_find_directory(directory, &parent);

    if (status == 0) {
        status = thimble_file_find_directory(to_directory, &parent);
    }
    thimble_file_unlock();
    return status == 0 ? THIMBLE_FAILED(NOT_SUPPORTED) : status;
}

int32_t thimble_platform_file_link_at(uintptr_t directory, const char *name,
                                      uintptr_t to_directory, const char *to_name)
{
    (void)name;
    (void)to_name;
    /* NuttX's link() makes a symbolic one. */
    return refuse(directory, to_directory);
}

int32_t thimble_platform_file_symlink_at(const char *target, uintptr_t directory,
                                         const char *name)
{
    (void)target;
    (void)name;
    return refuse(directory, directory);
}

#if defined(CONFIG_PSEUDOFS_SOFTLINKS)
static int32_t read_link(const struct place *place, void *buffer, size_t length)
{
    char target[PATH_MAX];
    ssize_t count = readlink(place->path, target, sizeof(target));

    if (count < 0) {
        return thimble_error(errno);
    }
    memcpy(buffer, target, (size_t)count < length ? (size_t)count : length);
    return (int32_t)count;
}
#endif

int32_t thimble_platform_file_read_link_at(uintptr_t directory, const char *name, void *buffer,
                                           size_t length)
{
    struct place place;

    (void)buffer;
    (void)length;
    thimble_file_lock();

    int32_t status = find_existing(directory, name, &place);

    if (status == 0) {
        if (place.kind != THIMBLE_PLATFORM_FILE_SYMBOLIC_LINK) {
            status = THIMBLE_FAILED(INVALID_ARGUMENT);
        }
#if defined(CONFIG_PSEUDOFS_SOFTLINKS)
        else {
            status = read_link(&place, buffer, length);
        }
#endif
        leave(&place);
    }
    thimble_file_unlock();
    return status;
}

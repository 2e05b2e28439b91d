/* SPDX-License-Identifier: Apache-2.0 */

/* Making, removing and renaming. Whatever is open keeps its name: a path is all that
 * is known of a directory, and file systems differ in what becomes of an open file. */

#include <string.h>

#include "error.h"
#include "file_table.h"

/* Looks up a name in a directory that a handle names; existing ones only, if asked. */
static int32_t find(uintptr_t directory, const char *name, bool must_exist,
                    struct thimble_path *path)
{
    struct thimble_file *parent;
    int32_t status = thimble_file_find_directory(directory, &parent);

    if (status < 0) {
        return status;
    }
    return must_exist ? thimble_path_find_existing(&parent->path, name, path)
                      : thimble_path_find(&parent->path, name, path);
}

/* Whether a path can be taken away from where it is; 0, or the error. */
static int32_t check_unused(const struct thimble_path *path)
{
    if (thimble_path_is_mount_point(path) || thimble_file_is_open(path->text)) {
        return THIMBLE_FAILED(BUSY);
    }
    return 0;
}

/* Takes a name away from a file or an empty directory that nobody uses. */
static int32_t unlink_path(const struct thimble_path *path)
{
    return path->system->calls->remove(path->system->context, thimble_path_argument(path));
}

int32_t thimble_platform_file_create_directory_at(uintptr_t directory, const char *name)
{
    struct thimble_path path;

    thimble_file_lock();

    int32_t status = find(directory, name, false, &path);

    if (status == 0) {
        if (path.kind != THIMBLE_PLATFORM_FILE_UNKNOWN) {
            status = THIMBLE_FAILED(ALREADY_EXISTS);
        } else {
            status = path.system->calls->make_directory(path.system->context,
                                                        thimble_path_argument(&path));
        }
        thimble_path_free(&path);
    }
    thimble_file_unlock();
    return status;
}

static int32_t remove_file(const struct thimble_path *path)
{
    if (path->kind == THIMBLE_PLATFORM_FILE_DIRECTORY) {
        return THIMBLE_FAILED(IS_DIRECTORY);
    }

    int32_t status = check_unused(path);

    return status == 0 ? unlink_path(path) : status;
}

static int32_t remove_directory(const struct thimble_path *path)
{
    if (path->kind != THIMBLE_PLATFORM_FILE_DIRECTORY) {
        return THIMBLE_FAILED(NOT_DIRECTORY);
    }

    int32_t status = thimble_path_check_empty(path);

    if (status == 0) {
        status = check_unused(path);
    }
    return status == 0 ? unlink_path(path) : status;
}

static int32_t remove_at(uintptr_t directory, const char *name,
                         int32_t (*remove_path)(const struct thimble_path *path))
{
    struct thimble_path path;

    thimble_file_lock();

    int32_t status = find(directory, name, true, &path);

    if (status == 0) {
        status = remove_path(&path);
        thimble_path_free(&path);
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

/* Whether something can take the place of what has the new name; 0, or the error. */
static int32_t check_replaced(const struct thimble_path *from, const struct thimble_path *to)
{
    if (to->kind == THIMBLE_PLATFORM_FILE_UNKNOWN) {
        return 0;
    }
    if (from->kind != to->kind) {
        return from->kind == THIMBLE_PLATFORM_FILE_DIRECTORY ? THIMBLE_FAILED(NOT_DIRECTORY)
                                                             : THIMBLE_FAILED(IS_DIRECTORY);
    }
    if (to->kind == THIMBLE_PLATFORM_FILE_DIRECTORY) {
        int32_t status = thimble_path_check_empty(to);

        if (status < 0) {
            return status;
        }
    }
    return check_unused(to);
}

static int32_t rename_path(const struct thimble_path *from, const struct thimble_path *to)
{
    /* On FAT also with other capitals: drivers would remove the file. */
    if (strcmp(from->text, to->text) == 0) {
        return 0;
    }
    if (thimble_path_is_within(to->text, from->text)) {
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }
    if (strncmp(from->text, to->text, from->mount_length) != 0 ||
        from->mount_length != to->mount_length) {
        return THIMBLE_FAILED(CROSSES_DEVICES);
    }

    int32_t status = check_replaced(from, to);

    if (status == 0) {
        status = check_unused(from);
    }
    if (status < 0) {
        return status;
    }
    return from->system->calls->rename(from->system->context, thimble_path_argument(from),
                                       thimble_path_argument(to),
                                       to->kind != THIMBLE_PLATFORM_FILE_UNKNOWN);
}

int32_t thimble_platform_file_rename_at(uintptr_t directory, const char *name,
                                        uintptr_t to_directory, const char *to_name)
{
    struct thimble_file *to_parent;
    struct thimble_path from;
    struct thimble_path to;

    thimble_file_lock();

    int32_t status = thimble_file_find_directory(to_directory, &to_parent);

    if (status == 0) {
        status = find(directory, name, true, &from);
    }
    if (status == 0) {
        status = thimble_path_find(&to_parent->path, to_name, &to);
        if (status == 0) {
            status = rename_path(&from, &to);
            thimble_path_free(&to);
        }
        thimble_path_free(&from);
    }
    thimble_file_unlock();
    return status;
}

int32_t thimble_platform_file_link_at(uintptr_t directory, const char *name,
                                      uintptr_t to_directory, const char *to_name)
{
    struct thimble_file *parent;

    (void)name;
    (void)to_name;
    thimble_file_lock();

    int32_t status = thimble_file_find_directory(directory, &parent);

    if (status == 0) {
        status = thimble_file_find_directory(to_directory, &parent);
    }
    thimble_file_unlock();
    return status == 0 ? THIMBLE_FAILED(NOT_SUPPORTED) : status;
}

int32_t thimble_platform_file_symlink_at(const char *target, uintptr_t directory,
                                         const char *name)
{
    struct thimble_file *parent;

    (void)target;
    (void)name;
    thimble_file_lock();

    int32_t status = thimble_file_find_directory(directory, &parent);

    thimble_file_unlock();
    return status == 0 ? THIMBLE_FAILED(NOT_SUPPORTED) : status;
}

int32_t thimble_platform_file_read_link_at(uintptr_t directory, const char *name, void *buffer,
                                           size_t length)
{
    struct thimble_path path;

    (void)buffer;
    (void)length;
    thimble_file_lock();

    int32_t status = find(directory, name, true, &path);

    if (status == 0) {
        /* Whatever is there is something else. */
        thimble_path_free(&path);
        status = THIMBLE_FAILED(INVALID_ARGUMENT);
    }
    thimble_file_unlock();
    return status;
}

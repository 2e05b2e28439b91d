/* SPDX-License-Identifier: Apache-2.0 */

/* Opening and closing. */

#include "error.h"
#include "file_data.h"
#include "file_table.h"

/* Opens for reading and writing if possible, as whoever opens it next may write. */
static int32_t open_regular(struct thimble_file *file, bool is_new)
{
    const struct thimble_file_system *system = file->path.system;
    const char *path = thimble_path_argument(&file->path);
    uint32_t options = is_new ? THIMBLE_PLATFORM_OPEN_WRITE | THIMBLE_PLATFORM_OPEN_CREATE
                              : THIMBLE_PLATFORM_OPEN_WRITE;
    int32_t status = system->calls->open(system->context, path, options, &file->opened);

    if (is_new) {
        return status;
    }
    file->write_error = status;
    if (thimble_error_is(status, THIMBLE_PLATFORM_READ_ONLY) ||
        thimble_error_is(status, THIMBLE_PLATFORM_PERMISSION_DENIED)) {
        status = system->calls->open(system->context, path, 0, &file->opened);
    }
    return status;
}

/* Opens a path that is not open; path is taken over, also after an error. */
static int32_t open_path(struct thimble_path *path, struct thimble_file **file)
{
    struct thimble_file *opened = thimble_file_take();
    bool is_new = path->kind == THIMBLE_PLATFORM_FILE_UNKNOWN;
    int32_t status = 0;

    if (is_new) {
        path->kind = THIMBLE_PLATFORM_FILE_REGULAR;
    }
    opened->path = *path;
    opened->position = 0;
    opened->write_error = 0;
    opened->has_lost = false;
    if (path->kind == THIMBLE_PLATFORM_FILE_REGULAR) {
        status = open_regular(opened, is_new);
    }
    if (status < 0) {
        thimble_path_free(path);
        return status;
    }
    *file = opened;
    return 0;
}

/* Ends what no handle names any more. */
static int32_t end(struct thimble_file *file)
{
    int32_t status = 0;

    if (file->path.kind == THIMBLE_PLATFORM_FILE_REGULAR) {
        const struct thimble_file_system *system = file->path.system;

        status = system->calls->close(system->context, file->opened);
        if (status == 0 && file->has_lost) {
            status = THIMBLE_FAILED(IO);
        }
    }
    thimble_path_free(&file->path);
    return status;
}

/* Whether the options allow what is there; 0, or the error. */
static int32_t check_options(const struct thimble_path *path, uint32_t options)
{
    bool creates = (options & THIMBLE_PLATFORM_OPEN_CREATE) != 0;

    switch (path->kind) {
    case THIMBLE_PLATFORM_FILE_UNKNOWN:
        return creates ? 0 : THIMBLE_FAILED(NOT_FOUND);
    case THIMBLE_PLATFORM_FILE_DIRECTORY:
        if ((options & THIMBLE_PLATFORM_OPEN_EXCLUSIVE) != 0) {
            return THIMBLE_FAILED(ALREADY_EXISTS);
        }
        return creates || (options & THIMBLE_PLATFORM_OPEN_WRITE) != 0
                   ? THIMBLE_FAILED(IS_DIRECTORY)
                   : 0;
    default:
        if ((options & THIMBLE_PLATFORM_OPEN_EXCLUSIVE) != 0) {
            return THIMBLE_FAILED(ALREADY_EXISTS);
        }
        return (options & THIMBLE_PLATFORM_OPEN_DIRECTORY) != 0 ? THIMBLE_FAILED(NOT_DIRECTORY)
                                                                : 0;
    }
}

/* Opens what was looked up; path is taken over. */
static int32_t open_found(struct thimble_path *path, uint32_t options, uintptr_t *number)
{
    struct thimble_file_handle *handle = thimble_file_take_handle();
    struct thimble_file *file;

    if (handle == NULL) {
        thimble_path_free(path);
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }

    struct thimble_file *shared = thimble_file_find_path(path->text);
    int32_t status = 0;

    if (shared != NULL) {
        thimble_path_free(path);
        file = shared;
    } else {
        status = open_path(path, &file);
        if (status < 0) {
            thimble_file_free_handle(handle);
            return status;
        }
    }
    if ((options & THIMBLE_PLATFORM_OPEN_WRITE) != 0) {
        status = file->write_error;
        if (status == 0 && (options & THIMBLE_PLATFORM_OPEN_TRUNCATE) != 0) {
            status = thimble_file_resize(file, 0);
        }
    }
    if (status < 0) {
        if (shared == NULL) {
            (void)end(file);
        }
        thimble_file_free_handle(handle);
        return status;
    }
    *number = thimble_file_open_handle(handle, file, options);
    return file->path.kind;
}

int32_t thimble_platform_file_open_root(const char *path, uintptr_t *file)
{
    struct thimble_path found;

    thimble_file_lock();

    int32_t status = thimble_path_find_root(path, &found);

    if (status == 0) {
        status = open_found(&found, THIMBLE_PLATFORM_OPEN_READ, file);
    }
    thimble_file_unlock();
    return THIMBLE_MIN(status, 0);
}

int32_t thimble_platform_file_open_at(uintptr_t directory, const char *name, uint32_t options,
                                      uintptr_t *file)
{
    struct thimble_file *parent;
    struct thimble_path path;

    thimble_file_lock();

    int32_t status = thimble_file_find_directory(directory, &parent);

    if (status == 0) {
        status = thimble_path_find(&parent->path, name, &path);
    }
    if (status == 0) {
        status = check_options(&path, options);
        if (status == 0) {
            status = open_found(&path, options, file);
        } else {
            thimble_path_free(&path);
        }
    }
    thimble_file_unlock();
    return status;
}

int32_t thimble_platform_file_duplicate(uintptr_t file, uintptr_t *duplicate)
{
    int32_t status = 0;

    thimble_file_lock();

    struct thimble_file_handle *found = thimble_file_find(file);

    if (found == NULL) {
        status = THIMBLE_FAILED(BAD_DESCRIPTOR);
    } else {
        struct thimble_file_handle *handle = thimble_file_take_handle();

        if (handle == NULL) {
            status = THIMBLE_FAILED(TOO_MANY_OPEN);
        } else {
            *duplicate = thimble_file_open_handle(handle, found->file, found->access);
        }
    }
    thimble_file_unlock();
    return status;
}

int32_t thimble_platform_file_close(uintptr_t file)
{
    struct thimble_file *closed;
    uint32_t access;

    thimble_file_lock();

    int32_t status = thimble_file_close_handle(file, &closed, &access);

    if (status == 0) {
        closed->handles--;
        if (closed->handles == 0) {
            status = end(closed);
        } else if ((access & THIMBLE_PLATFORM_OPEN_WRITE) != 0) {
            /* Whoever wrote is done, although others have the file open. */
            status = thimble_file_flush(closed);
        }
    }
    thimble_file_unlock();
    return status;
}

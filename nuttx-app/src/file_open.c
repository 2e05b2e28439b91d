/* SPDX-License-Identifier: Apache-2.0 */

/* Opening and closing. */

#include <nuttx/config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error_number.h"
#include "file_table.h"

static bool has(uint32_t options, uint32_t option)
{
    return (options & option) != 0;
}

/* Whether the options allow what is there; 0, or the error. */
static int32_t check_options(uint8_t kind, uint32_t options)
{
    if (has(options, THIMBLE_PLATFORM_OPEN_EXCLUSIVE)) {
        return THIMBLE_FAILED(ALREADY_EXISTS);
    }
    if (kind == THIMBLE_PLATFORM_FILE_SYMBOLIC_LINK) {
        return THIMBLE_FAILED(LOOP);
    }
    if (kind == THIMBLE_PLATFORM_FILE_DIRECTORY) {
        return has(options, THIMBLE_PLATFORM_OPEN_CREATE | THIMBLE_PLATFORM_OPEN_WRITE)
                   ? THIMBLE_FAILED(IS_DIRECTORY)
                   : 0;
    }
    return has(options, THIMBLE_PLATFORM_OPEN_DIRECTORY) ? THIMBLE_FAILED(NOT_DIRECTORY) : 0;
}

/* The flags of open(). */
static int flags_of(uint32_t options, bool is_new)
{
    int flags = O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC;

    if (!has(options, THIMBLE_PLATFORM_OPEN_WRITE)) {
        flags |= O_RDONLY;
    } else if (has(options, THIMBLE_PLATFORM_OPEN_READ)) {
        flags |= O_RDWR;
    } else {
        flags |= O_WRONLY;
    }
    if (is_new) {
        flags |= O_CREAT | O_EXCL;
    }
    if (has(options, THIMBLE_PLATFORM_OPEN_TRUNCATE)) {
        flags |= O_TRUNC;
    }
    return flags;
}

/* Opens a path; the path is taken over, also after an error. */
static int32_t open_path(char *path, uint8_t kind, bool is_new, uint32_t options,
                         uintptr_t *handle)
{
    struct thimble_file *file = thimble_file_take();

    if (file == NULL) {
        free(path);
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }
    file->descriptor = -1;
    if (kind != THIMBLE_PLATFORM_FILE_DIRECTORY) {
        file->descriptor = open(path, flags_of(options, is_new), 0666);
        if (file->descriptor < 0) {
            int32_t status = thimble_error(errno);

            thimble_file_free(file);
            free(path);
            return status;
        }
    }
    file->path = path;
    file->kind = kind;
    file->access = options & (THIMBLE_PLATFORM_OPEN_READ | THIMBLE_PLATFORM_OPEN_WRITE);
    *handle = thimble_file_open(file);
    return kind;
}

int32_t thimble_platform_file_open_root(const char *path, uintptr_t *file)
{
    uint8_t kind;
    /* Follows links, and knows the directory of the shell. */
    char *found = realpath(path, NULL);

    if (found == NULL) {
        return thimble_error(errno);
    }
    thimble_file_lock();

    int32_t status = thimble_path_look(found, &kind);

    if (status == 0 && kind != THIMBLE_PLATFORM_FILE_DIRECTORY) {
        status = THIMBLE_FAILED(NOT_DIRECTORY);
    }
    if (status == 0) {
        status = open_path(found, kind, false, THIMBLE_PLATFORM_OPEN_READ, file);
    } else {
        free(found);
    }
    thimble_file_unlock();
    return status < 0 ? status : 0;
}

/* Opens what a path names, or makes it; the path is taken over. */
static int32_t open_or_make(char *path, uint32_t options, uintptr_t *file)
{
    uint8_t kind = THIMBLE_PLATFORM_FILE_REGULAR;
    int32_t status = thimble_path_look(path, &kind);
    bool is_new = thimble_error_is(status, THIMBLE_PLATFORM_NOT_FOUND) &&
                  has(options, THIMBLE_PLATFORM_OPEN_CREATE);

    if (status == 0) {
        status = check_options(kind, options);
    } else if (is_new) {
        status = 0;
    }
    if (status != 0) {
        free(path);
        return status;
    }
    return open_path(path, kind, is_new, options, file);
}

int32_t thimble_platform_file_open_at(uintptr_t directory, const char *name, uint32_t options,
                                      uintptr_t *file)
{
    struct thimble_file *parent;
    char *path;

    thimble_file_lock();

    int32_t status = thimble_file_find_directory(directory, &parent);

    if (status == 0) {
        status = thimble_path_join(parent->path, name, &path);
    }
    if (status == 0) {
        status = open_or_make(path, options, file);
    }
    thimble_file_unlock();
    return status;
}

static int32_t copy(const struct thimble_file *file, uintptr_t *handle)
{
    struct thimble_file *copied = thimble_file_take();
    int32_t status = 0;

    if (copied == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }

    char *path = strdup(file->path);

    if (path == NULL) {
        status = THIMBLE_FAILED(OUT_OF_MEMORY);
    } else {
        copied->descriptor = file->descriptor < 0 ? -1 : dup(file->descriptor);
        if (file->descriptor >= 0 && copied->descriptor < 0) {
            status = thimble_error(errno);
            free(path);
        }
    }
    if (status != 0) {
        thimble_file_free(copied);
        return status;
    }
    copied->path = path;
    copied->kind = file->kind;
    copied->access = file->access;
    *handle = thimble_file_open(copied);
    return 0;
}

int32_t thimble_platform_file_duplicate(uintptr_t file, uintptr_t *duplicate)
{
    thimble_file_lock();

    struct thimble_file *found = thimble_file_find(file);
    int32_t status = found == NULL ? THIMBLE_FAILED(BAD_DESCRIPTOR) : copy(found, duplicate);

    thimble_file_unlock();
    return status;
}

int32_t thimble_platform_file_close(uintptr_t file)
{
    struct thimble_file *closed;

    thimble_file_lock();

    int32_t status = thimble_file_close(file, &closed);

    if (status == 0) {
        if (closed->descriptor >= 0 && close(closed->descriptor) != 0) {
            status = thimble_error(errno);
        }
        free(closed->path);
        thimble_file_free(closed);
    }
    thimble_file_unlock();
    return status;
}

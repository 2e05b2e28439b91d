/* SPDX-License-Identifier: Apache-2.0 */

/* What is in files. */

#include <nuttx/config.h>

#include <errno.h>
#include <unistd.h>

#include "error_number.h"
#include "file_data.h"
#include "file_table.h"

/* The largest size of a file: an off_t may have 32 bits. */
#define LARGEST (sizeof(off_t) > 4 ? (uint64_t)INT64_MAX : (uint64_t)INT32_MAX)

static bool has_positions(const struct thimble_file *file)
{
    return file->kind == THIMBLE_PLATFORM_FILE_REGULAR ||
           file->kind == THIMBLE_PLATFORM_FILE_BLOCK_DEVICE;
}

/* Not by fstat(): on FAT, that knows the size of what was closed. */
int32_t thimble_file_size(const struct thimble_file *file, uint64_t *size)
{
    off_t end = lseek(file->descriptor, 0, SEEK_END);

    if (end < 0) {
        return thimble_error(errno);
    }
    *size = (uint64_t)end;
    return 0;
}

static int32_t seek(const struct thimble_file *file, uint64_t offset)
{
    return lseek(file->descriptor, (off_t)offset, SEEK_SET) >= 0 ? 0 : thimble_error(errno);
}

static int32_t put(const struct thimble_file *file, const void *data, size_t length)
{
    ssize_t count;

    do {
        count = write(file->descriptor, data, length);
    } while (count < 0 && errno == EINTR);
    if (count == 0) {
        /* A file system that takes nothing has no room. */
        return has_positions(file) ? THIMBLE_FAILED(NO_SPACE) : THIMBLE_FAILED(WOULD_BLOCK);
    }
    return count > 0 ? (int32_t)count : thimble_error(errno);
}

static int32_t get(const struct thimble_file *file, void *buffer, size_t length)
{
    ssize_t count;

    do {
        count = read(file->descriptor, buffer, length);
    } while (count < 0 && errno == EINTR);
    return count >= 0 ? (int32_t)count : thimble_error(errno);
}

/* Extends a file with zeroes: not every file system of NuttX does when it is told to go
 * beyond the end. */
static int32_t extend(const struct thimble_file *file, uint64_t before, uint64_t size)
{
    static const uint8_t zeroes[64];
    int32_t status = seek(file, before);
    uint64_t done = before;

    while (status >= 0 && done < size) {
        uint64_t left = size - done;

        status = put(file, zeroes, left < sizeof(zeroes) ? (size_t)left : sizeof(zeroes));
        done += status > 0 ? (uint64_t)status : 0;
    }
    if (status < 0 && done > before) {
        /* The size stays as it was, if the medium lets it. */
        (void)ftruncate(file->descriptor, (off_t)before);
    }
    return status < 0 ? status : 0;
}

static int32_t read_at(const struct thimble_file *file, uint64_t offset, void *buffer,
                       size_t length)
{
    uint64_t size;

    if (!has_positions(file)) {
        return get(file, buffer, length);
    }

    int32_t status = thimble_file_size(file, &size);

    /* Asked for what is behind the end, tmpfs gives a number below zero. */
    if (status < 0 || offset >= size) {
        return status;
    }
    status = seek(file, offset);
    if (length > size - offset) {
        length = (size_t)(size - offset);
    }
    return status < 0 ? status : get(file, buffer, length);
}

static int32_t write_at(const struct thimble_file *file, uint64_t offset, const void *data,
                        size_t length)
{
    uint64_t size;

    if (!has_positions(file)) {
        return put(file, data, length);
    }
    if (offset >= LARGEST) {
        return THIMBLE_FAILED(FILE_TOO_LARGE);
    }

    int32_t status = thimble_file_size(file, &size);

    if (status == 0) {
        status = offset > size ? extend(file, size, offset) : seek(file, offset);
    }
    if (length > LARGEST - offset) {
        length = (size_t)(LARGEST - offset);
    }
    return status < 0 ? status : put(file, data, length);
}

/* Finds what is open for an access, and not a directory. */
static int32_t find(uintptr_t handle, uint32_t access, int32_t otherwise,
                    struct thimble_file **file)
{
    struct thimble_file *found = thimble_file_find(handle);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    if (found->kind == THIMBLE_PLATFORM_FILE_DIRECTORY) {
        return otherwise;
    }
    if ((found->access & access) != access) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    *file = found;
    return 0;
}

int32_t thimble_platform_file_read_at(uintptr_t file, uint64_t offset, void *buffer,
                                      size_t length)
{
    struct thimble_file *found;

    thimble_file_lock();

    int32_t status =
        find(file, THIMBLE_PLATFORM_OPEN_READ, THIMBLE_FAILED(IS_DIRECTORY), &found);

    if (status == 0 && length > 0) {
        status = read_at(found, offset, buffer, length);
    }
    thimble_file_unlock();
    return status;
}

int32_t thimble_platform_file_write_at(uintptr_t file, uint64_t offset, const void *data,
                                       size_t length)
{
    struct thimble_file *found;

    thimble_file_lock();

    int32_t status =
        find(file, THIMBLE_PLATFORM_OPEN_WRITE, THIMBLE_FAILED(BAD_DESCRIPTOR), &found);

    if (status == 0 && length > 0) {
        status = write_at(found, offset, data, length);
    }
    thimble_file_unlock();
    return status;
}

static int32_t resize(const struct thimble_file *file, uint64_t size)
{
    uint64_t before;

    if (file->kind != THIMBLE_PLATFORM_FILE_REGULAR) {
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }
    if (size > LARGEST) {
        return THIMBLE_FAILED(FILE_TOO_LARGE);
    }

    int32_t status = thimble_file_size(file, &before);

    if (status < 0) {
        return status;
    }
    if (size > before) {
        return extend(file, before, size);
    }
    return ftruncate(file->descriptor, (off_t)size) == 0 ? 0 : thimble_error(errno);
}

int32_t thimble_platform_file_set_size(uintptr_t file, uint64_t size)
{
    struct thimble_file *found;

    thimble_file_lock();

    int32_t status =
        find(file, THIMBLE_PLATFORM_OPEN_WRITE, THIMBLE_FAILED(INVALID_ARGUMENT), &found);

    if (status == 0) {
        status = resize(found, size);
    }
    thimble_file_unlock();
    return status;
}

int32_t thimble_platform_file_sync(uintptr_t file, uint8_t data_only)
{
    struct thimble_file *found;

    (void)data_only;
    thimble_file_lock();

    /* What is done to directories is on the medium at once, and so is what is read. */
    int32_t status = find(file, 0, 1, &found);

    if (status == 0 && found->kind == THIMBLE_PLATFORM_FILE_REGULAR &&
        (found->access & THIMBLE_PLATFORM_OPEN_WRITE) != 0 && fsync(found->descriptor) != 0) {
        status = thimble_error(errno);
    }
    thimble_file_unlock();
    return status < 0 ? status : 0;
}

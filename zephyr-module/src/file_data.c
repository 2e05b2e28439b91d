/* SPDX-License-Identifier: Apache-2.0 */

/* What is in regular files. */

#include <errno.h>

#include <zephyr/kernel.h>

#include "error.h"
#include "file_data.h"
#include "file_error.h"
#include "file_ext2.h"
#include "file_table.h"

/* The smallest block of ext2, of which every other one is a multiple. */
#define EXT2_BLOCK 1024

/* Extending a file by no more than this is tried without asking for room before, as
 * some file systems count all their blocks to answer. */
#define SMALL_GAP 4096

/* How much to read or write at once. Zephyr's ext2 goes beyond the buffer when one
 * call touches several blocks. */
static size_t one_transfer(const struct thimble_file *file, uint64_t offset, size_t length)
{
    if (!thimble_path_is_on_ext2(&file->path)) {
        return length;
    }
    return MIN(length, EXT2_BLOCK - (size_t)(offset % EXT2_BLOCK));
}

static int seek(struct thimble_file *file, uint64_t offset)
{
    if (file->position == offset) {
        return 0;
    }

    int error = fs_seek(&file->file, (off_t)offset, FS_SEEK_SET);

    file->position = error < 0 ? THIMBLE_FILE_NO_POSITION : offset;
    return error;
}

/* Asks for the size after a failure, when only the file system knows. */
static void measure(struct thimble_file *file)
{
    file->position = THIMBLE_FILE_NO_POSITION;
    if (fs_seek(&file->file, 0, FS_SEEK_END) == 0) {
        off_t size = fs_tell(&file->file);

        if (size >= 0) {
            file->path.size = size;
            file->position = size;
        }
    }
}

/* Reads from within the file. */
static int32_t get(struct thimble_file *file, uint64_t offset, void *buffer, size_t length)
{
    int error = seek(file, offset);

    if (error < 0) {
        return thimble_file_error(error);
    }

    ssize_t count = fs_read(&file->file, buffer, one_transfer(file, offset, length));

    if (count < 0) {
        file->position = THIMBLE_FILE_NO_POSITION;
        return thimble_file_error(count);
    }
    file->position += count;
    return count;
}

/* Writes within the file or at its end. */
static ssize_t write_once(struct thimble_file *file, uint64_t offset, const void *data,
                          size_t length)
{
    int error = seek(file, offset);

    if (error < 0) {
        return error;
    }

    ssize_t count = fs_write(&file->file, data, length);

    if (count < 0) {
        measure(file);
        return count;
    }
    file->position += count;
    file->path.size = MAX(file->path.size, file->position);
    return count;
}

static int32_t put(struct thimble_file *file, uint64_t offset, const void *data, size_t length)
{
    /* Within the last block there is room always. */
    if (thimble_path_is_on_ext2(&file->path) &&
        offset >= ROUND_UP(file->path.size, EXT2_BLOCK)) {
        int32_t status = thimble_ext2_check_room(&file->path);

        if (status < 0) {
            return status;
        }
    }
    length = one_transfer(file, offset, length);

    ssize_t count = write_once(file, offset, data, length);

    if (count == -ENOSPC) {
        /* littlefs takes back what was cut off or overwritten when it synchronises,
         * which it does after an error only if a write, be it of nothing, succeeds. */
        file->has_lost = fs_write(&file->file, data, 0) != 0 || fs_sync(&file->file) != 0;
        if (!file->has_lost) {
            count = write_once(file, offset, data, length);
        }
    }
    if (count > 0) {
        file->has_lost = false;
        return count;
    }
    if (count == 0) {
        /* So does FatFs say it. */
        return THIMBLE_FAILED(NO_SPACE);
    }
    if (count != -ENOSPC || fs_write(&file->file, data, 0) != 0) {
        file->has_lost = true;
    }
    return thimble_file_error(count);
}

/* Opens a file anew. */
static int reopen(struct thimble_file *file)
{
    int error = fs_close(&file->file);

    if (error < 0) {
        return error;
    }
    fs_file_t_init(&file->file);
    return fs_open(&file->file, file->path.text, FS_O_RDWR);
}

static int32_t cut(struct thimble_file *file, uint64_t size)
{
    int error = fs_truncate(&file->file, (off_t)size);

    file->position = THIMBLE_FILE_NO_POSITION;
    if (error < 0) {
        measure(file);
        return thimble_file_error(error);
    }
    file->path.size = size;
    if (thimble_path_is_on_ext2(&file->path)) {
        /* Zephyr's ext2 goes on using a block that it has at hand after giving it up. */
        error = reopen(file);
    }
    return thimble_file_error(error);
}

/* Whether the medium may have room for so much more. */
static bool has_room(const struct thimble_file *file, uint64_t more)
{
    struct fs_statvfs medium;

    if (more <= SMALL_GAP || fs_statvfs(file->path.text, &medium) < 0 || medium.f_frsize == 0) {
        return true;
    }
    return more / medium.f_frsize <= medium.f_bfree;
}

/* Extends a file with zeroes. Not by fs_truncate: that may stop where the medium is
 * full and say nothing. */
static int32_t extend(struct thimble_file *file, uint64_t size)
{
    static const uint8_t zeroes[64];
    uint64_t before = file->path.size;

    if (!has_room(file, size - before)) {
        return THIMBLE_FAILED(NO_SPACE);
    }
    while (file->path.size < size) {
        size_t length = MIN(sizeof(zeroes), size - file->path.size);
        int32_t status = put(file, file->path.size, zeroes, length);

        if (status < 0) {
            /* The size stays as it was, if the medium lets it. */
            if (file->path.size > before) {
                (void)cut(file, before);
            }
            return status;
        }
    }
    return 0;
}

int32_t thimble_file_resize(struct thimble_file *file, uint64_t size)
{
    if (!thimble_file_is_mounted(file)) {
        return THIMBLE_FAILED(NO_DEVICE);
    }
    if (size > THIMBLE_FILE_LARGEST) {
        return THIMBLE_FAILED(FILE_TOO_LARGE);
    }
    if (size < file->path.size) {
        return cut(file, size);
    }
    return extend(file, size);
}

int32_t thimble_file_flush(struct thimble_file *file)
{
    if (!thimble_file_is_mounted(file)) {
        return THIMBLE_FAILED(NO_DEVICE);
    }
    if (file->write_error < 0) {
        /* Nothing was written. */
        return 0;
    }

    int32_t status = thimble_file_error(fs_sync(&file->file));

    return status == 0 && file->has_lost ? THIMBLE_FAILED(IO) : status;
}

/* Finds an open regular file. */
static int32_t find_regular(uintptr_t handle, uint32_t access, int32_t otherwise,
                            struct thimble_file **file)
{
    struct thimble_file_handle *found = thimble_file_find(handle);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    if (found->file->path.kind != THIMBLE_PLATFORM_FILE_REGULAR) {
        return otherwise;
    }
    if ((found->access & access) != access) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    *file = found->file;
    return thimble_file_is_mounted(found->file) ? 0 : THIMBLE_FAILED(NO_DEVICE);
}

static int32_t read_file(struct thimble_file *file, uint64_t offset, void *buffer, size_t length)
{
    if (offset >= file->path.size || length == 0) {
        return 0;
    }
    if (offset > THIMBLE_FILE_LARGEST) {
        return THIMBLE_FAILED(OVERFLOW);
    }
    return get(file, offset, buffer, MIN(length, file->path.size - offset));
}

static int32_t write_file(struct thimble_file *file, uint64_t offset, const void *data,
                          size_t length)
{
    if (length == 0) {
        return 0;
    }
    if (offset >= THIMBLE_FILE_LARGEST) {
        return THIMBLE_FAILED(FILE_TOO_LARGE);
    }
    if (offset > file->path.size) {
        int32_t status = extend(file, offset);

        if (status < 0) {
            return status;
        }
    }
    return put(file, offset, data, MIN(length, THIMBLE_FILE_LARGEST - offset));
}

int32_t thimble_platform_file_read_at(uintptr_t file, uint64_t offset, void *buffer,
                                      size_t length)
{
    struct thimble_file *found;

    thimble_file_lock();

    int32_t status = find_regular(file, THIMBLE_PLATFORM_OPEN_READ,
                                  THIMBLE_FAILED(IS_DIRECTORY), &found);

    if (status == 0) {
        status = read_file(found, offset, buffer, length);
    }
    thimble_file_unlock();
    return status;
}

int32_t thimble_platform_file_write_at(uintptr_t file, uint64_t offset, const void *data,
                                       size_t length)
{
    struct thimble_file *found;

    thimble_file_lock();

    int32_t status = find_regular(file, THIMBLE_PLATFORM_OPEN_WRITE,
                                  THIMBLE_FAILED(BAD_DESCRIPTOR), &found);

    if (status == 0) {
        status = write_file(found, offset, data, length);
    }
    thimble_file_unlock();
    return status;
}

int32_t thimble_platform_file_set_size(uintptr_t file, uint64_t size)
{
    struct thimble_file *found;

    thimble_file_lock();

    int32_t status = find_regular(file, THIMBLE_PLATFORM_OPEN_WRITE,
                                  THIMBLE_FAILED(INVALID_ARGUMENT), &found);

    if (status == 0) {
        status = thimble_file_resize(found, size);
    }
    thimble_file_unlock();
    return status;
}

int32_t thimble_platform_file_sync(uintptr_t file, uint8_t data_only)
{
    struct thimble_file *found;

    ARG_UNUSED(data_only);
    thimble_file_lock();

    /* What is done to directories is on the medium at once. */
    int32_t status = find_regular(file, 0, 1, &found);

    if (status == 0) {
        status = thimble_file_flush(found);
    }
    thimble_file_unlock();
    return MIN(status, 0);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* What is in regular files. */

#include "error.h"
#include "file_data.h"
#include "file_table.h"

/* Extending a file by no more than this is tried without asking for room before, as
 * some file systems count all their blocks to answer. */
#define SMALL_GAP 4096

static int32_t seek(struct thimble_file *file, uint64_t offset)
{
    const struct thimble_file_system *system = file->path.system;

    if (file->position == offset) {
        return 0;
    }

    int32_t status = system->calls->seek(system->context, file->opened, offset);

    file->position = status < 0 ? THIMBLE_FILE_NO_POSITION : offset;
    return status;
}

/* Asks for the size after a failure, when only the file system knows. */
static void measure(struct thimble_file *file)
{
    const struct thimble_file_system *system = file->path.system;
    uint64_t size;

    file->position = THIMBLE_FILE_NO_POSITION;
    if (system->calls->size(system->context, file->opened, &size) == 0) {
        file->path.size = size;
    }
}

/* Reads from within the file. */
static int32_t get(struct thimble_file *file, uint64_t offset, void *buffer, size_t length)
{
    const struct thimble_file_system *system = file->path.system;
    int32_t status = seek(file, offset);

    if (status < 0) {
        return status;
    }

    int32_t count = system->calls->read(system->context, file->opened, buffer, length);

    if (count < 0) {
        file->position = THIMBLE_FILE_NO_POSITION;
        return count;
    }
    file->position += count;
    return count;
}

/* Writes within the file or at its end. */
static int32_t write_once(struct thimble_file *file, uint64_t offset, const void *data,
                          size_t length)
{
    const struct thimble_file_system *system = file->path.system;
    int32_t status = seek(file, offset);

    if (status < 0) {
        return status;
    }

    int32_t count = system->calls->write(system->context, file->opened, data, length);

    if (count < 0) {
        measure(file);
        return count;
    }
    file->position += count;
    file->path.size = THIMBLE_MAX(file->path.size, file->position);
    return count;
}

/* Whether writing works again, be it of nothing. */
static bool can_write(struct thimble_file *file)
{
    const struct thimble_file_system *system = file->path.system;

    return system->calls->write(system->context, file->opened, "", 0) == 0;
}

static int32_t synchronise(struct thimble_file *file)
{
    const struct thimble_file_system *system = file->path.system;

    return system->calls->sync(system->context, file->opened);
}

static int32_t put(struct thimble_file *file, uint64_t offset, const void *data, size_t length)
{
    int32_t count = write_once(file, offset, data, length);

    if (thimble_error_is(count, THIMBLE_PLATFORM_NO_SPACE)) {
        /* littlefs takes back what was cut off or overwritten when it synchronises,
         * which it does after an error only if a write, be it of nothing, succeeds. */
        file->has_lost = !can_write(file) || synchronise(file) != 0;
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
    if (!thimble_error_is(count, THIMBLE_PLATFORM_NO_SPACE) || !can_write(file)) {
        file->has_lost = true;
    }
    return count;
}

static int32_t cut(struct thimble_file *file, uint64_t size)
{
    const struct thimble_file_system *system = file->path.system;
    int32_t status = system->calls->truncate(system->context, file->opened, size);

    file->position = THIMBLE_FILE_NO_POSITION;
    if (status < 0) {
        measure(file);
        return status;
    }
    file->path.size = size;
    return 0;
}

/* Whether the medium may have room for so much more. */
static bool has_room(const struct thimble_file *file, uint64_t more)
{
    const struct thimble_file_system *system = file->path.system;

    return more <= SMALL_GAP || system->calls->has_room == NULL ||
           system->calls->has_room(system->context, thimble_path_argument(&file->path), more);
}

/* Extends a file with zeroes. Not as it is cut: file systems may stop where the medium
 * is full and say nothing. */
static int32_t extend(struct thimble_file *file, uint64_t size)
{
    static const uint8_t zeroes[64];
    uint64_t before = file->path.size;

    if (!has_room(file, size - before)) {
        return THIMBLE_FAILED(NO_SPACE);
    }
    while (file->path.size < size) {
        size_t length = THIMBLE_MIN(sizeof(zeroes), size - file->path.size);
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

    int32_t status = synchronise(file);

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
    return get(file, offset, buffer, THIMBLE_MIN(length, file->path.size - offset));
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
    return put(file, offset, data, THIMBLE_MIN(length, THIMBLE_FILE_LARGEST - offset));
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

    (void)data_only;
    thimble_file_lock();

    /* What is done to directories is on the medium at once. */
    int32_t status = find_regular(file, 0, 1, &found);

    if (status == 0) {
        status = thimble_file_flush(found);
    }
    thimble_file_unlock();
    return THIMBLE_MIN(status, 0);
}

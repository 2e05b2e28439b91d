/* SPDX-License-Identifier: Apache-2.0 */

/* Listing directories. */

#include <nuttx/config.h>

#include <dirent.h>
#include <errno.h>

#include "error_number.h"
#include "file_batch.h"
#include "file_table.h"

static uint8_t kind_of(uint8_t type)
{
    switch (type) {
    case DTYPE_FILE:
        return THIMBLE_PLATFORM_FILE_REGULAR;
    case DTYPE_DIRECTORY:
        return THIMBLE_PLATFORM_FILE_DIRECTORY;
    case DTYPE_LINK:
        return THIMBLE_PLATFORM_FILE_SYMBOLIC_LINK;
    case DTYPE_CHR:
        return THIMBLE_PLATFORM_FILE_CHARACTER_DEVICE;
    case DTYPE_BLK:
        return THIMBLE_PLATFORM_FILE_BLOCK_DEVICE;
    case DTYPE_FIFO:
        return THIMBLE_PLATFORM_FILE_PIPE;
    default:
        return THIMBLE_PLATFORM_FILE_UNKNOWN;
    }
}

static int32_t read_path(const void *path, struct thimble_batch *batch)
{
    DIR *directory = opendir(path);
    struct dirent *entry;

    if (directory == NULL) {
        return thimble_error(errno);
    }
    errno = 0;
    while ((entry = readdir(directory)) != NULL) {
        thimble_batch_consider(batch, entry->d_name, kind_of(entry->d_type));
        errno = 0;
    }

    int32_t status = errno == 0 ? 0 : thimble_error(errno);

    (void)closedir(directory);
    return status;
}

int32_t thimble_platform_file_list(
    uintptr_t directory, uint64_t cookie,
    int32_t (*visit)(void *context, const struct thimble_platform_directory_entry *entry),
    void *context)
{
    struct thimble_file *found;

    thimble_file_lock();

    int32_t status = thimble_file_find_directory(directory, &found);

    if (status == 0 && (found->access & THIMBLE_PLATFORM_OPEN_READ) == 0) {
        status = THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    if (status == 0) {
        status = thimble_batch_list(read_path, found->path, cookie, visit, context);
    }
    thimble_file_unlock();
    return status;
}

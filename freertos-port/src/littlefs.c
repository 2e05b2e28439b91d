/* SPDX-License-Identifier: Apache-2.0 */

/* littlefs, as a file system of platform/shim. */

#include <stddef.h>
#include <string.h>

#include <thimble_littlefs.h>

#include "backend.h"
#include "error.h"
#include "macros.h"

/* An open file, with littlefs's cache for it. */
struct opened {
    lfs_file_t file;
    struct lfs_file_config config;
    uint8_t cache[];
};

/* Too large for the stacks of programs; the lock of all files protects it. */
static struct lfs_info found;

static const struct {
    int error;
    uint8_t kind;
} kinds[] = {
    {LFS_ERR_IO, THIMBLE_PLATFORM_IO},
    {LFS_ERR_CORRUPT, THIMBLE_PLATFORM_IO},
    {LFS_ERR_NOENT, THIMBLE_PLATFORM_NOT_FOUND},
    {LFS_ERR_EXIST, THIMBLE_PLATFORM_ALREADY_EXISTS},
    {LFS_ERR_NOTDIR, THIMBLE_PLATFORM_NOT_DIRECTORY},
    {LFS_ERR_ISDIR, THIMBLE_PLATFORM_IS_DIRECTORY},
    {LFS_ERR_NOTEMPTY, THIMBLE_PLATFORM_NOT_EMPTY},
    {LFS_ERR_FBIG, THIMBLE_PLATFORM_FILE_TOO_LARGE},
    {LFS_ERR_INVAL, THIMBLE_PLATFORM_INVALID_ARGUMENT},
    {LFS_ERR_NOSPC, THIMBLE_PLATFORM_NO_SPACE},
    {LFS_ERR_NOMEM, THIMBLE_PLATFORM_OUT_OF_MEMORY},
    {LFS_ERR_NAMETOOLONG, THIMBLE_PLATFORM_NAME_TOO_LONG},
};

/* The error for a negative number of littlefs; counts stay what they are. */
static int32_t status_of(int32_t error)
{
    if (error >= 0) {
        return error;
    }
    for (size_t index = 0; index < THIMBLE_COUNT(kinds); index++) {
        if (kinds[index].error == error) {
            return THIMBLE_PLATFORM_ERROR(kinds[index].kind, -error);
        }
    }
    return THIMBLE_FAILED_WITH(OTHER, error);
}

static void translate(struct thimble_file_entry *entry)
{
    entry->name = found.name;
    entry->size = found.size;
    entry->kind = found.type == LFS_TYPE_DIR ? THIMBLE_PLATFORM_FILE_DIRECTORY
                                             : THIMBLE_PLATFORM_FILE_REGULAR;
}

static int32_t look_up(void *context, const char *path, struct thimble_file_entry *entry)
{
    int32_t status = status_of(lfs_stat(context, path, &found));

    translate(entry);
    return status;
}

static int32_t list(void *context, const char *path,
                    bool (*visit)(void *visitor, const struct thimble_file_entry *entry),
                    void *visitor)
{
    struct thimble_file_entry entry;
    lfs_dir_t directory;
    int error = lfs_dir_open(context, &directory, path[0] == '\0' ? "/" : path);

    if (error < 0) {
        return status_of(error);
    }
    do {
        error = lfs_dir_read(context, &directory, &found);
        translate(&entry);
    } while (error > 0 && visit(visitor, &entry));
    (void)lfs_dir_close(context, &directory);
    return THIMBLE_MIN(status_of(error), 0);
}

static int32_t make_directory(void *context, const char *path)
{
    return status_of(lfs_mkdir(context, path));
}

static int32_t remove_name(void *context, const char *path)
{
    return status_of(lfs_remove(context, path));
}

static int32_t move(void *context, const char *from, const char *to, bool replaces)
{
    (void)replaces;
    return status_of(lfs_rename(context, from, to));
}

static bool has_room(void *context, const char *path, uint64_t bytes)
{
    const lfs_t *littlefs = context;
    lfs_ssize_t used = lfs_fs_size(context);

    (void)path;
    if (used < 0) {
        return true;
    }

    lfs_size_t free_blocks = littlefs->block_count - THIMBLE_MIN((lfs_size_t)used,
                                                                  littlefs->block_count);

    return bytes / littlefs->cfg->block_size <= free_blocks;
}

static int32_t open_path(void *context, const char *path, uint32_t options, void **file)
{
    const lfs_t *littlefs = context;
    int flags = (options & THIMBLE_PLATFORM_OPEN_WRITE) != 0 ? LFS_O_RDWR : LFS_O_RDONLY;
    struct opened *opened =
        thimble_heap_allocate(sizeof(*opened) + littlefs->cfg->cache_size, _Alignof(struct opened));

    if (opened == NULL) {
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }
    if ((options & THIMBLE_PLATFORM_OPEN_CREATE) != 0) {
        flags |= LFS_O_CREAT;
    }
    memset(&opened->config, 0, sizeof(opened->config));
    opened->config.buffer = opened->cache;

    int32_t status =
        status_of(lfs_file_opencfg(context, &opened->file, path, flags, &opened->config));

    if (status < 0) {
        thimble_heap_release(opened);
        return status;
    }
    *file = opened;
    return 0;
}

static int32_t close_file(void *context, void *file)
{
    struct opened *opened = file;
    int32_t status = status_of(lfs_file_close(context, &opened->file));

    thimble_heap_release(opened);
    return status;
}

static int32_t seek(void *context, void *file, uint64_t position)
{
    struct opened *opened = file;

    return THIMBLE_MIN(status_of(lfs_file_seek(context, &opened->file, (lfs_soff_t)position,
                                               LFS_SEEK_SET)),
                       0);
}

static int32_t size_of(void *context, void *file, uint64_t *size)
{
    struct opened *opened = file;
    lfs_soff_t bytes = lfs_file_size(context, &opened->file);

    *size = (uint64_t)bytes;
    return THIMBLE_MIN(status_of(bytes), 0);
}

static int32_t read_file(void *context, void *file, void *buffer, size_t length)
{
    struct opened *opened = file;

    return status_of(lfs_file_read(context, &opened->file, buffer, (lfs_size_t)length));
}

static int32_t write_file(void *context, void *file, const void *data, size_t length)
{
    struct opened *opened = file;

    return status_of(lfs_file_write(context, &opened->file, data, (lfs_size_t)length));
}

static int32_t truncate_file(void *context, void *file, uint64_t size)
{
    struct opened *opened = file;

    return status_of(lfs_file_truncate(context, &opened->file, (lfs_off_t)size));
}

static int32_t synchronise(void *context, void *file)
{
    struct opened *opened = file;

    return status_of(lfs_file_sync(context, &opened->file));
}

const struct thimble_file_system_calls thimble_littlefs = {
    .look_up = look_up,
    .list = list,
    .make_directory = make_directory,
    .remove = remove_name,
    .rename = move,
    .has_room = has_room,
    .open = open_path,
    .close = close_file,
    .seek = seek,
    .size = size_of,
    .read = read_file,
    .write = write_file,
    .truncate = truncate_file,
    .sync = synchronise,
};

/* SPDX-License-Identifier: Apache-2.0 */

/* File systems of Zephyr, as those of platform/shim. The context of the calls is the type
 * of the file system, as some need to be treated apart. */

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include <zephyr/fs/fs.h>
#include <zephyr/kernel.h>

#include "error.h"
#include "file_error.h"
#include "file_ext2.h"
#include "file_system.h"
#include "heap.h"

/* The smallest block of ext2, of which every other one is a multiple. */
#define EXT2_BLOCK 1024

/* An open file. */
struct opened {
    struct fs_file_t file;
    const char *path;
};

#if defined(CONFIG_FILE_SYSTEM_EXT2)
/* Files that ext2 has open; with those that were when it was unmounted, which it never
 * takes back. */
static size_t open_on_ext2;
#endif

/* Too large for the stacks of programs; the lock of all files protects it. */
static struct fs_dirent found;

static bool is_fat(const void *context)
{
    return IS_ENABLED(CONFIG_FAT_FILESYSTEM_ELM) && context == (void *)FS_FATFS;
}

static bool is_ext2(const void *context)
{
    return IS_ENABLED(CONFIG_FILE_SYSTEM_EXT2) && context == (void *)FS_EXT2;
}

/* The error where something new was to be named. */
static int32_t error_of_new(const void *context, int error)
{
    if (is_fat(context) && error == -EACCES) {
        /* FatFs has no other word for a full medium or root directory. */
        return THIMBLE_FAILED_WITH(NO_SPACE, error);
    }
    if (is_fat(context) && error == -ENOENT) {
        /* Nor for a name that it cannot hold. */
        return THIMBLE_FAILED_WITH(INVALID_ARGUMENT, error);
    }
    return thimble_file_error(error);
}

static void translate(struct thimble_file_entry *entry)
{
    entry->name = found.name;
    entry->size = found.size;
    entry->kind = found.type == FS_DIR_ENTRY_DIR ? THIMBLE_PLATFORM_FILE_DIRECTORY
                                                 : THIMBLE_PLATFORM_FILE_REGULAR;
}

static int32_t list(void *context, const char *path,
                    bool (*visit)(void *visitor, const struct thimble_file_entry *entry),
                    void *visitor)
{
    struct thimble_file_entry entry;
    struct fs_dir_t directory;

    ARG_UNUSED(context);
    fs_dir_t_init(&directory);

    int error = fs_opendir(&directory, path);

    if (error < 0) {
        return thimble_file_error(error);
    }
    do {
        error = fs_readdir(&directory, &found);
        translate(&entry);
    } while (error == 0 && found.name[0] != '\0' && visit(visitor, &entry));
    (void)fs_closedir(&directory);
    return thimble_file_error(error);
}

/* Looks for a name in any capitals of ASCII, until it is in `found`. */
static bool is_other(void *visitor, const struct thimble_file_entry *entry)
{
    const char *name = visitor;
    const char *other = entry->name;

    while (*name != '\0' && tolower((unsigned char)*name) == tolower((unsigned char)*other)) {
        name++;
        other++;
    }
    return *name != *other;
}

/* Finds how FAT stores a name. FatFs tells the name that it was asked for as that of the
 * entry, and knows files by short names too. */
static int32_t find_spelling(void *context, const char *path, char *name)
{
    /* The text is the caller's, and not constant. */
    name[-1] = '\0';

    int32_t status = list(context, path, is_other, name);

    name[-1] = '/';
    return status == 0 && found.name[0] == '\0' ? THIMBLE_FAILED(INVALID_ARGUMENT) : status;
}

static int32_t look_up(void *context, const char *path, struct thimble_file_entry *entry)
{
    char *name = strrchr(path, '/') + 1;

    if (is_fat(context) && (name[0] == ' ' || strchr(" .", name[strlen(name) - 1]) != NULL)) {
        /* FatFs would cut these off, and take another name than the one given. */
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }

    int32_t status = thimble_file_error(fs_stat(path, &found));

    if (status < 0) {
        return status;
    }
    translate(entry);
    if (is_fat(context) && IS_ENABLED(CONFIG_FS_FATFS_LFN)) {
        status = find_spelling(context, path, name);
    }
    return status;
}

static int32_t make_directory(void *context, const char *path)
{
    if (is_ext2(context)) {
        int32_t status = thimble_ext2_check_new(path);

        if (status < 0) {
            return status;
        }
    }
    return error_of_new(context, fs_mkdir(path));
}

static int32_t remove_name(void *context, const char *path)
{
    if (!is_ext2(context)) {
        return thimble_file_error(fs_unlink(path));
    }

    int32_t status = thimble_ext2_check_removal(path);

    if (status == 0) {
        status = thimble_file_error(fs_unlink(path));
    }
    return status == 0 ? thimble_ext2_repair(path) : status;
}

/* ext2 may lose its place in the directory when it replaces something, so that is removed
 * first. */
static int32_t move_on_ext2(void *context, const char *from, const char *to, bool replaces)
{
    int32_t status = thimble_ext2_check_removal(from);

    if (status == 0) {
        status = thimble_ext2_check_new(to);
    }
    if (status == 0 && replaces) {
        status = remove_name(context, to);
    }
    if (status == 0) {
        status = thimble_file_error(fs_rename(from, to));
    }
    return status == 0 ? thimble_ext2_repair(from) : status;
}

static int32_t move(void *context, const char *from, const char *to, bool replaces)
{
    if (is_ext2(context)) {
        return move_on_ext2(context, from, to, replaces);
    }
    return error_of_new(context, fs_rename(from, to));
}

static bool has_room(void *context, const char *path, uint64_t bytes)
{
    struct fs_statvfs medium;

    ARG_UNUSED(context);
    if (fs_statvfs(path, &medium) < 0 || medium.f_frsize == 0) {
        return true;
    }
    return bytes / medium.f_frsize <= medium.f_bfree;
}

static int32_t open_file(void *context, struct opened *opened, uint32_t options)
{
    bool is_new = (options & THIMBLE_PLATFORM_OPEN_CREATE) != 0;
    fs_mode_t mode = (options & THIMBLE_PLATFORM_OPEN_WRITE) != 0 ? FS_O_RDWR : FS_O_READ;

#if defined(CONFIG_FILE_SYSTEM_EXT2)
    /* Beyond these, ext2 would wait until something is closed. Directories take one. */
    if (is_ext2(context) && open_on_ext2 + 1 >= CONFIG_MAX_FILES) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }
#endif
    if (is_ext2(context) && is_new) {
        int32_t status = thimble_ext2_check_new(opened->path);

        if (status < 0) {
            return status;
        }
    }

    int error = fs_open(&opened->file, opened->path, mode | (is_new ? FS_O_CREATE : 0));

    if (error == -ENOMEM) {
        /* File systems that have a table of open files say that there is no memory. */
        return THIMBLE_FAILED_WITH(TOO_MANY_OPEN, error);
    }
    return is_new ? error_of_new(context, error) : thimble_file_error(error);
}

static int32_t open_path(void *context, const char *path, uint32_t options, void **file)
{
    struct opened *opened = thimble_heap_allocate(sizeof(*opened), __alignof__(*opened));

    if (opened == NULL) {
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }
    fs_file_t_init(&opened->file);
    opened->path = path;

    int32_t status = open_file(context, opened, options);

    if (status < 0) {
        thimble_heap_release(opened);
        return status;
    }
#if defined(CONFIG_FILE_SYSTEM_EXT2)
    open_on_ext2 += is_ext2(context) ? 1 : 0;
#endif
    *file = opened;
    return 0;
}

static bool is_mounted(void *context, void *file)
{
    const struct opened *opened = file;

    ARG_UNUSED(context);
    return opened->file.mp != NULL && opened->file.mp->fs != NULL;
}

static int32_t close_file(void *context, void *file)
{
    struct opened *opened = file;
    int32_t status = THIMBLE_FAILED(NO_DEVICE);

    /* What is left of it in a file system that is gone stays there. */
    if (is_mounted(context, file)) {
        status = thimble_file_error(fs_close(&opened->file));
#if defined(CONFIG_FILE_SYSTEM_EXT2)
        open_on_ext2 -= is_ext2(context) ? 1 : 0;
#endif
    }
    thimble_heap_release(opened);
    return status;
}

static int32_t seek(void *context, void *file, uint64_t position)
{
    struct opened *opened = file;

    ARG_UNUSED(context);
    return thimble_file_error(fs_seek(&opened->file, (off_t)position, FS_SEEK_SET));
}

static int32_t size(void *context, void *file, uint64_t *bytes)
{
    struct opened *opened = file;
    int error = fs_seek(&opened->file, 0, FS_SEEK_END);
    off_t end = error < 0 ? error : fs_tell(&opened->file);

    ARG_UNUSED(context);
    *bytes = end;
    return thimble_file_error(MIN(end, 0));
}

/* How much to read or write at once. Zephyr's ext2 goes beyond the buffer when one call
 * touches several blocks. */
static size_t one_transfer(const void *context, struct opened *opened, size_t length)
{
    if (!is_ext2(context)) {
        return length;
    }
    return MIN(length, EXT2_BLOCK - (size_t)fs_tell(&opened->file) % EXT2_BLOCK);
}

static int32_t read(void *context, void *file, void *buffer, size_t length)
{
    struct opened *opened = file;

    length = one_transfer(context, opened, length);
    return thimble_file_error(fs_read(&opened->file, buffer, length));
}

static int32_t write(void *context, void *file, const void *data, size_t length)
{
    struct opened *opened = file;

    /* Within the last block there is room always. */
    if (is_ext2(context) && length > 0 &&
        fs_tell(&opened->file) >= ROUND_UP(thimble_ext2_size(&opened->file), EXT2_BLOCK)) {
        int32_t status = thimble_ext2_check_room(opened->path);

        if (status < 0) {
            return thimble_error_is(status, THIMBLE_PLATFORM_NO_SPACE) ? 0 : status;
        }
    }

    length = one_transfer(context, opened, length);
    return thimble_file_error(fs_write(&opened->file, data, length));
}

static int32_t truncate(void *context, void *file, uint64_t bytes)
{
    struct opened *opened = file;
    int error = fs_truncate(&opened->file, (off_t)bytes);

    if (error == 0 && is_ext2(context)) {
        /* Zephyr's ext2 goes on using a block that it has at hand after giving it up. */
        error = fs_close(&opened->file);
        if (error == 0) {
            fs_file_t_init(&opened->file);
            error = fs_open(&opened->file, opened->path, FS_O_RDWR);
        }
    }
    return thimble_file_error(error);
}

static int32_t sync(void *context, void *file)
{
    struct opened *opened = file;

    ARG_UNUSED(context);
    return thimble_file_error(fs_sync(&opened->file));
}

static const struct thimble_file_system_calls calls = {
    .look_up = look_up,
    .list = list,
    .make_directory = make_directory,
    .remove = remove_name,
    .rename = move,
    .has_room = has_room,
    .open = open_path,
    .close = close_file,
    .seek = seek,
    .size = size,
    .read = read,
    .write = write,
    .truncate = truncate,
    .sync = sync,
    .is_mounted = is_mounted,
};

/* Of a type that is not to be treated apart. */
static const struct thimble_file_system any = {
    .calls = &calls,
    .context = (void *)FS_TYPE_EXTERNAL_BASE,
};

#if defined(CONFIG_FAT_FILESYSTEM_ELM)
static const struct thimble_file_system fat = {.calls = &calls, .context = (void *)FS_FATFS};
#endif

#if defined(CONFIG_FILE_SYSTEM_EXT2)
static const struct thimble_file_system ext2 = {.calls = &calls, .context = (void *)FS_EXT2};
#endif

const struct thimble_file_system *thimble_file_system_of(int type)
{
#if defined(CONFIG_FAT_FILESYSTEM_ELM)
    if (type == FS_FATFS) {
        return &fat;
    }
#endif
#if defined(CONFIG_FILE_SYSTEM_EXT2)
    if (type == FS_EXT2) {
        return &ext2;
    }
#endif
    ARG_UNUSED(type);
    return &any;
}

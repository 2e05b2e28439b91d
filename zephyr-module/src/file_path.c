/* SPDX-License-Identifier: Apache-2.0 */

/* Whole paths, which is what file systems of Zephyr take. */

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include <zephyr/fs/fs.h>
#include <zephyr/kernel.h>

#include "error.h"
#include "file_error.h"
#include "file_path.h"
#include "heap.h"

/* Too large for the stacks of programs; the lock protects it. */
static struct fs_dirent entry;

bool thimble_path_is_within(const char *text, const char *outer)
{
    size_t length = strlen(outer);

    return strncmp(text, outer, length) == 0 && (text[length] == '/' || text[length] == '\0');
}

/* Finds the mount point that a path is below: its length, or 0, and its number. */
static size_t find_mount(const char *text, uint32_t *number)
{
    size_t longest = 0;
    const char *name;
    int index = 0;

    while (fs_readmount(&index, &name) == 0) {
        size_t length = strlen(name);

        if (length > longest && thimble_path_is_within(text, name)) {
            longest = length;
            /* The index is already the next one's. */
            *number = index;
        }
    }
    return longest;
}

bool thimble_path_is_mount_point(const struct thimble_path *path)
{
    return path->text[path->mount_length] == '\0';
}

int32_t thimble_path_check(const struct thimble_path *path)
{
    uint32_t number;

    return find_mount(path->text, &number) == path->mount_length ? 0 : THIMBLE_FAILED(NO_DEVICE);
}

void thimble_path_free(struct thimble_path *path)
{
    thimble_heap_release(path->text);
    path->text = NULL;
}

/* Makes the text of a name in a directory, or without a directory, of a path. */
static int32_t join(const char *directory, const char *name, size_t length, char **text)
{
    size_t start = directory == NULL ? 0 : strlen(directory) + 1;

    if (start + length > CONFIG_THIMBLE_MAX_PATH) {
        return THIMBLE_FAILED(NAME_TOO_LONG);
    }

    char *joined = thimble_heap_allocate(start + length + 1, 1);

    if (joined == NULL) {
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }
    if (directory != NULL) {
        memcpy(joined, directory, start - 1);
        joined[start - 1] = '/';
    }
    memcpy(joined + start, name, length);
    joined[start + length] = '\0';
    *text = joined;
    return 0;
}

/* Fills in what is known of a mount point. File systems may not know their root by
 * fs_stat, but they open it. */
static int32_t look_at_mount_point(struct thimble_path *path)
{
    struct fs_dir_t directory;

    fs_dir_t_init(&directory);

    int error = fs_opendir(&directory, path->text);

    if (error < 0) {
        return thimble_file_error(error);
    }
    path->type = directory.mp->type;
    path->kind = THIMBLE_PLATFORM_FILE_DIRECTORY;
    path->size = 0;
    return thimble_file_error(fs_closedir(&directory));
}

/* Whether names differ in no more than the capitals of ASCII. */
static bool is_same(const char *name, const char *other)
{
    while (*name != '\0' && tolower((unsigned char)*name) == tolower((unsigned char)*other)) {
        name++;
        other++;
    }
    return *name == *other;
}

/* Reads a directory up to a name, in any capitals, into the entry. FatFs tells the name
 * that it was asked for as that of the entry, and knows files by short names too. */
static int32_t find_spelling(const char *text, const char *name)
{
    struct fs_dir_t directory;

    fs_dir_t_init(&directory);

    int error = fs_opendir(&directory, text);

    if (error < 0) {
        return thimble_file_error(error);
    }
    do {
        error = fs_readdir(&directory, &entry);
    } while (error == 0 && entry.name[0] != '\0' && !is_same(entry.name, name));
    (void)fs_closedir(&directory);
    if (error == 0 && entry.name[0] == '\0') {
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }
    return thimble_file_error(error);
}

/* Fills in what is known of any other path, and takes the name as it is stored. */
static int32_t look_at_entry(const char *directory, struct thimble_path *path)
{
    const char *name = path->text + strlen(directory) + 1;
    int error = fs_stat(path->text, &entry);

    path->kind = THIMBLE_PLATFORM_FILE_UNKNOWN;
    path->size = 0;
    if (error < 0) {
        return error == -ENOENT ? 0 : thimble_file_error(error);
    }
    if (entry.type == FS_DIR_ENTRY_DIR) {
        path->kind = THIMBLE_PLATFORM_FILE_DIRECTORY;
    } else {
        path->kind = THIMBLE_PLATFORM_FILE_REGULAR;
        path->size = entry.size;
    }
    if (path->type == FS_FATFS && IS_ENABLED(CONFIG_FS_FATFS_LFN)) {
        int32_t status = find_spelling(directory, name);

        if (status < 0) {
            return status;
        }
    }
    if (strcmp(name, entry.name) == 0) {
        return 0;
    }
    thimble_heap_release(path->text);
    path->text = NULL;
    return join(directory, entry.name, strlen(entry.name), &path->text);
}

static int32_t find(const struct thimble_path *directory, const char *name, size_t length,
                    struct thimble_path *path)
{
    if (length > MAX_FILE_NAME) {
        return THIMBLE_FAILED(NAME_TOO_LONG);
    }
    if (directory->type == FS_FATFS &&
        (name[0] == ' ' || name[length - 1] == ' ' || name[length - 1] == '.')) {
        /* FatFs would cut these off, and take another name than the one given. */
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }
    *path = *directory;

    int32_t status = join(directory->text, name, length, &path->text);

    if (status < 0) {
        return status;
    }
    path->mount_length = find_mount(path->text, &path->device);
    if (thimble_path_is_mount_point(path)) {
        status = look_at_mount_point(path);
    } else if (path->mount_length == directory->mount_length) {
        status = look_at_entry(directory->text, path);
    } else {
        status = THIMBLE_FAILED(NO_DEVICE);
    }
    if (status < 0) {
        thimble_path_free(path);
    }
    return status;
}

int32_t thimble_path_find(const struct thimble_path *directory, const char *name,
                          struct thimble_path *path)
{
    return find(directory, name, strlen(name), path);
}

int32_t thimble_path_find_existing(const struct thimble_path *directory, const char *name,
                                   struct thimble_path *path)
{
    int32_t status = thimble_path_find(directory, name, path);

    if (status == 0 && path->kind == THIMBLE_PLATFORM_FILE_UNKNOWN) {
        thimble_path_free(path);
        status = THIMBLE_FAILED(NOT_FOUND);
    }
    return status;
}

/* Goes from a directory to one in it. */
static int32_t enter(struct thimble_path *path, const char *name, size_t length)
{
    struct thimble_path next;
    int32_t status;

    if ((length == 1 && name[0] == '.') || (length == 2 && memcmp(name, "..", 2) == 0)) {
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }
    status = find(path, name, length, &next);
    if (status < 0) {
        return status;
    }
    thimble_path_free(path);
    *path = next;
    if (path->kind == THIMBLE_PLATFORM_FILE_UNKNOWN) {
        return THIMBLE_FAILED(NOT_FOUND);
    }
    return path->kind == THIMBLE_PLATFORM_FILE_DIRECTORY ? 0 : THIMBLE_FAILED(NOT_DIRECTORY);
}

int32_t thimble_path_find_root(const char *text, struct thimble_path *path)
{
    path->mount_length = find_mount(text, &path->device);
    if (path->mount_length == 0) {
        return THIMBLE_FAILED(NOT_FOUND);
    }

    int32_t status = join(NULL, text, path->mount_length, &path->text);

    if (status < 0) {
        return status;
    }
    status = look_at_mount_point(path);
    text += path->mount_length;
    while (status == 0 && text[0] != '\0') {
        size_t length = strcspn(text, "/");

        if (length > 0) {
            status = enter(path, text, length);
        }
        text += length + (text[length] == '/' ? 1 : 0);
    }
    if (status < 0) {
        thimble_path_free(path);
    }
    return status;
}

int32_t thimble_path_check_empty(const struct thimble_path *path)
{
    struct fs_dir_t directory;

    fs_dir_t_init(&directory);

    int error = fs_opendir(&directory, path->text);

    if (error < 0) {
        return thimble_file_error(error);
    }
    error = fs_readdir(&directory, &entry);

    bool is_empty = entry.name[0] == '\0';

    (void)fs_closedir(&directory);
    if (error < 0) {
        return thimble_file_error(error);
    }
    return is_empty ? 0 : THIMBLE_FAILED(NOT_EMPTY);
}

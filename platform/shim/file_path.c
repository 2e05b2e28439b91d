/* SPDX-License-Identifier: Apache-2.0 */

/* Whole paths, which is what file systems take that know no open directories. */

#include <string.h>

#include "error.h"
#include "file_path.h"

bool thimble_path_is_within(const char *text, const char *outer)
{
    size_t length = strlen(outer);

    return strncmp(text, outer, length) == 0 && (text[length] == '/' || text[length] == '\0');
}

bool thimble_path_is_mount_point(const struct thimble_path *path)
{
    return path->text[path->mount_length] == '\0';
}

int32_t thimble_path_check(const struct thimble_path *path)
{
    uint32_t number;

    return thimble_mount_find(path->text, &number) == path->mount_length
               ? 0
               : THIMBLE_FAILED(NO_DEVICE);
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

    if (start + length > THIMBLE_SHIM_PATH) {
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

/* Fills in what is known of a mount point. */
static int32_t look_at_mount_point(struct thimble_path *path)
{
    path->kind = THIMBLE_PLATFORM_FILE_DIRECTORY;
    path->size = 0;
    return thimble_mount_system(path->text, &path->system);
}

/* Fills in what is known of any other path, and takes the name as it is stored. */
static int32_t look_at_entry(const char *directory, struct thimble_path *path)
{
    const char *name = path->text + strlen(directory) + 1;
    struct thimble_file_entry entry;
    int32_t status =
        path->system->calls->look_up(path->system->context, thimble_path_argument(path), &entry);

    path->kind = THIMBLE_PLATFORM_FILE_UNKNOWN;
    path->size = 0;
    if (status < 0) {
        return thimble_error_is(status, THIMBLE_PLATFORM_NOT_FOUND) ? 0 : status;
    }
    path->kind = entry.kind;
    path->size = entry.size;
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
    if (length > THIMBLE_SHIM_NAME) {
        return THIMBLE_FAILED(NAME_TOO_LONG);
    }
    *path = *directory;

    int32_t status = join(directory->text, name, length, &path->text);

    if (status < 0) {
        return status;
    }
    path->mount_length = thimble_mount_find(path->text, &path->device);
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
    path->mount_length = thimble_mount_find(text, &path->device);
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

/* Notes that a directory has an entry. */
static bool note_entry(void *visitor, const struct thimble_file_entry *entry)
{
    bool *has_entry = visitor;

    *has_entry = !thimble_path_is_dots(entry->name);
    return !*has_entry;
}

int32_t thimble_path_check_empty(const struct thimble_path *path)
{
    bool has_entry = false;
    int32_t status = path->system->calls->list(path->system->context, thimble_path_argument(path),
                                               note_entry, &has_entry);

    return status == 0 && has_entry ? THIMBLE_FAILED(NOT_EMPTY) : status;
}

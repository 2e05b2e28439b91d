/* SPDX-License-Identifier: Apache-2.0 */

/* Open files and directories, and the handles that name them. */

#include <string.h>

#include "error.h"
#include "file_table.h"
#include "taken.h"

static struct thimble_file_handle handles[THIMBLE_SHIM_FILES];
static const struct thimble_table table = THIMBLE_TABLE(handles);
static struct thimble_file files[THIMBLE_SHIM_FILES];

struct thimble_file_handle *thimble_file_find(uintptr_t handle)
{
    return (struct thimble_file_handle *)thimble_slot_find(&table, handle);
}

int32_t thimble_file_find_directory(uintptr_t handle, struct thimble_file **directory)
{
    struct thimble_file_handle *found = thimble_file_find(handle);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    *directory = found->file;
    return found->file->path.kind == THIMBLE_PLATFORM_FILE_DIRECTORY
               ? 0
               : THIMBLE_FAILED(NOT_DIRECTORY);
}

struct thimble_file *thimble_file_find_path(const char *path)
{
    for (size_t index = 0; index < THIMBLE_COUNT(files); index++) {
        if (files[index].handles > 0 && strcmp(files[index].path.text, path) == 0) {
            return &files[index];
        }
    }
    return NULL;
}

bool thimble_file_is_open(const char *path)
{
    for (size_t index = 0; index < THIMBLE_COUNT(files); index++) {
        if (files[index].handles > 0 && thimble_path_is_within(files[index].path.text, path)) {
            return true;
        }
    }
    return false;
}

struct thimble_file_handle *thimble_file_take_handle(void)
{
    return (struct thimble_file_handle *)thimble_slot_take(&table);
}

void thimble_file_free_handle(struct thimble_file_handle *handle)
{
    thimble_slot_free(&handle->slot);
}

uintptr_t thimble_file_open_handle(struct thimble_file_handle *handle, struct thimble_file *file,
                                   uint32_t access)
{
    handle->access = access & (THIMBLE_PLATFORM_OPEN_READ | THIMBLE_PLATFORM_OPEN_WRITE);
    handle->file = file;
    file->handles++;
    return thimble_slot_open(&table, &handle->slot);
}

int32_t thimble_file_close_handle(uintptr_t handle, struct thimble_file **file, uint32_t *access)
{
    struct thimble_slot *slot;
    int32_t status = thimble_slot_close(&table, handle, NULL, &slot);

    if (status < 0) {
        return status;
    }

    struct thimble_file_handle *closed = (struct thimble_file_handle *)slot;

    *file = closed->file;
    *access = closed->access;
    thimble_slot_free(slot);
    return 0;
}

struct thimble_file *thimble_file_take(void)
{
    struct thimble_file *file = files;

    /* Who calls this has a handle that is not in use, so there is one. */
    while (file->handles > 0) {
        file++;
    }
    return file;
}

bool thimble_file_is_mounted(const struct thimble_file *file)
{
    const struct thimble_file_system *system = file->path.system;

    return system->calls->is_mounted == NULL ||
           system->calls->is_mounted(system->context, file->opened);
}

bool thimble_file_is_known(uintptr_t handle)
{
    return thimble_slot_find(&table, handle) != NULL;
}

size_t thimble_files_taken(void)
{
    return thimble_slots_taken(&table);
}

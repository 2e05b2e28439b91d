/* SPDX-License-Identifier: Apache-2.0 */

/* Listing directories. */

#include "error.h"
#include "file_batch.h"
#include "file_table.h"

static bool consider(void *visitor, const struct thimble_file_entry *entry)
{
    thimble_batch_consider(visitor, entry->name, entry->kind);
    return true;
}

static int32_t read(const void *directory, struct thimble_batch *batch)
{
    const struct thimble_path *path = directory;

    return path->system->calls->list(path->system->context, thimble_path_argument(path), consider,
                                     batch);
}

int32_t thimble_platform_file_list(
    uintptr_t directory, uint64_t cookie,
    int32_t (*visit)(void *context, const struct thimble_platform_directory_entry *entry),
    void *context)
{
    struct thimble_file *found;

    thimble_file_lock();

    int32_t status = thimble_file_find_directory(directory, &found);

    if (status == 0) {
        status = thimble_path_check(&found->path);
    }
    if (status == 0) {
        status = thimble_batch_list(read, &found->path, cookie, visit, context);
    }
    thimble_file_unlock();
    return status;
}

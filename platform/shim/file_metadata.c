/* SPDX-License-Identifier: Apache-2.0 */

/* What is known about files: file systems tell their kind and size only. */

#include "error.h"
#include "file_table.h"

static void fill(const struct thimble_path *path, struct thimble_platform_metadata *metadata)
{
    *metadata = (struct thimble_platform_metadata){
        .size = path->size,
        .links = 1,
        .device = path->device,
        .kind = path->kind,
    };
}

int32_t thimble_platform_file_metadata(uintptr_t file, struct thimble_platform_metadata *metadata)
{
    int32_t status = 0;

    thimble_file_lock();

    struct thimble_file_handle *found = thimble_file_find(file);

    if (found == NULL) {
        status = THIMBLE_FAILED(BAD_DESCRIPTOR);
    } else {
        fill(&found->file->path, metadata);
    }
    thimble_file_unlock();
    return status;
}

/* Fills in what is known about a name, if metadata is not NULL. */
static int32_t look_at(uintptr_t directory, const char *name,
                       struct thimble_platform_metadata *metadata)
{
    struct thimble_file *parent;
    struct thimble_path path;

    thimble_file_lock();

    int32_t status = thimble_file_find_directory(directory, &parent);

    if (status == 0) {
        status = thimble_path_find_existing(&parent->path, name, &path);
    }
    if (status == 0) {
        if (metadata != NULL) {
            /* What is open knows of what was written to it. */
            const struct thimble_file *open = thimble_file_find_path(path.text);

            fill(open == NULL ? &path : &open->path, metadata);
        }
        thimble_path_free(&path);
    }
    thimble_file_unlock();
    return status;
}

int32_t thimble_platform_file_metadata_at(uintptr_t directory, const char *name,
                                          struct thimble_platform_metadata *metadata)
{
    return look_at(directory, name, metadata);
}

/* No file system has times that can be set. */
static int32_t set_times(const struct thimble_platform_time_change *accessed,
                         const struct thimble_platform_time_change *modified)
{
    bool keeps = accessed->how == THIMBLE_PLATFORM_TIME_KEEP &&
                 modified->how == THIMBLE_PLATFORM_TIME_KEEP;

    return keeps ? 0 : THIMBLE_FAILED(NOT_SUPPORTED);
}

int32_t thimble_platform_file_set_times(uintptr_t file,
                                        const struct thimble_platform_time_change *accessed,
                                        const struct thimble_platform_time_change *modified)
{
    return thimble_file_is_known(file) ? set_times(accessed, modified)
                                       : THIMBLE_FAILED(BAD_DESCRIPTOR);
}

int32_t thimble_platform_file_set_times_at(uintptr_t directory, const char *name,
                                           const struct thimble_platform_time_change *accessed,
                                           const struct thimble_platform_time_change *modified)
{
    int32_t status = look_at(directory, name, NULL);

    return status == 0 ? set_times(accessed, modified) : status;
}

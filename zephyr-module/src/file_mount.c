/* SPDX-License-Identifier: Apache-2.0 */

/* The lock of all files, and which file systems are mounted where. */

#include <string.h>

#include <zephyr/fs/fs.h>
#include <zephyr/kernel.h>

#include "backend.h"
#include "error.h"
#include "file_error.h"
#include "file_path.h"
#include "file_system.h"

/* File systems of Zephyr may have no lock of their own: ext2 has none, FatFs only if
 * configured so. */
static K_MUTEX_DEFINE(lock);

void thimble_file_lock(void)
{
    k_mutex_lock(&lock, K_FOREVER);
}

void thimble_file_unlock(void)
{
    k_mutex_unlock(&lock);
}

size_t thimble_mount_find(const char *path, uint32_t *device)
{
    size_t longest = 0;
    const char *name;
    int index = 0;

    while (fs_readmount(&index, &name) == 0) {
        size_t length = strlen(name);

        if (length > longest && thimble_path_is_within(path, name)) {
            longest = length;
            /* The index is already the next one's. */
            *device = index;
        }
    }
    return longest;
}

/* Zephyr tells the type of a file system with what is open on it only. File systems may
 * not know their root by fs_stat, but they open it. */
int32_t thimble_mount_system(const char *mount_point, const struct thimble_file_system **system)
{
    struct fs_dir_t directory;

    fs_dir_t_init(&directory);

    int error = fs_opendir(&directory, mount_point);

    if (error < 0) {
        return thimble_file_error(error);
    }
    *system = thimble_file_system_of(directory.mp->type);
    return thimble_file_error(fs_closedir(&directory));
}

/* SPDX-License-Identifier: Apache-2.0 */

/* A disk in RAM. */

#include <errno.h>
#include <string.h>

#include <zephyr/fs/fs.h>
#if defined(CONFIG_FILE_SYSTEM_LITTLEFS)
#include <zephyr/fs/littlefs.h>
#include <zephyr/storage/disk_access.h>
#else
#include <ff.h>
#endif

#include <thimble/app.h>

#include "disk.h"

#if defined(CONFIG_FILE_SYSTEM_LITTLEFS)

/* On a disk, Zephyr takes the size of its sectors for the first three, and the last one
 * is four times that. */
FS_LITTLEFS_DECLARE_CUSTOM_CONFIG(storage, 4, 512, 512, 512, 2048);

static struct fs_mount_t mount = {
    .type = FS_LITTLEFS,
    .mnt_point = DISK,
    .fs_data = &storage,
    .storage_dev = (void *)"RAM",
    .flags = FS_MOUNT_FLAG_USE_DISK_ACCESS,
};

#else

static FATFS storage;

static struct fs_mount_t mount = {
    .type = FS_FATFS,
    .mnt_point = DISK,
    .fs_data = &storage,
};

#endif

int test_disk_mount(void)
{
#if defined(CONFIG_FILE_SYSTEM_LITTLEFS)
    /* Mounting makes a file system where there is none. */
    static const uint8_t nothing[4 * 512];
    int status = disk_access_init("RAM");

    if (status == 0) {
        status = disk_access_write("RAM", nothing, 0, 4);
    }
#else
    int status = fs_mkfs(FS_FATFS, (uintptr_t)"RAM:", NULL, 0);
#endif
    return status == 0 ? fs_mount(&mount) : status;
}

int test_disk_unmount(void)
{
    return fs_unmount(&mount);
}

int test_disk_write(const char *path, const void *data, size_t length)
{
    struct fs_file_t file;

    fs_file_t_init(&file);

    int status = fs_open(&file, path, FS_O_CREATE | FS_O_WRITE);

    if (status != 0) {
        return status;
    }

    ssize_t written = fs_write(&file, data, length);

    status = fs_close(&file);
    if (written < 0) {
        return written;
    }
    return (size_t)written == length ? status : -ENOSPC;
}

int test_disk_write_program(const char *path, const char *name)
{
    const struct thimble_app *app = thimble_app_find(name);

    return app == NULL ? -ENOENT : test_disk_write(path, app->content, app->length);
}

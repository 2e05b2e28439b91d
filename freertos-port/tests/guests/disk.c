/* SPDX-License-Identifier: Apache-2.0 */

/* The disk of these tests, used as an application does, beside Thimble. */

#include <string.h>

#include <thimble_littlefs.h>

#include "check.h"
#include "disk.h"
#include "ram_disk.h"

static lfs_t littlefs;
static struct thimble_mount mount;

void disk_make(void)
{
    check(ram_disk_format() == 0);
    disk_mount();
}

void disk_mount(void)
{
    check(ram_disk_mount(&littlefs) == 0);
    check(thimble_mount_littlefs(&mount, "/lfs", &littlefs) == 0);
}

int32_t disk_unmount(void)
{
    int32_t status = thimble_unmount(&mount);

    if (status == 0) {
        check(lfs_unmount(&littlefs) == 0);
    }
    return status;
}

void disk_write(const char *path, const void *data, size_t length)
{
    static uint8_t cache[256];
    const struct lfs_file_config config = {.buffer = cache};
    lfs_file_t file;

    thimble_file_lock();
    check(littlefs.cfg->cache_size <= sizeof(cache));
    check(lfs_file_opencfg(&littlefs, &file, path, LFS_O_WRONLY | LFS_O_CREAT | LFS_O_TRUNC,
                           &config) == 0);
    check(lfs_file_write(&littlefs, &file, data, length) == (lfs_ssize_t)length);
    check(lfs_file_close(&littlefs, &file) == 0);
    thimble_file_unlock();
}

void disk_write_text(const char *path, const char *text)
{
    disk_write(path, text, strlen(text));
}

void disk_make_directory(const char *path)
{
    thimble_file_lock();
    check(lfs_mkdir(&littlefs, path) == 0);
    thimble_file_unlock();
}

void disk_remove(const char *path)
{
    thimble_file_lock();
    check(lfs_remove(&littlefs, path) == 0);
    thimble_file_unlock();
}

int32_t disk_size(const char *path)
{
    struct lfs_info info;

    thimble_file_lock();

    int error = lfs_stat(&littlefs, path, &info);

    thimble_file_unlock();
    return error < 0 ? error : (int32_t)info.size;
}

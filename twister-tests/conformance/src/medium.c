/* SPDX-License-Identifier: Apache-2.0 */

/* The file system that the tests of files work on, on a RAM disk. */

#include <zephyr/fs/fs.h>
#include <zephyr/ztest.h>

#include "medium.h"

/* The name of the disk in ramdisk.overlay. */
#define DISK "RAM"

#if defined(CONFIG_FILE_SYSTEM_LITTLEFS)

#include <zephyr/fs/littlefs.h>

/* On a disk, Zephyr takes the size of its sectors for the first three, and the last one
 * is four times that. */
FS_LITTLEFS_DECLARE_CUSTOM_CONFIG(data, 4, 512, 512, 512, 2048);

static struct fs_mount_t medium = {
    .type = FS_LITTLEFS,
    .mnt_point = MEDIUM_PATH,
    .fs_data = &data,
    .storage_dev = (void *)DISK,
    .flags = FS_MOUNT_FLAG_USE_DISK_ACCESS,
};

#elif defined(CONFIG_FAT_FILESYSTEM_ELM)

#include <ff.h>

static FATFS data;

static struct fs_mount_t medium = {
    .type = FS_FATFS,
    .mnt_point = MEDIUM_PATH,
    .fs_data = &data,
};

#else

static struct fs_mount_t medium = {
    .type = FS_EXT2,
    .mnt_point = MEDIUM_PATH,
    .storage_dev = (void *)DISK,
    .flags = FS_MOUNT_FLAG_USE_DISK_ACCESS,
};

#endif

void medium_mount(void)
{
    int error = fs_mount(&medium);

    zassert_ok(error, "error %d", error);
}

void medium_mount_to_read(void)
{
    medium.flags |= FS_MOUNT_FLAG_READ_ONLY;
    medium_mount();
}

void medium_unmount(void)
{
    zassert_ok(fs_unmount(&medium));
    medium.flags &= ~FS_MOUNT_FLAG_READ_ONLY;
}

/* SPDX-License-Identifier: Apache-2.0 */

/* A littlefs in RAM. */

#include <thimble_littlefs.h>

#include "disk.h"
#include "ram_disk.h"

bool disk_start(void)
{
    static lfs_t littlefs;
    static struct thimble_mount mount;

    return ram_disk_format() == 0 && ram_disk_mount(&littlefs) == 0 &&
           thimble_mount_littlefs(&mount, "/disk", &littlefs) == 0;
}

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * A littlefs in RAM.
 */

#ifndef RAM_DISK_H
#define RAM_DISK_H

#include <stdbool.h>

#include <lfs.h>

/** Formats the disk. @return 0, or an error of littlefs. */
int ram_disk_format(void);

/**
 * Mounts what the disk holds, for littlefs only.
 *
 * @param littlefs Lives until lfs_unmount().
 * @return 0, or an error of littlefs.
 */
int ram_disk_mount(lfs_t *littlefs);

/** Lets every write fail from now on, or none. */
void ram_disk_break(bool breaks);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * A littlefs in RAM, mounted at /lfs, that the test uses beside the programs. Each ends the test
 * when it fails.
 */

#ifndef DISK_H
#define DISK_H

#include <stddef.h>
#include <stdint.h>

/** Makes it empty, and mounts it. */
void disk_make(void);

/** Takes it away from Thimble, which says whether it can be. @return 0, or its error. */
int32_t disk_unmount(void);

/** Mounts it again, with all that it has. */
void disk_mount(void);

/** Writes a file, in place of what it had. The path is one within the disk. */
void disk_write(const char *path, const void *data, size_t length);

/** As disk_write, with a text. */
void disk_write_text(const char *path, const char *text);

/** Makes a directory. */
void disk_make_directory(const char *path);

/** Removes a file. */
void disk_remove(const char *path);

/** Bytes of a file, or an error of littlefs. */
int32_t disk_size(const char *path);

#endif

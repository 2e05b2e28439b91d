/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * A disk in RAM, with the file system that the configuration chose.
 */

#ifndef DISK_H
#define DISK_H

#include <stddef.h>

/** Where it is mounted. */
#define DISK "/RAM:"

/** Makes an empty file system and mounts it. @return 0 or a negative errno. */
int test_disk_mount(void);

/** Takes it away. @return 0 or a negative errno. */
int test_disk_unmount(void);

/** Writes a file. @return 0 or a negative errno. */
int test_disk_write(const char *path, const void *data, size_t length);

/** Writes a program of the firmware to a file. @return 0 or a negative errno. */
int test_disk_write_program(const char *path, const char *name);

#endif

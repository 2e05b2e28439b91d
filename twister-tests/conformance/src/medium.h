/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * The file system that the tests of files work on, on a RAM disk.
 */

#ifndef MEDIUM_H
#define MEDIUM_H

#if defined(CONFIG_FAT_FILESYSTEM_ELM)
/* FatFs knows its volumes by such names. */
#define MEDIUM_PATH "/RAM:"
#else
#define MEDIUM_PATH "/medium"
#endif

/** Mounts the file system, after formatting it if it is not. */
void medium_mount(void);

/** Mounts it so that it cannot be written. */
void medium_mount_to_read(void);

/** Unmounts it. */
void medium_unmount(void);

#endif

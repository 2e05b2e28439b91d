/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Whole paths. NuttX's openat() and its kin paste the name behind the path by which the
 * directory was opened, and call open(); when that path cannot be had, they go on with what
 * happens to be in the buffer. So this back end keeps the paths of directories itself, which
 * costs no descriptor.
 *
 * Programs can make no symbolic links here, nor move one: with paths, a link that takes the
 * place of a directory that is open would lead elsewhere.
 */

#ifndef THIMBLE_FILE_PATH_H
#define THIMBLE_FILE_PATH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/**
 * Makes the path of a name in a directory.
 *
 * @param path Set to the path, to be given to free().
 * @return 0 or an error of the platform contract: NAME_TOO_LONG.
 */
int32_t thimble_path_join(const char *directory, const char *name, char **path);

/**
 * Looks at what a path names, also when that is a symbolic link.
 *
 * @param kind Set to one of THIMBLE_PLATFORM_FILE_....
 * @return 0 or an error of the platform contract: NOT_FOUND.
 */
int32_t thimble_path_look(const char *path, uint8_t *kind);

/** The kind for a mode of struct stat, THIMBLE_PLATFORM_FILE_.... */
uint8_t thimble_path_kind(mode_t mode);

/** Whether a path is `outer`, or of something in the directory `outer`. Capitals make no
 *  difference, as on FAT. */
bool thimble_path_is_within(const char *path, const char *outer);

/** @return 0 for an empty directory; NOT_EMPTY; or another error. */
int32_t thimble_path_check_empty(const char *path);

#endif

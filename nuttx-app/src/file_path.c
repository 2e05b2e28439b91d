/* SPDX-License-Identifier: Apache-2.0 */

/* Whole paths. */

#include <nuttx/config.h>

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "error_number.h"
#include "file_path.h"

int32_t thimble_path_join(const char *directory, const char *name, char **path)
{
    size_t start = strlen(directory);
    size_t length = strlen(name);

    /* The root is the only directory whose path ends with a '/'. */
    if (start > 0 && directory[start - 1] == '/') {
        start--;
    }
    if (length > NAME_MAX || start + 1 + length >= PATH_MAX) {
        return THIMBLE_FAILED(NAME_TOO_LONG);
    }

    char *joined = malloc(start + 1 + length + 1);

    if (joined == NULL) {
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }
    memcpy(joined, directory, start);
    joined[start] = '/';
    memcpy(joined + start + 1, name, length + 1);
    *path = joined;
    return 0;
}

uint8_t thimble_path_kind(mode_t mode)
{
    if (S_ISREG(mode)) {
        return THIMBLE_PLATFORM_FILE_REGULAR;
    }
    if (S_ISDIR(mode)) {
        return THIMBLE_PLATFORM_FILE_DIRECTORY;
    }
    if (S_ISLNK(mode)) {
        return THIMBLE_PLATFORM_FILE_SYMBOLIC_LINK;
    }
    if (S_ISCHR(mode)) {
        return THIMBLE_PLATFORM_FILE_CHARACTER_DEVICE;
    }
    if (S_ISBLK(mode)) {
        return THIMBLE_PLATFORM_FILE_BLOCK_DEVICE;
    }
    if (S_ISFIFO(mode)) {
        return THIMBLE_PLATFORM_FILE_PIPE;
    }
    return THIMBLE_PLATFORM_FILE_UNKNOWN;
}

int32_t thimble_path_look(const char *path, uint8_t *kind)
{
    struct stat status;

    if (lstat(path, &status) != 0) {
        return thimble_error(errno);
    }
    *kind = thimble_path_kind(status.st_mode);
    return 0;
}

bool thimble_path_is_within(const char *path, const char *outer)
{
    size_t length = strlen(outer);

    return strncasecmp(path, outer, length) == 0 &&
           (path[length] == '/' || path[length] == '\0');
}

int32_t thimble_path_check_empty(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;

    if (directory == NULL) {
        return thimble_error(errno);
    }
    do {
        errno = 0;
        entry = readdir(directory);
    } while (entry != NULL &&
             (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));

    int32_t status = 0;

    if (entry != NULL) {
        status = THIMBLE_FAILED(NOT_EMPTY);
    } else if (errno != 0) {
        status = thimble_error(errno);
    }
    (void)closedir(directory);
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */

/* What is known about files. */

#include <nuttx/config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "deadline.h"
#include "error_number.h"
#include "file_data.h"
#include "file_table.h"

static uint64_t nanoseconds(const struct timespec *time)
{
    return time->tv_sec <= 0 ? 0
                             : (uint64_t)time->tv_sec * THIMBLE_SECOND + (uint64_t)time->tv_nsec;
}

static void fill(const struct stat *status, struct thimble_platform_metadata *metadata)
{
    *metadata = (struct thimble_platform_metadata){
        .size = S_ISDIR(status->st_mode) || status->st_size < 0 ? 0 : (uint64_t)status->st_size,
        /* File systems without hard links leave this empty. */
        .links = status->st_nlink > 0 ? status->st_nlink : 1,
        .inode = status->st_ino,
        .device = status->st_dev,
        .accessed = nanoseconds(&status->st_atim),
        .modified = nanoseconds(&status->st_mtim),
        .changed = nanoseconds(&status->st_ctim),
        .kind = thimble_path_kind(status->st_mode),
    };
}

static int32_t describe(const struct thimble_file *file,
                        struct thimble_platform_metadata *metadata)
{
    struct stat status;
    int result =
        file->descriptor < 0 ? lstat(file->path, &status) : fstat(file->descriptor, &status);

    if (result != 0) {
        return thimble_error(errno);
    }
    fill(&status, metadata);
    return metadata->kind == THIMBLE_PLATFORM_FILE_REGULAR
               ? thimble_file_size(file, &metadata->size)
               : 0;
}

int32_t thimble_platform_file_metadata(uintptr_t file, struct thimble_platform_metadata *metadata)
{
    thimble_file_lock();

    struct thimble_file *found = thimble_file_find(file);
    int32_t status =
        found == NULL ? THIMBLE_FAILED(BAD_DESCRIPTOR) : describe(found, metadata);

    thimble_file_unlock();
    return status;
}

/* Makes the path of a name; with the lock. */
static int32_t path_of(uintptr_t directory, const char *name, char **path)
{
    struct thimble_file *parent;
    int32_t status = thimble_file_find_directory(directory, &parent);

    return status == 0 ? thimble_path_join(parent->path, name, path) : status;
}

int32_t thimble_platform_file_metadata_at(uintptr_t directory, const char *name,
                                          struct thimble_platform_metadata *metadata)
{
    struct stat found;
    char *path;

    thimble_file_lock();

    int32_t status = path_of(directory, name, &path);

    if (status == 0) {
        if (lstat(path, &found) == 0) {
            fill(&found, metadata);
        } else {
            status = thimble_error(errno);
        }
        free(path);
    }
    thimble_file_unlock();
    return status;
}

static struct timespec time_of(const struct thimble_platform_time_change *change)
{
    struct timespec time = {
        .tv_sec = (time_t)(change->time / THIMBLE_SECOND),
        .tv_nsec = (long)(change->time % THIMBLE_SECOND),
    };

    if (change->how == THIMBLE_PLATFORM_TIME_NOW) {
        time.tv_nsec = UTIME_NOW;
    } else if (change->how == THIMBLE_PLATFORM_TIME_KEEP) {
        time.tv_nsec = UTIME_OMIT;
    }
    return time;
}

/* By descriptor, or for a negative one by path. */
static int32_t set_times(int descriptor, const char *path,
                         const struct thimble_platform_time_change *accessed,
                         const struct thimble_platform_time_change *modified)
{
    const struct timespec times[2] = {time_of(accessed), time_of(modified)};

    if (accessed->how == THIMBLE_PLATFORM_TIME_KEEP &&
        modified->how == THIMBLE_PLATFORM_TIME_KEEP) {
        return 0;
    }

    int result = descriptor < 0 ? utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW)
                                : futimens(descriptor, times);

    return result == 0 ? 0 : thimble_error(errno);
}

int32_t thimble_platform_file_set_times(uintptr_t file,
                                        const struct thimble_platform_time_change *accessed,
                                        const struct thimble_platform_time_change *modified)
{
    thimble_file_lock();

    struct thimble_file *found = thimble_file_find(file);
    int32_t status = found == NULL
                         ? THIMBLE_FAILED(BAD_DESCRIPTOR)
                         : set_times(found->descriptor, found->path, accessed, modified);

    thimble_file_unlock();
    return status;
}

int32_t thimble_platform_file_set_times_at(uintptr_t directory, const char *name,
                                           const struct thimble_platform_time_change *accessed,
                                           const struct thimble_platform_time_change *modified)
{
    uint8_t kind;
    char *path;

    thimble_file_lock();

    int32_t status = path_of(directory, name, &path);

    if (status == 0) {
        status = thimble_path_look(path, &kind);
        if (status == 0) {
            status = set_times(-1, path, accessed, modified);
        }
        free(path);
    }
    thimble_file_unlock();
    return status;
}

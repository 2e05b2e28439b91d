/* SPDX-License-Identifier: Apache-2.0 */

/* The lock of all files, and which file systems are mounted where. */

#include <string.h>

#include <thimble_freertos_files.h>

#include "backend.h"
#include "error.h"
#include "file_start.h"
#include "file_table.h"
#include "shim_lock.h"

static struct thimble_lock lock;
static struct thimble_mount *mounts;
static uint32_t last_device;

void thimble_file_start(void)
{
    thimble_lock_initialize(&lock);
}

void thimble_file_lock(void)
{
    thimble_lock_take(&lock);
}

void thimble_file_unlock(void)
{
    thimble_lock_give(&lock);
}

/* The mount point that a path is, or is below: the longest one. */
static struct thimble_mount *find(const char *path)
{
    struct thimble_mount *longest = NULL;

    for (struct thimble_mount *mount = mounts; mount != NULL; mount = mount->next) {
        if (thimble_path_is_within(path, mount->path) &&
            (longest == NULL || mount->system.hidden > longest->system.hidden)) {
            longest = mount;
        }
    }
    return longest;
}

size_t thimble_mount_find(const char *path, uint32_t *device)
{
    const struct thimble_mount *mount = find(path);

    if (mount == NULL) {
        return 0;
    }
    *device = mount->device;
    return mount->system.hidden;
}

int32_t thimble_mount_system(const char *mount_point, const struct thimble_file_system **system)
{
    *system = &find(mount_point)->system;
    return 0;
}

/* Whether a path has a name after each '/', none of which is "." or "..". */
static bool is_path(const char *path)
{
    while (path[0] == '/') {
        size_t length = strcspn(path + 1, "/");

        if (length == 0 || (length <= 2 && strspn(path + 1, ".") >= length)) {
            return false;
        }
        path += 1 + length;
        if (path[0] == '\0') {
            return true;
        }
    }
    return false;
}

static int32_t add(struct thimble_mount *mount)
{
    for (const struct thimble_mount *other = mounts; other != NULL; other = other->next) {
        if (strcmp(other->path, mount->path) == 0) {
            return THIMBLE_FAILED(ALREADY_EXISTS);
        }
    }
    last_device++;
    mount->device = last_device;
    mount->next = mounts;
    mounts = mount;
    return 0;
}

int32_t thimble_mount(struct thimble_mount *mount, const char *path,
                      const struct thimble_file_system_calls *calls, void *context)
{
    if (!is_path(path)) {
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }
    mount->system.calls = calls;
    mount->system.context = context;
    mount->system.hidden = strlen(path);
    mount->path = path;
    thimble_file_lock();

    int32_t status = add(mount);

    thimble_file_unlock();
    return status;
}

int32_t thimble_unmount(struct thimble_mount *mount)
{
    struct thimble_mount **link = &mounts;
    int32_t status = 0;

    thimble_file_lock();
    while (*link != NULL && *link != mount) {
        link = &(*link)->next;
    }
    if (*link == NULL) {
        status = THIMBLE_FAILED(NOT_FOUND);
    } else if (thimble_file_is_open(mount->path)) {
        status = THIMBLE_FAILED(BUSY);
    } else {
        *link = mount->next;
    }
    thimble_file_unlock();
    return status;
}

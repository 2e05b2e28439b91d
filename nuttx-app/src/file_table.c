/* SPDX-License-Identifier: Apache-2.0 */

/* Open files and directories, and the handles that name them. */

#include <nuttx/config.h>

#include <stdlib.h>
#include <unistd.h>

#include "error_number.h"
#include "file_table.h"
#include "lock.h"
#include "waiting.h"

static struct thimble_file files[CONFIG_THIMBLE_MAX_FILES];
static const struct thimble_table table = THIMBLE_TABLE(files);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void thimble_file_lock(void)
{
    thimble_lock(&lock);
}

void thimble_file_unlock(void)
{
    thimble_unlock(&lock);
}

struct thimble_file *thimble_file_find(uintptr_t handle)
{
    struct thimble_slot *slot = thimble_slot_acquire(&table, handle);

    if (slot == NULL) {
        return NULL;
    }
    /* The lock keeps it from being ended. */
    thimble_slot_release(slot);

    struct thimble_file *file = (struct thimble_file *)slot;

    return file->descriptor < 0 || file->task == getpid() ? file : NULL;
}

int32_t thimble_file_find_directory(uintptr_t handle, struct thimble_file **directory)
{
    struct thimble_file *found = thimble_file_find(handle);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    *directory = found;
    return found->kind == THIMBLE_PLATFORM_FILE_DIRECTORY ? 0 : THIMBLE_FAILED(NOT_DIRECTORY);
}

bool thimble_file_is_open(const char *path)
{
    for (size_t index = 0; index < CONFIG_THIMBLE_MAX_FILES; index++) {
        if (files[index].path != NULL && thimble_path_is_within(files[index].path, path)) {
            return true;
        }
    }
    return false;
}

struct thimble_file *thimble_file_take(void)
{
    return (struct thimble_file *)thimble_slot_take(&table);
}

void thimble_file_free(struct thimble_file *file)
{
    file->path = NULL;
    thimble_slot_free(&file->slot);
}

uintptr_t thimble_file_open(struct thimble_file *file)
{
    file->task = getpid();
    return thimble_slot_open(&table, &file->slot);
}

int32_t thimble_file_close(uintptr_t handle, struct thimble_file **file)
{
    struct thimble_slot *slot;

    if (thimble_file_find(handle) == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }

    /* Never busy: calls use a slot with the lock only. */
    int32_t status = thimble_slot_close(&table, handle, NULL, &slot);

    *file = (struct thimble_file *)slot;
    return status;
}

void thimble_file_forget(pid_t task)
{
    thimble_file_lock();
    for (size_t index = 0; index < CONFIG_THIMBLE_MAX_FILES; index++) {
        struct thimble_file *file = &files[index];

        if (file->slot.state == THIMBLE_SLOT_OPEN && file->task == task) {
            free(file->path);
            thimble_file_free(file);
        }
    }
    thimble_file_unlock();
}

int32_t thimble_file_poll(uintptr_t file, int *descriptor)
{
    int32_t status = 0;

    thimble_file_lock();

    struct thimble_file *found = thimble_file_find(file);

    if (found == NULL) {
        status = THIMBLE_FAILED(BAD_DESCRIPTOR);
    } else if (found->kind == THIMBLE_PLATFORM_FILE_CHARACTER_DEVICE ||
               found->kind == THIMBLE_PLATFORM_FILE_PIPE) {
        *descriptor = found->descriptor;
    } else {
        *descriptor = THIMBLE_POLL_KNOWN;
        status = THIMBLE_PLATFORM_STATE_READY;
    }
    thimble_file_unlock();
    return status;
}

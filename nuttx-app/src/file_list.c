/* SPDX-License-Identifier: Apache-2.0 */

/* Listing directories.
 *
 * A listing of NuttX has no position to come back to, and the number of an entry in
 * it changes when one before is removed, as programs do that remove a directory with
 * all it has. So entries are shown in the order of a number made from the name: a
 * cookie is that number, and stays right whatever is added or removed. The directory
 * is read once for each few entries that are shown. */

#include <nuttx/config.h>

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "error_number.h"
#include "file_table.h"

/* How many entries are found by reading a directory once. */
#define BATCH 8

struct found {
    uint64_t number;
    uint8_t kind;
    char name[NAME_MAX + 1];
};

/* The entries with the smallest numbers above that of the last batch, in order. */
struct batch {
    size_t count;
    struct found found[BATCH];
};

/* The number of a name, above 0 and below 2^63. FNV-1a: two names share a number by
 * chance once in 2^63; of names chosen for that, a listing may show only one. */
static uint64_t number_of(const char *name)
{
    uint64_t number = 0xcbf29ce484222325;

    for (; *name != '\0'; name++) {
        number = (number ^ (uint8_t)*name) * 0x100000001b3;
    }
    number &= INT64_MAX;
    return number == 0 ? 1 : number;
}

static uint8_t kind_of(uint8_t type)
{
    switch (type) {
    case DTYPE_FILE:
        return THIMBLE_PLATFORM_FILE_REGULAR;
    case DTYPE_DIRECTORY:
        return THIMBLE_PLATFORM_FILE_DIRECTORY;
    case DTYPE_LINK:
        return THIMBLE_PLATFORM_FILE_SYMBOLIC_LINK;
    case DTYPE_CHR:
        return THIMBLE_PLATFORM_FILE_CHARACTER_DEVICE;
    case DTYPE_BLK:
        return THIMBLE_PLATFORM_FILE_BLOCK_DEVICE;
    case DTYPE_FIFO:
        return THIMBLE_PLATFORM_FILE_PIPE;
    default:
        return THIMBLE_PLATFORM_FILE_UNKNOWN;
    }
}

/* Puts an entry where it belongs, and drops the last one if there is no room. */
static void insert(struct batch *batch, uint64_t number, const struct dirent *entry)
{
    size_t place = batch->count;

    while (place > 0 && batch->found[place - 1].number > number) {
        place--;
    }
    if (place == BATCH) {
        return;
    }
    batch->count += batch->count < BATCH ? 1 : 0;
    memmove(&batch->found[place + 1], &batch->found[place],
            (batch->count - place - 1) * sizeof(batch->found[0]));

    struct found *found = &batch->found[place];

    found->number = number;
    found->kind = kind_of(entry->d_type);
    strlcpy(found->name, entry->d_name, sizeof(found->name));
}

static bool is_shown(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* Reads a directory and fills a batch with what comes after a cookie. */
static int32_t fill(const char *path, uint64_t cookie, struct batch *batch)
{
    DIR *directory = opendir(path);
    struct dirent *entry;

    batch->count = 0;
    if (directory == NULL) {
        return thimble_error(errno);
    }
    errno = 0;
    while ((entry = readdir(directory)) != NULL) {
        uint64_t number = number_of(entry->d_name);

        if (number > cookie && is_shown(entry)) {
            insert(batch, number, entry);
        }
        errno = 0;
    }

    int32_t status = errno == 0 ? 0 : thimble_error(errno);

    (void)closedir(directory);
    return status;
}

static bool show(const struct found *found,
                 int32_t (*visit)(void *context,
                                  const struct thimble_platform_directory_entry *entry),
                 void *context)
{
    const struct thimble_platform_directory_entry entry = {
        .next = found->number,
        .name = (const uint8_t *)found->name,
        .name_length = strlen(found->name),
        .kind = found->kind,
    };

    return visit(context, &entry) != 0;
}

static int32_t list(const char *path, uint64_t cookie,
                    int32_t (*visit)(void *context,
                                     const struct thimble_platform_directory_entry *entry),
                    void *context)
{
    struct batch *batch = malloc(sizeof(*batch));
    bool goes_on = true;
    int32_t status;

    if (batch == NULL) {
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }
    do {
        status = fill(path, cookie, batch);
        for (size_t index = 0; index < batch->count && status == 0 && goes_on; index++) {
            cookie = batch->found[index].number;
            goes_on = show(&batch->found[index], visit, context);
        }
    } while (status == 0 && goes_on && batch->count == BATCH);
    free(batch);
    return status == 0 ? goes_on : status;
}

int32_t thimble_platform_file_list(
    uintptr_t directory, uint64_t cookie,
    int32_t (*visit)(void *context, const struct thimble_platform_directory_entry *entry),
    void *context)
{
    struct thimble_file *found;

    thimble_file_lock();

    int32_t status = thimble_file_find_directory(directory, &found);

    if (status == 0 && (found->access & THIMBLE_PLATFORM_OPEN_READ) == 0) {
        status = THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    if (status == 0) {
        status = list(found->path, cookie, visit, context);
    }
    thimble_file_unlock();
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Listing directories, whatever reads them. */

#include <stdbool.h>
#include <string.h>

#include "backend.h"
#include "error.h"
#include "file_batch.h"

/* How many entries are found by reading a directory once. */
#define BATCH 8

struct found {
    uint64_t number;
    uint8_t kind;
    char name[THIMBLE_SHIM_NAME + 1];
};

/* The entries with the smallest numbers above `last`, in order. */
struct thimble_batch {
    uint64_t last;
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

/* Puts an entry where it belongs, and drops the last one if there is no room. */
static void insert(struct thimble_batch *batch, uint64_t number, const char *name, uint8_t kind)
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
    found->kind = kind;
    strcpy(found->name, name);
}

void thimble_batch_consider(struct thimble_batch *batch, const char *name, uint8_t kind)
{
    uint64_t number = number_of(name);

    if (number > batch->last && strlen(name) <= THIMBLE_SHIM_NAME && strcmp(name, ".") != 0 &&
        strcmp(name, "..") != 0) {
        insert(batch, number, name, kind);
    }
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

int32_t thimble_batch_list(
    int32_t (*read)(const void *directory, struct thimble_batch *batch), const void *directory,
    uint64_t cookie,
    int32_t (*visit)(void *context, const struct thimble_platform_directory_entry *entry),
    void *context)
{
    struct thimble_batch *batch = thimble_heap_allocate(sizeof(*batch), __alignof__(*batch));

    if (batch == NULL) {
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }

    bool goes_on = true;
    int32_t status;

    do {
        batch->last = cookie;
        batch->count = 0;
        status = read(directory, batch);
        for (size_t index = 0; index < batch->count && status == 0 && goes_on; index++) {
            cookie = batch->found[index].number;
            goes_on = show(&batch->found[index], visit, context);
        }
    } while (status == 0 && goes_on && batch->count == BATCH);
    thimble_heap_release(batch);
    return status == 0 ? goes_on : status;
}

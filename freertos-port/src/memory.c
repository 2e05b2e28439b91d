/* SPDX-License-Identifier: Apache-2.0 */

/* Memory regions, from the heap of the runtime: there are no pages to map. */

#include <string.h>

#include "error.h"
#include "heap.h"
#include "kernel.h"
#include "start.h"

#define REGION_ALIGNMENT 16

/* Stands in front of a region. */
struct region {
    _Alignas(REGION_ALIGNMENT) struct region *next;
};

static struct region *regions;

static uintptr_t address_of(const struct region *region)
{
    return (uintptr_t)(region + 1);
}

/* The link to a region in the list; NULL for an address that is not of one. */
static struct region **find(uintptr_t address)
{
    for (struct region **link = &regions; *link != NULL; link = &(*link)->next) {
        if (address_of(*link) == address) {
            return link;
        }
    }
    return NULL;
}

static bool is_known(uintptr_t address)
{
    taskENTER_CRITICAL();

    bool known = find(address) != NULL;

    taskEXIT_CRITICAL();
    return known;
}

size_t thimble_platform_memory_granule(void)
{
    return 1;
}

int32_t thimble_platform_memory_reserve(size_t length, void **address)
{
    if (length > SIZE_MAX - sizeof(struct region)) {
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }

    struct region *region =
        thimble_heap_allocate(sizeof(struct region) + length, REGION_ALIGNMENT);

    if (region == NULL) {
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }
    taskENTER_CRITICAL();
    region->next = regions;
    regions = region;
    taskEXIT_CRITICAL();
    *address = region + 1;
    return 0;
}

int32_t thimble_platform_memory_commit(uintptr_t region, size_t offset, size_t length)
{
    if (!is_known(region)) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    if (length > 0) {
        memset((uint8_t *)region + offset, 0, length);
    }
    return 0;
}

int32_t thimble_platform_memory_seal(uintptr_t region, size_t offset, size_t length)
{
    (void)offset;
    (void)length;
    if (!is_known(region)) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    /* FreeRTOS has no portable way to make a part of the heap executable. */
    return THIMBLE_FAILED(NOT_SUPPORTED);
}

int32_t thimble_platform_memory_sync_code(uintptr_t region, size_t offset, size_t length)
{
    if (!is_known(region)) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }

    char *start = (char *)region + offset;
    const struct thimble_freertos_hooks *hooks = thimble_hooks();

    if (hooks->synchronize_code != NULL) {
        hooks->synchronize_code(start, length);
    }
    __builtin___clear_cache(start, start + length);
    return 0;
}

int32_t thimble_platform_memory_release(uintptr_t region)
{
    taskENTER_CRITICAL();

    struct region **link = find(region);
    struct region *released = NULL;

    if (link != NULL) {
        released = *link;
        *link = released->next;
    }
    taskEXIT_CRITICAL();
    if (released == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    thimble_heap_release(released);
    return 0;
}

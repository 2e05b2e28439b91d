/* SPDX-License-Identifier: Apache-2.0 */

/* Memory regions, from the heap: NuttX maps memory with a memory management unit only, and
 * not in the flat build. */

#include <nuttx/config.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "error_number.h"
#include "heap.h"
#include "lock.h"
#include "module.h"

#if THIMBLE_IS_IN_KERNEL
#include <nuttx/cache.h>
#endif

#define REGION_ALIGNMENT 16

/* Stands in front of a region. */
struct region {
    struct region *next;
} __attribute__((aligned(REGION_ALIGNMENT)));

static struct region *regions;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static uintptr_t address_of(const struct region *region)
{
    return (uintptr_t)(region + 1);
}

/* The link to a region in the list, which ends with NULL. */
static struct region **find(uintptr_t address)
{
    struct region **link = &regions;

    while (*link != NULL && address_of(*link) != address) {
        link = &(*link)->next;
    }
    return link;
}

static bool is_known(uintptr_t address)
{
    thimble_lock(&lock);

    bool known = *find(address) != NULL;

    thimble_unlock(&lock);
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
    thimble_lock(&lock);
    region->next = regions;
    regions = region;
    thimble_unlock(&lock);
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
    /* NuttX has no way to make a part of the heap executable. */
    return is_known(region) ? THIMBLE_FAILED(NOT_SUPPORTED) : THIMBLE_FAILED(BAD_DESCRIPTOR);
}

int32_t thimble_platform_memory_sync_code(uintptr_t region, size_t offset, size_t length)
{
    if (!is_known(region)) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
#if THIMBLE_IS_IN_KERNEL
    /* Nothing, on processors without caches. */
    up_coherent_dcache(region + offset, length);
#else
    (void)offset;
    (void)length;
#endif
    return 0;
}

int32_t thimble_platform_memory_release(uintptr_t region)
{
    thimble_lock(&lock);

    struct region **link = find(region);
    struct region *released = *link;

    if (released != NULL) {
        *link = released->next;
    }
    thimble_unlock(&lock);
    if (released == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    free(released);
    return 0;
}

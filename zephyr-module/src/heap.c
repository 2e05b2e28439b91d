/* SPDX-License-Identifier: Apache-2.0 */

/* The heap of the runtime: Zephyr's system heap, a k_heap of the application's, or a
 * pool of its own. */

#include <string.h>

#include <zephyr/init.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/sys_heap.h>

#include "heap.h"

#if defined(CONFIG_THIMBLE_HEAP_STATISTICS)
static void fill(struct sys_heap *heap, struct thimble_heap_statistics *statistics)
{
    struct sys_memory_stats stats;

    (void)sys_heap_runtime_stats_get(heap, &stats);
    statistics->allocated = stats.allocated_bytes;
    statistics->peak = stats.max_allocated_bytes;
    statistics->free = stats.free_bytes;
}
#endif

#if !defined(CONFIG_THIMBLE_HEAP_POOL)

#if defined(CONFIG_THIMBLE_HEAP_SYSTEM)

void *thimble_heap_allocate(size_t size, size_t alignment)
{
    return k_aligned_alloc(MAX(alignment, sizeof(void *)), size);
}

void thimble_heap_release(void *block)
{
    k_free(block);
}

bool thimble_heap_statistics(struct thimble_heap_statistics *statistics)
{
    /* What others have allocated there would be counted as well. */
    ARG_UNUSED(statistics);
    return false;
}

#else

/* K_HEAP_DEFINE(thimble_heap, size) of the application. */
extern struct k_heap thimble_heap;

void *thimble_heap_allocate(size_t size, size_t alignment)
{
    return k_heap_aligned_alloc(&thimble_heap, MAX(alignment, sizeof(void *)), size, K_NO_WAIT);
}

void thimble_heap_release(void *block)
{
    k_heap_free(&thimble_heap, block);
}

bool thimble_heap_statistics(struct thimble_heap_statistics *statistics)
{
#if defined(CONFIG_THIMBLE_HEAP_STATISTICS)
    fill(&thimble_heap.heap, statistics);
    return true;
#else
    ARG_UNUSED(statistics);
    return false;
#endif
}

#endif

void *thimble_heap_reallocate(void *block, size_t old_size, size_t size, size_t alignment)
{
    /* k_realloc would lose an alignment above that of a pointer, and k_heap has none
     * before Zephyr 4. */
    void *moved = thimble_heap_allocate(size, alignment);

    if (moved != NULL) {
        memcpy(moved, block, MIN(old_size, size));
        thimble_heap_release(block);
    }
    return moved;
}

#else

static uint8_t pool[CONFIG_THIMBLE_HEAP_SIZE] __noinit __aligned(8);
static struct sys_heap heap;

/* A mutex instead of the spinlock of a k_heap: moving a large memory must not
 * keep interrupts waiting. */
static K_MUTEX_DEFINE(lock);

void *thimble_heap_allocate(size_t size, size_t alignment)
{
    k_mutex_lock(&lock, K_FOREVER);

    void *block = sys_heap_aligned_alloc(&heap, alignment, size);

    k_mutex_unlock(&lock);
    return block;
}

void *thimble_heap_reallocate(void *block, size_t old_size, size_t size, size_t alignment)
{
    ARG_UNUSED(old_size);
    k_mutex_lock(&lock, K_FOREVER);

    void *moved = sys_heap_aligned_realloc(&heap, block, alignment, size);

    k_mutex_unlock(&lock);
    return moved;
}

void thimble_heap_release(void *block)
{
    k_mutex_lock(&lock, K_FOREVER);
    sys_heap_free(&heap, block);
    k_mutex_unlock(&lock);
}

bool thimble_heap_statistics(struct thimble_heap_statistics *statistics)
{
#if defined(CONFIG_THIMBLE_HEAP_STATISTICS)
    k_mutex_lock(&lock, K_FOREVER);
    fill(&heap, statistics);
    k_mutex_unlock(&lock);
    return true;
#else
    ARG_UNUSED(statistics);
    return false;
#endif
}

static int initialize(void)
{
    sys_heap_init(&heap, pool, sizeof(pool));
    return 0;
}

SYS_INIT(initialize, PRE_KERNEL_1, CONFIG_KERNEL_INIT_PRIORITY_OBJECTS);

#endif

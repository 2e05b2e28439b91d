/* SPDX-License-Identifier: Apache-2.0 */

/* The heap of the runtime: that of FreeRTOS, with larger alignments and an account. */

#include "heap.h"
#include "kernel.h"

/* In front of a block whose alignment is larger than that of pvPortMalloc(). */
struct aligned {
    struct aligned *next;
    /* What pvPortMalloc() gave. */
    void *start;
};

static struct aligned *aligned_blocks;

static void *allocate_aligned(size_t size, size_t alignment)
{
    size_t more = alignment + sizeof(struct aligned);

    if (size > SIZE_MAX - more) {
        return NULL;
    }

    void *start = pvPortMalloc(size + more);

    if (start == NULL) {
        return NULL;
    }

    uintptr_t block = ((uintptr_t)start + more) & ~(uintptr_t)(alignment - 1);
    struct aligned *front = (struct aligned *)block - 1;

    front->start = start;
    taskENTER_CRITICAL();
    front->next = aligned_blocks;
    aligned_blocks = front;
    taskEXIT_CRITICAL();
    return (void *)block;
}

bool thimble_heap_release_aligned(void *block)
{
    struct aligned **link = &aligned_blocks;
    struct aligned *front;

    taskENTER_CRITICAL();
    while (*link != NULL && *link + 1 != block) {
        link = &(*link)->next;
    }
    front = *link;
    if (front != NULL) {
        *link = front->next;
    }
    taskEXIT_CRITICAL();
    if (front == NULL) {
        return false;
    }
    vPortFree(front->start);
    return true;
}

void *thimble_heap_allocate(size_t size, size_t alignment)
{
    return alignment <= portBYTE_ALIGNMENT ? pvPortMalloc(size)
                                           : allocate_aligned(size, alignment);
}

void thimble_heap_release(void *block)
{
    if (!thimble_heap_release_aligned(block)) {
        vPortFree(block);
    }
}

#if THIMBLE_HEAP_STATISTICS

static size_t allocated;
static size_t peak;

void thimble_heap_account(ptrdiff_t change)
{
    taskENTER_CRITICAL();
    allocated += change;
    if (allocated > peak) {
        peak = allocated;
    }
    taskEXIT_CRITICAL();
}

bool thimble_heap_statistics(struct thimble_heap_statistics *statistics)
{
    taskENTER_CRITICAL();
    statistics->allocated = allocated;
    statistics->peak = peak;
    taskEXIT_CRITICAL();
    statistics->free = xPortGetFreeHeapSize();
    return true;
}

#else

void thimble_heap_account(ptrdiff_t change)
{
    (void)change;
}

bool thimble_heap_statistics(struct thimble_heap_statistics *statistics)
{
    (void)statistics;
    return false;
}

#endif

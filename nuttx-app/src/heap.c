/* SPDX-License-Identifier: Apache-2.0 */

/* Memory for the runtime, from the heap of the system. */

#include <nuttx/config.h>

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include <thimble_device.h>

#include "heap.h"

/* What malloc aligns to, unless the configuration says otherwise. */
#if CONFIG_MM_DEFAULT_ALIGNMENT > 0
#define HEAP_ALIGNMENT CONFIG_MM_DEFAULT_ALIGNMENT
#else
#define HEAP_ALIGNMENT sizeof(void *)
#endif

void *thimble_heap_allocate(size_t size, size_t alignment)
{
    if (alignment <= HEAP_ALIGNMENT) {
        return malloc(size);
    }
    return memalign(alignment, size);
}

void thimble_heap_release(void *block)
{
    free(block);
}

void *thimble_heap_reallocate(void *block, size_t old_size, size_t size, size_t alignment)
{
    if (alignment <= HEAP_ALIGNMENT) {
        return realloc(block, size);
    }

    void *moved = memalign(alignment, size);

    if (moved != NULL) {
        memcpy(moved, block, old_size < size ? old_size : size);
        thimble_heap_release(block);
    }
    return moved;
}

int32_t thimble_device_heap(struct thimble_device_heap *heap)
{
    struct mallinfo information = mallinfo();

    heap->allocated = (unsigned int)information.uordblks;
    heap->peak = (unsigned int)information.usmblks;
    heap->free = (unsigned int)information.fordblks;
    return 1;
}

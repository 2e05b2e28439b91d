/* SPDX-License-Identifier: Apache-2.0 */

/* Blocks of the heap that are known by who allocated them. */

#include <stdint.h>

#include "block.h"
#include "heap.h"
#include "kernel.h"
#include "macros.h"

/* Stands in front of a block. */
struct thimble_block {
    struct thimble_block *next;
    /* What leads to this; NULL for a block that is nobody's. */
    struct thimble_block **link;
};

/* What is behind a block's front is aligned so. */
#define ALIGNMENT THIMBLE_MIN(sizeof(struct thimble_block), portBYTE_ALIGNMENT)

void *thimble_block_allocate(struct thimble_blocks *owner, size_t size, size_t alignment)
{
    if (alignment > ALIGNMENT) {
        /* So that it is one of those which thimble_heap_release_aligned knows. */
        return thimble_heap_allocate(size, THIMBLE_MAX(alignment, 2 * portBYTE_ALIGNMENT));
    }
    if (size > SIZE_MAX - sizeof(struct thimble_block)) {
        return NULL;
    }

    struct thimble_block *block = pvPortMalloc(sizeof(*block) + size);

    if (block == NULL) {
        return NULL;
    }
    block->link = NULL;
    if (owner != NULL) {
        taskENTER_CRITICAL();
        block->next = owner->first;
        block->link = &owner->first;
        if (block->next != NULL) {
            block->next->link = &block->next;
        }
        owner->first = block;
        taskEXIT_CRITICAL();
    }
    return block + 1;
}

/* Takes a block from its owner, if it has one. */
static void take(struct thimble_block *block)
{
    taskENTER_CRITICAL();
    if (block->link != NULL) {
        *block->link = block->next;
        if (block->next != NULL) {
            block->next->link = block->link;
        }
        block->link = NULL;
    }
    taskEXIT_CRITICAL();
}

void thimble_block_release(void *block)
{
    if (!thimble_heap_release_aligned(block)) {
        struct thimble_block *front = (struct thimble_block *)block - 1;

        take(front);
        vPortFree(front);
    }
}

void thimble_blocks_release(struct thimble_blocks *owner)
{
    while (owner->first != NULL) {
        thimble_block_release(owner->first + 1);
    }
}

void thimble_blocks_leave(struct thimble_blocks *owner)
{
    while (owner->first != NULL) {
        take(owner->first);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Blocks of the heap that are known by who allocated them. */

#include <nuttx/config.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "block.h"
#include "heap.h"
#include "lock.h"

/* Stands in front of a block. */
struct thimble_block {
    struct thimble_block *next;
    /* What leads to this; NULL for a block that is nobody's. */
    struct thimble_block **link;
};

/* One lock for the blocks of all threads. Who has it may be ended with a list half changed: it is
 * whole from its first block on at any time, and of a dead thread's nothing else is used. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Called with the lock. */
static void put_in(struct thimble_blocks *owner, struct thimble_block *block)
{
    block->next = owner->first;
    block->link = &owner->first;
    if (block->next != NULL) {
        block->next->link = &block->next;
    }
    owner->first = block;
}

static void put(struct thimble_blocks *owner, struct thimble_block *block)
{
    block->link = NULL;
    if (owner != NULL) {
        thimble_lock(&lock);
        put_in(owner, block);
        thimble_unlock(&lock);
    }
}

/* Called with the lock. */
static void take_out(struct thimble_block *block)
{
    *block->link = block->next;
    if (block->next != NULL) {
        block->next->link = block->link;
    }
    block->link = NULL;
}

/* Takes a block from its owner; whether it had one. */
static bool take(struct thimble_block *block)
{
    thimble_lock(&lock);

    bool has_owner = block->link != NULL;

    if (has_owner) {
        take_out(block);
    }
    thimble_unlock(&lock);
    return has_owner;
}

static bool is_possible(size_t size, size_t alignment)
{
    return alignment <= sizeof(struct thimble_block) &&
           size <= SIZE_MAX - sizeof(struct thimble_block);
}

void *thimble_block_allocate(struct thimble_blocks *owner, size_t size, size_t alignment)
{
    if (!is_possible(size, alignment)) {
        return NULL;
    }

    struct thimble_block *block = thimble_heap_allocate(sizeof(*block) + size, alignment);

    if (block == NULL) {
        return NULL;
    }
    put(owner, block);
    return block + 1;
}

void *thimble_block_reallocate(struct thimble_blocks *owner, void *block, size_t old_size,
                               size_t size, size_t alignment)
{
    struct thimble_block *front = (struct thimble_block *)block - 1;

    if (!is_possible(size, alignment)) {
        return NULL;
    }

    struct thimble_blocks *next_owner = take(front) ? owner : NULL;
    struct thimble_block *moved = thimble_heap_reallocate(front, sizeof(*front) + old_size,
                                                          sizeof(*front) + size, alignment);

    if (moved == NULL) {
        put(next_owner, front);
        return NULL;
    }
    put(next_owner, moved);
    return moved + 1;
}

void thimble_block_release(void *block)
{
    struct thimble_block *front = (struct thimble_block *)block - 1;

    (void)take(front);
    thimble_heap_release(front);
}

void thimble_blocks_release(struct thimble_blocks *owner)
{
    thimble_lock(&lock);

    struct thimble_block *block = owner->first;

    owner->first = NULL;
    while (block != NULL) {
        struct thimble_block *next = block->next;

        thimble_heap_release(block);
        block = next;
    }
    thimble_unlock(&lock);
}

void thimble_blocks_leave(struct thimble_blocks *owner, struct thimble_blocks *heir)
{
    thimble_lock(&lock);
    while (owner->first != NULL) {
        struct thimble_block *block = owner->first;

        take_out(block);
        if (heir != NULL) {
            put_in(heir, block);
        }
    }
    thimble_unlock(&lock);
}

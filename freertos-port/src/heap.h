/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * The heap of the runtime: guests' memories, code, stacks of threads.
 *
 * The names have a prefix of their own because the compiler treats functions
 * called malloc and the like specially. backend.h has the others.
 */

#ifndef THIMBLE_HEAP_H
#define THIMBLE_HEAP_H

#include <stdbool.h>
#include <stddef.h>

#include "backend.h"

/** What the heap has: of Thimble's own first, then of all. */
struct thimble_heap_statistics {
    /** Bytes that are allocated now. */
    size_t allocated;
    /** The most that were at once. */
    size_t peak;
    /** Bytes that are left in FreeRTOS's heap. */
    size_t free;
};

/** Fills in what the heap has. @return Whether an account is kept. */
bool thimble_heap_statistics(struct thimble_heap_statistics *statistics);

/**
 * Changes the size of a block, and moves it where it must be.
 *
 * @param old_size What the block was allocated with.
 * @param size Above 0.
 * @param alignment What the block was allocated with.
 * @return The block; NULL without room, and block is then as it was.
 */
void *thimble_heap_reallocate(void *block, size_t old_size, size_t size, size_t alignment);

/** Counts bytes that were allocated, or given back if negative. */
void thimble_heap_account(ptrdiff_t change);

#endif

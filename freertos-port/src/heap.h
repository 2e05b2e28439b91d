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

/** As thimble_heap_release, if a block has an alignment above portBYTE_ALIGNMENT. @return Whether. */
bool thimble_heap_release_aligned(void *block);

/** Counts bytes that were allocated, or given back if negative. */
void thimble_heap_account(ptrdiff_t change);

#endif

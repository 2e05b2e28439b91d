/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Memory for the runtime, from the heap of the system.
 */

#ifndef THIMBLE_HEAP_H
#define THIMBLE_HEAP_H

#include <stddef.h>

/**
 * Allocates.
 *
 * @param size Above 0.
 * @param alignment A power of two.
 * @return NULL without room; to be given to thimble_heap_release.
 */
void *thimble_heap_allocate(size_t size, size_t alignment);

/** Gives a block back. */
void thimble_heap_release(void *block);

/** As realloc, for a block of `old_size` bytes with this alignment. */
void *thimble_heap_reallocate(void *block, size_t old_size, size_t size, size_t alignment);

#endif

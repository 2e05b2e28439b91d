/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Blocks of the heap that are known by who allocated them.
 *
 * Nobody else has anything of what a program's thread allocates, so that all of it can be
 * released when somebody has deleted the task, whatever that was doing.
 */

#ifndef THIMBLE_BLOCK_H
#define THIMBLE_BLOCK_H

#include <stddef.h>

struct thimble_block;

/** The blocks of a thread. Zero it at first. */
struct thimble_blocks {
    struct thimble_block *first;
};

/**
 * Allocates.
 *
 * @param owner Whose block it becomes; NULL for nobody's.
 * @param size Above 0.
 * @param alignment A power of two. A block with a large one, which Thimble has
 *        no use for, is nobody's.
 * @return The block; NULL without room.
 */
void *thimble_block_allocate(struct thimble_blocks *owner, size_t size, size_t alignment);

/** Gives a block back, whoever has it. */
void thimble_block_release(void *block);

/** Gives all blocks back of a thread that was deleted. */
void thimble_blocks_release(struct thimble_blocks *owner);

/** Makes what is left by a thread that has ended nobody's. */
void thimble_blocks_leave(struct thimble_blocks *owner);

#endif

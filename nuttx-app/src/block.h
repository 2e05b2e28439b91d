/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Blocks of the heap that are known by who allocated them.
 *
 * Nobody else has anything of what a program's thread allocates, so that all of it can be
 * released when somebody has ended the thread, whatever that was doing.
 */

#ifndef THIMBLE_BLOCK_H
#define THIMBLE_BLOCK_H

#include <stddef.h>

struct thimble_block;

/** The blocks of a thread; empty when all is zero. */
struct thimble_blocks {
    struct thimble_block *first;
};

/**
 * Allocates.
 *
 * @param owner Whose block it becomes; NULL for nobody's.
 * @param size Above 0.
 * @param alignment A power of two.
 * @return NULL without room, or for an alignment above that of two pointers, for which Thimble
 *         has no use.
 */
void *thimble_block_allocate(struct thimble_blocks *owner, size_t size, size_t alignment);

/**
 * As realloc, for a block with this alignment.
 *
 * @param owner Whose block it becomes if it was anybody's.
 */
void *thimble_block_reallocate(struct thimble_blocks *owner, void *block, size_t old_size,
                               size_t size, size_t alignment);

/** Gives a block back, whoever has it. */
void thimble_block_release(void *block);

/** Gives all blocks of a thread back that was ended. */
void thimble_blocks_release(struct thimble_blocks *owner);

/**
 * Gives what is left by a thread that has returned to somebody else.
 *
 * @param heir Whose blocks they become; NULL for nobody's.
 */
void thimble_blocks_leave(struct thimble_blocks *owner, struct thimble_blocks *heir);

#endif

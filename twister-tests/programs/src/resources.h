/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What of the firmware's resources is taken: a program that has ended has none of them.
 */

#ifndef RESOURCES_H
#define RESOURCES_H

#include <stdbool.h>
#include <stddef.h>

/** How much is taken of each. */
struct resources {
    /** Bytes of the heap. */
    size_t heap;
    /** Places in Thimble's tables. */
    size_t threads;
    size_t mutexes;
    size_t conditions;
    size_t wakes;
    size_t streams;
    size_t files;
    size_t sockets;
    /** Descriptors of Zephyr, and ends of connections in its network stack. */
    size_t descriptors;
    size_t connections;
};

/** What is taken now. */
struct resources resources_taken(void);

/** Whether what is taken is what was before: waits for what ends just now; prints what is not. */
bool resources_are_back(const struct resources *before);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * How many places of each table are taken, for tests: whether all that a program had is back does
 * not show in the heap alone. What no test calls, the linker leaves out.
 */

#ifndef THIMBLE_TAKEN_H
#define THIMBLE_TAKEN_H

#include <stddef.h>

/** Threads that were not joined, by the back end. */
size_t thimble_threads_taken(void);

/** Mutexes. */
size_t thimble_mutexes_taken(void);

/** Conditions. */
size_t thimble_conditions_taken(void);

/** Wake objects. */
size_t thimble_wakes_taken(void);

/** Streams beside the console's. */
size_t thimble_streams_taken(void);

/** Handles of files and directories. */
size_t thimble_files_taken(void);

/** Sockets. */
size_t thimble_sockets_taken(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What is known of a thread, for the files that implement threads.
 */

#ifndef THIMBLE_THREAD_TABLE_H
#define THIMBLE_THREAD_TABLE_H

#include <nuttx/config.h>

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "block.h"
#include "handle.h"
#include "module.h"

/** A thread. */
struct thimble_thread {
    struct thimble_slot slot;
    uintptr_t handle;
    pthread_t thread;
    /** The task that it belongs to; 0 when the slot is free. */
    pid_t task;
    /** The thread's own number, once it runs. */
    volatile pid_t number;
    void (*entry)(void *argument);
    void *argument;
    size_t stack_size;
    /** Bytes that the thread has allocated less those it gave back, and their blocks. */
    ptrdiff_t heap;
    struct thimble_blocks blocks;
    /** What it uses while it polls; NULL without. */
    struct thimble_slot *uses;
    /** It does nothing more, and has said so: it was not ended by somebody. */
    bool has_ended;
    /** Another task has joined it: its own task does so too, and frees the slot. */
    bool is_left;
};

/** How many there are. */
#define THIMBLE_THREADS CONFIG_THIMBLE_MAX_THREADS

/** All threads. */
extern struct thimble_thread thimble_threads[THIMBLE_THREADS];

/** The same, for handles. */
extern const struct thimble_table thimble_thread_table;

/** Guards what threads have, and is what those wait with who wait for a thread. */
extern pthread_mutex_t thimble_thread_lock;

/** Whether a thread was ended by somebody. Called with the lock, for which each thread waits
 *  before it ends. */
bool thimble_thread_is_deleted(const struct thimble_thread *thread);

/** Whether the kernel knows no task or thread of this number. */
bool thimble_thread_is_gone(pid_t number);

/** Takes leave of a thread that somebody has ended. */
void thimble_thread_bury(struct thimble_thread *thread);

/** Whose blocks those of no thread are: nobody's, but in a module the command's. */
#if THIMBLE_IS_MODULE
struct thimble_blocks *thimble_thread_heir(void);
#else
static inline struct thimble_blocks *thimble_thread_heir(void)
{
    return NULL;
}
#endif

/** Frees the slot of a thread that is gone. */
void thimble_thread_forget(struct thimble_thread *thread);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Threads, for the task that they belong to.
 *
 * A thread is a pthread of the task that started it: it has that task's descriptors, and ends
 * with it. Only that task can join it, but programs are stopped and counted by commands that
 * are tasks of their own.
 */

#ifndef THIMBLE_THREAD_H
#define THIMBLE_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Joins what threads of the calling task others have joined meanwhile, and waits for the
 * rest. To be called until it returns false, before the task ends.
 *
 * @param deadline Of deadline.h, for one wait.
 * @return Whether there are threads left.
 */
bool thimble_thread_collect(uint64_t deadline);

/**
 * Finds a thread that somebody has ended, and that nobody has joined.
 *
 * @param index 0 at first; where to go on looking.
 * @param thread Set to its handle.
 * @return Whether there is one.
 */
bool thimble_thread_find_deleted(size_t *index, uintptr_t *thread);

/** Forgets threads that others have joined meanwhile, where the task that was to do so as well is
 *  gone, and what was open in that task. */
void thimble_thread_forget_left(void);

/** Makes thimble_thread_collect look again. */
void thimble_thread_notify(void);

#endif

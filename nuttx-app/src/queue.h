/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Threads that wait to be notified.
 *
 * Not pthread_cond: that of NuttX counts who waits, and goes on counting those whose time
 * was over. The next broadcast posts as often as the condition ever timed out, and as many
 * waits after it end for nothing: a command that waits for its program looks every few
 * milliseconds, for hours.
 */

#ifndef THIMBLE_QUEUE_H
#define THIMBLE_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/** What those wait for who wait among each other: they are found by its address. */
struct thimble_queue {
    uint8_t identity;
};

/**
 * Gives a mutex back, waits, and takes the mutex again. Giving back and starting to wait are
 * one step for who notifies with the mutex.
 *
 * @param deadline Of deadline.h.
 * @return Whether it was notified, or returns for no reason, rather than the deadline over.
 */
bool thimble_queue_wait(struct thimble_queue *queue, pthread_mutex_t *mutex, uint64_t deadline);

/** Ends the wait of who waits longest. */
void thimble_queue_notify_one(struct thimble_queue *queue);

/** Ends all waits. */
void thimble_queue_notify_all(struct thimble_queue *queue);

/** Forgets threads that somebody has ended while they waited. */
void thimble_queue_forget_gone(void);

#endif

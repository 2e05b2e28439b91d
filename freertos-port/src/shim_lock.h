/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Locks, and waiting with one to be notified; see backend.h of platform/shim.
 */

#ifndef THIMBLE_SHIM_LOCK_H
#define THIMBLE_SHIM_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "handle.h"
#include "kernel.h"

/** A mutex of FreeRTOS, which has priority inheritance, and who has it. */
struct thimble_lock {
    StaticSemaphore_t memory;
    SemaphoreHandle_t semaphore;
    TaskHandle_t volatile owner;
    /* All locks that there are. */
    struct thimble_lock *next;
};

/** Makes a lock that nobody has. */
void thimble_lock_initialize(struct thimble_lock *lock);

/** Ends a lock that nobody has. */
void thimble_lock_end(struct thimble_lock *lock);

/** Waits until a lock is free and takes it. The calling task must not have it. */
void thimble_lock_take(struct thimble_lock *lock);

/** Takes a lock if it is free. @return Whether it was. */
bool thimble_lock_try(struct thimble_lock *lock);

/** Gives back a lock that the calling task has. */
void thimble_lock_give(struct thimble_lock *lock);

/** Whether the calling task has a lock. Only it can change the answer. */
bool thimble_lock_is_mine(const struct thimble_lock *lock);

/** Whether any task has a lock. */
static inline bool thimble_lock_is_taken(const struct thimble_lock *lock)
{
    return lock->owner != NULL;
}

/** Whether a task that was deleted has any lock. */
bool thimble_lock_is_lost(TaskHandle_t task);

/** A task that waits. */
struct thimble_waiter {
    struct thimble_waiter *next;
    /* Among which it waits; NULL without. */
    struct thimble_waiters *list;
    SemaphoreHandle_t semaphore;
    StaticSemaphore_t memory;
    /* What it uses while it polls; NULL without. */
    struct thimble_slot *uses;
};

/** Tasks that wait, in the order in which they came. */
struct thimble_waiters {
    struct thimble_waiter *first;
};

static inline void thimble_waiters_initialize(struct thimble_waiters *waiters)
{
    waiters->first = NULL;
}

/**
 * Gives a lock back, waits to be notified, and takes the lock again. A notification by a task that
 * takes the lock in between is not lost.
 *
 * @return Whether it was notified, rather than the deadline over.
 */
bool thimble_waiters_wait(struct thimble_waiters *waiters, struct thimble_lock *lock,
                          uint64_t deadline);

/** Wakes the task that has waited longest, if any waits. */
void thimble_waiters_notify_one(struct thimble_waiters *waiters);

/** Wakes all tasks that wait. */
void thimble_waiters_notify_all(struct thimble_waiters *waiters);

/** Forgets a task that was deleted, whatever it waited for. */
void thimble_waiter_forget(struct thimble_waiter *waiter);

/** Notes what the calling task uses while it polls. */
void thimble_poll_uses(struct thimble_slot *slot);

static inline void thimble_poll_notified(void)
{
}

#endif

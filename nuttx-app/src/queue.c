/* SPDX-License-Identifier: Apache-2.0 */

/* Threads that wait to be notified, each on a semaphore of its own. */

#include <nuttx/config.h>

#include <errno.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "deadline.h"
#include "lock.h"
#include "queue.h"

/* On the heap: the stack of a task that somebody ends is gone before others have taken it
 * from the queue. */
struct thimble_waiter {
    struct thimble_waiter *next;
    sem_t semaphore;
};

/* One lock for all queues: it is held for a few instructions. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void append(struct thimble_queue *queue, struct thimble_waiter *waiter)
{
    struct thimble_waiter **link = &queue->first;

    while (*link != NULL) {
        link = &(*link)->next;
    }
    *link = waiter;
}

/* Takes a waiter out; whether it was there, and so has not been notified. */
static bool take_out(struct thimble_queue *queue, const struct thimble_waiter *waiter)
{
    struct thimble_waiter **link = &queue->first;

    while (*link != NULL && *link != waiter) {
        link = &(*link)->next;
    }
    if (*link == NULL) {
        return false;
    }
    *link = waiter->next;
    return true;
}

/* Waits for a semaphore; NuttX counts in ticks, and may come back early. */
static void wait_until(sem_t *semaphore, uint64_t deadline)
{
    int result;

    do {
        if (deadline == THIMBLE_NEVER) {
            result = sem_wait(semaphore);
        } else {
            struct timespec time = thimble_deadline_time(deadline);

            result = sem_clockwait(semaphore, CLOCK_MONOTONIC, &time);
        }
    } while (result != 0 && !thimble_deadline_is_over(deadline));
}

bool thimble_queue_wait(struct thimble_queue *queue, pthread_mutex_t *mutex, uint64_t deadline)
{
    struct thimble_waiter *waiter = malloc(sizeof(*waiter));

    if (waiter == NULL) {
        /* Returns for no reason, after a while in which others may give memory back. */
        thimble_unlock(mutex);
        (void)usleep(CONFIG_USEC_PER_TICK);
        thimble_lock(mutex);
        return true;
    }
    waiter->next = NULL;
    (void)sem_init(&waiter->semaphore, 0, 0);
    thimble_lock(&lock);
    append(queue, waiter);
    thimble_unlock(&lock);

    thimble_unlock(mutex);
    wait_until(&waiter->semaphore, deadline);

    /* With the lock, so that whoever notifies is done with it. */
    thimble_lock(&lock);

    bool is_notified = !take_out(queue, waiter);

    thimble_unlock(&lock);
    (void)sem_destroy(&waiter->semaphore);
    free(waiter);
    thimble_lock(mutex);
    return is_notified;
}

/* Called with the lock. */
static bool notify(struct thimble_queue *queue)
{
    struct thimble_waiter *waiter = queue->first;

    if (waiter == NULL) {
        return false;
    }
    queue->first = waiter->next;
    waiter->next = NULL;
    (void)sem_post(&waiter->semaphore);
    return true;
}

void thimble_queue_notify_one(struct thimble_queue *queue)
{
    thimble_lock(&lock);
    (void)notify(queue);
    thimble_unlock(&lock);
}

void thimble_queue_notify_all(struct thimble_queue *queue)
{
    thimble_lock(&lock);
    while (notify(queue)) {
    }
    thimble_unlock(&lock);
}

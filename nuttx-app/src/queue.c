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
#include "thread_table.h"

/* On the heap: the stack of a task that somebody ends is gone before others have taken it
 * out. */
struct thimble_waiter {
    struct thimble_waiter *next;
    /* What it waits for; NULL when it was notified. */
    const struct thimble_queue *queue;
    pid_t thread;
    sem_t semaphore;
};

/* One lock for all, and one list, in which they are in the order in which they came: few wait. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct thimble_waiter *waiters;

static void append(struct thimble_waiter *waiter)
{
    struct thimble_waiter **link = &waiters;

    while (*link != NULL) {
        link = &(*link)->next;
    }
    *link = waiter;
}

static void take_out(const struct thimble_waiter *waiter)
{
    struct thimble_waiter **link = &waiters;

    while (*link != NULL && *link != waiter) {
        link = &(*link)->next;
    }
    if (*link != NULL) {
        *link = waiter->next;
    }
}

static void release(struct thimble_waiter *waiter)
{
    (void)sem_destroy(&waiter->semaphore);
    free(waiter);
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
    waiter->queue = queue;
    waiter->thread = gettid();
    (void)sem_init(&waiter->semaphore, 0, 0);
    thimble_lock(&lock);
    append(waiter);
    thimble_unlock(&lock);

    thimble_unlock(mutex);
    wait_until(&waiter->semaphore, deadline);

    /* With the lock, so that whoever notifies is done with it. */
    thimble_lock(&lock);
    take_out(waiter);

    bool is_notified = waiter->queue == NULL;

    thimble_unlock(&lock);
    release(waiter);
    thimble_lock(mutex);
    return is_notified;
}

/* Ends waits, the first one or all of them. */
static void notify(const struct thimble_queue *queue, bool all)
{
    bool more = true;

    thimble_lock(&lock);
    for (struct thimble_waiter *waiter = waiters; waiter != NULL && more; waiter = waiter->next) {
        if (waiter->queue == queue && !thimble_thread_is_gone(waiter->thread)) {
            waiter->queue = NULL;
            (void)sem_post(&waiter->semaphore);
            more = all;
        }
    }
    thimble_unlock(&lock);
}

void thimble_queue_notify_one(struct thimble_queue *queue)
{
    notify(queue, false);
}

void thimble_queue_notify_all(struct thimble_queue *queue)
{
    notify(queue, true);
}

void thimble_queue_forget_gone(void)
{
    thimble_lock(&lock);

    struct thimble_waiter *waiter = waiters;

    while (waiter != NULL) {
        struct thimble_waiter *next = waiter->next;

        if (thimble_thread_is_gone(waiter->thread)) {
            take_out(waiter);
            release(waiter);
        }
        waiter = next;
    }
    thimble_unlock(&lock);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Threads, over pthread. */

#include <nuttx/config.h>

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "deadline.h"
#include "error_number.h"
#include "lock.h"
#include "queue.h"
#include "thread.h"
#include "thread_table.h"

/* How often to look whether a thread is still there. */
#define LOOK_INTERVAL (100 * THIMBLE_MILLISECOND)

struct thimble_thread thimble_threads[THIMBLE_THREADS];
const struct thimble_table thimble_thread_table = THIMBLE_TABLE(thimble_threads);
pthread_mutex_t thimble_thread_lock = PTHREAD_MUTEX_INITIALIZER;

/* Notified when a thread has ended, or was joined. */
static struct thimble_queue changed;

void thimble_thread_notify(void)
{
    thimble_queue_notify_all(&changed);
}

static void *enter(void *context)
{
    struct thimble_thread *thread = context;
    sigset_t all;

    /* Signals are for the main thread of the task, which knows what to do about them. */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, NULL);
    thread->number = gettid();
    thread->entry(thread->argument);
    thimble_lock(&thimble_thread_lock);
    thread->has_ended = true;
    thimble_unlock(&thimble_thread_lock);
    thimble_thread_notify();
    return NULL;
}

static int32_t set_priority(const struct thimble_platform_thread_options *options,
                            pthread_attr_t *attributes)
{
    struct sched_param parameters;

    if (!options->has_priority) {
        (void)pthread_attr_setinheritsched(attributes, PTHREAD_INHERIT_SCHED);
        return 0;
    }
    if (options->priority < sched_get_priority_min(SCHED_FIFO) ||
        options->priority > sched_get_priority_max(SCHED_FIFO)) {
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }
    (void)pthread_attr_getschedparam(attributes, &parameters);
    parameters.sched_priority = options->priority;
    (void)pthread_attr_setschedparam(attributes, &parameters);
    (void)pthread_attr_setinheritsched(attributes, PTHREAD_EXPLICIT_SCHED);
#if CONFIG_RR_INTERVAL > 0
    /* Programs that compute take turns. */
    (void)pthread_attr_setschedpolicy(attributes, SCHED_RR);
#endif
    return 0;
}

static int32_t create(struct thimble_thread *thread,
                      const struct thimble_platform_thread_options *options)
{
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);

    if (error != 0) {
        return thimble_error(error);
    }

    int32_t status = set_priority(options, &attributes);

    if (status == 0) {
        thread->stack_size = options->stack_size > PTHREAD_STACK_MIN ? options->stack_size
                                                                     : PTHREAD_STACK_MIN;
        error = pthread_attr_setstacksize(&attributes, (long)thread->stack_size);
        if (error == 0) {
            error = pthread_create(&thread->thread, &attributes, enter, thread);
        }
        status = error == 0 ? 0 : thimble_error(error);
        /* So NuttX says that there is no number left for a thread. */
        if (error == EAGAIN) {
            status = THIMBLE_FAILED_WITH(TOO_MANY_OPEN, error);
        }
    }
    (void)pthread_attr_destroy(&attributes);
    return status;
}

int32_t thimble_platform_thread_spawn(const struct thimble_platform_thread_options *options,
                                      void (*entry)(void *argument), void *argument,
                                      uintptr_t *thread)
{
    /* NuttX adds to the size, and takes it as a long. */
    if (options->stack_size > LONG_MAX / 2) {
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }

    struct thimble_thread *created =
        (struct thimble_thread *)thimble_slot_take(&thimble_thread_table);

    if (created == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }
    created->entry = entry;
    created->argument = argument;
    created->heap = 0;
    created->uses = NULL;
    created->has_ended = false;
    created->is_left = false;
    created->task = getpid();

    int32_t status = create(created, options);

    if (status != 0) {
        thimble_thread_forget(created);
        return status;
    }
    /* Fails where the system keeps no names. */
    (void)pthread_setname_np(created->thread, options->name);
    created->handle = thimble_slot_open(&thimble_thread_table, &created->slot);
    *thread = created->handle;
    return 0;
}

static bool is_current(const struct thimble_slot *slot)
{
    return ((const struct thimble_thread *)slot)->number == gettid();
}

/* Waits until a thread of another task does nothing more, and leaves it to that task. */
static void leave(struct thimble_thread *thread)
{
    thimble_lock(&thimble_thread_lock);
    while (!thread->has_ended && !thimble_thread_is_deleted(thread)) {
        thimble_queue_wait(&changed, &thimble_thread_lock, thimble_deadline(LOOK_INTERVAL));
    }

    bool is_deleted = !thread->has_ended;

    thimble_unlock(&thimble_thread_lock);
    if (is_deleted) {
        thimble_thread_bury(thread);
    }
    thimble_lock(&thimble_thread_lock);
    thread->is_left = true;
    thimble_unlock(&thimble_thread_lock);
    thimble_thread_notify();
    thimble_thread_forget_left();
}

int32_t thimble_platform_thread_join(uintptr_t thread)
{
    struct thimble_slot *slot;
    int32_t status = thimble_slot_close(&thimble_thread_table, thread, is_current, &slot);

    if (status == THIMBLE_FAILED(BUSY)) {
        return THIMBLE_FAILED(DEADLOCK);
    }
    if (status != 0) {
        return status;
    }

    struct thimble_thread *joined = (struct thimble_thread *)slot;

    if (joined->task == getpid()) {
        (void)pthread_join(joined->thread, NULL);
        if (!joined->has_ended) {
            thimble_thread_bury(joined);
        }
        thimble_thread_forget(joined);
    } else {
        leave(joined);
    }
    return 0;
}

bool thimble_thread_collect(uint64_t deadline)
{
    struct thimble_thread *found = NULL;
    pid_t task = getpid();

    thimble_lock(&thimble_thread_lock);
    for (size_t index = 0; index < THIMBLE_THREADS && (found == NULL || !found->is_left);
         index++) {
        if (thimble_threads[index].task == task) {
            found = &thimble_threads[index];
        }
    }

    bool is_left = found != NULL && found->is_left;

    if (found != NULL && !is_left) {
        thimble_queue_wait(&changed, &thimble_thread_lock, deadline);
    }
    thimble_unlock(&thimble_thread_lock);
    if (is_left) {
        (void)pthread_join(found->thread, NULL);
        thimble_thread_forget(found);
    }
    return found != NULL;
}

void thimble_platform_thread_yield(void)
{
    (void)sched_yield();
}

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

#if defined(CONFIG_BUILD_FLAT)
#include <nuttx/arch.h>
#include <nuttx/sched.h>
#endif

#include <thimble_device.h>

#include "deadline.h"
#include "error_number.h"
#include "handle.h"
#include "heap.h"
#include "lock.h"
#include "queue.h"
#include "thread.h"

struct thread {
    struct thimble_slot slot;
    pthread_t thread;
    /* The task that it belongs to; 0 when the slot is free. */
    pid_t task;
    /* The thread's own number, once it runs. */
    volatile pid_t number;
    void (*entry)(void *argument);
    void *argument;
    size_t stack_size;
    /* Bytes that the thread has allocated less those it gave back. */
    ptrdiff_t heap;
    /* It does nothing more. */
    bool has_ended;
    /* Another task has joined it: its own task does so too, and frees the slot. */
    bool is_left;
};

static struct thread threads[CONFIG_THIMBLE_MAX_THREADS];
static const struct thimble_table table = THIMBLE_TABLE(threads);

#define THREADS (sizeof(threads) / sizeof(threads[0]))

/* Guards what is below, and what the threads have. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct thimble_queue changed;

void thimble_thread_notify(void)
{
    thimble_queue_notify_all(&changed);
}

static void *enter(void *context)
{
    struct thread *thread = context;
    sigset_t all;

    /* Signals are for the main thread of the task, which knows what to do about them. */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, NULL);
    thread->number = gettid();
    thread->entry(thread->argument);
    thimble_lock(&lock);
    thread->has_ended = true;
    thimble_unlock(&lock);
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

static int32_t create(struct thread *thread,
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

/* Frees a slot whose thread is gone. */
static void forget(struct thread *thread)
{
    thread->number = 0;
    thimble_lock(&lock);
    thread->task = 0;
    thimble_unlock(&lock);
    thimble_slot_free(&thread->slot);
}

int32_t thimble_platform_thread_spawn(const struct thimble_platform_thread_options *options,
                                      void (*entry)(void *argument), void *argument,
                                      uintptr_t *thread)
{
    /* NuttX adds to the size, and takes it as a long. */
    if (options->stack_size > LONG_MAX / 2) {
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }

    struct thread *created = (struct thread *)thimble_slot_take(&table);

    if (created == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }
    created->entry = entry;
    created->argument = argument;
    created->heap = 0;
    created->has_ended = false;
    created->is_left = false;
    created->task = getpid();

    int32_t status = create(created, options);

    if (status != 0) {
        forget(created);
        return status;
    }
    /* Fails where the system keeps no names. */
    (void)pthread_setname_np(created->thread, options->name);
    *thread = thimble_slot_open(&table, &created->slot);
    return 0;
}

static bool is_current(const struct thimble_slot *slot)
{
    return ((const struct thread *)slot)->number == gettid();
}

/* Waits until a thread of another task does nothing more, and leaves it to that task. */
static void leave(struct thread *thread)
{
    thimble_lock(&lock);
    while (!thread->has_ended) {
        thimble_queue_wait(&changed, &lock, THIMBLE_NEVER);
    }
    thread->is_left = true;
    thimble_unlock(&lock);
    thimble_thread_notify();
}

int32_t thimble_platform_thread_join(uintptr_t thread)
{
    struct thimble_slot *slot;
    int32_t status = thimble_slot_close(&table, thread, is_current, &slot);

    if (status == THIMBLE_FAILED(BUSY)) {
        return THIMBLE_FAILED(DEADLOCK);
    }
    if (status != 0) {
        return status;
    }

    struct thread *joined = (struct thread *)slot;

    if (joined->task == getpid()) {
        (void)pthread_join(joined->thread, NULL);
        forget(joined);
    } else {
        leave(joined);
    }
    return 0;
}

bool thimble_thread_collect(uint64_t deadline)
{
    struct thread *found = NULL;

    thimble_lock(&lock);
    for (size_t index = 0; index < THREADS && (found == NULL || !found->is_left); index++) {
        if (threads[index].task == getpid()) {
            found = &threads[index];
        }
    }

    bool is_left = found != NULL && found->is_left;

    if (found != NULL && !is_left) {
        thimble_queue_wait(&changed, &lock, deadline);
    }
    thimble_unlock(&lock);
    if (is_left) {
        (void)pthread_join(found->thread, NULL);
        forget(found);
    }
    return found != NULL;
}

void thimble_platform_thread_yield(void)
{
    (void)sched_yield();
}

/* Counts bytes of the heap for the calling thread. Commands allocate too, and are not in
 * the table. */
static void account(ptrdiff_t change)
{
    pid_t number = gettid();

    for (size_t index = 0; index < THREADS; index++) {
        if (threads[index].number == number) {
            threads[index].heap += change;
        }
    }
}

void *thimble_device_allocate(size_t size, size_t alignment)
{
    void *block = thimble_heap_allocate(size, alignment);

    if (block != NULL) {
        account((ptrdiff_t)size);
    }
    return block;
}

void *thimble_device_reallocate(void *block, size_t old_size, size_t size, size_t alignment)
{
    void *moved = thimble_heap_reallocate(block, old_size, size, alignment);

    if (moved != NULL) {
        account((ptrdiff_t)size - (ptrdiff_t)old_size);
    }
    return moved;
}

void thimble_device_release(void *block, size_t size)
{
    account(-(ptrdiff_t)size);
    thimble_heap_release(block);
}

/* What only the kernel knows of a thread. */
static void look(const struct thread *thread, struct thimble_device_usage *usage)
{
#if defined(CONFIG_BUILD_FLAT)
    /* A thread that has not ended waits for the lock before it does, so the kernel knows it
     * as long as it is held. */
    thimble_lock(&lock);

    pid_t number = thread->number;
    struct tcb_s *known = number > 0 && !thread->has_ended ? nxsched_get_tcb(number) : NULL;

    if (known != NULL) {
        usage->waits = known->task_state > LAST_READY_TO_RUN_STATE;
#if defined(CONFIG_STACK_COLORATION)
        usage->stack_peak = up_check_tcbstack(known, known->adj_stack_size);
#endif
    }
    thimble_unlock(&lock);
#else
    (void)thread;
    (void)usage;
#endif
}

void thimble_device_usage(uintptr_t thread, struct thimble_device_usage *usage)
{
    struct thread *found = (struct thread *)thimble_slot_acquire(&table, thread);

    *usage = (struct thimble_device_usage){
        .time = THIMBLE_DEVICE_UNKNOWN,
        .heap = THIMBLE_DEVICE_UNKNOWN,
        .stack_peak = THIMBLE_DEVICE_UNKNOWN,
        .stack_size = THIMBLE_DEVICE_UNKNOWN,
        .waits = THIMBLE_DEVICE_UNKNOWN,
    };
    if (found == NULL) {
        return;
    }

    clockid_t clock;
    struct timespec used;

    usage->heap = found->heap > 0 ? (uint64_t)found->heap : 0;
    usage->stack_size = found->stack_size;
    look(found, usage);
    if (pthread_getcpuclockid(found->thread, &clock) == 0 && clock_gettime(clock, &used) == 0) {
        usage->time = (uint64_t)used.tv_sec * THIMBLE_SECOND + (uint64_t)used.tv_nsec;
    }
    thimble_slot_release(&found->slot);
}

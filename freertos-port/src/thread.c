/* SPDX-License-Identifier: Apache-2.0 */

/* Threads: tasks with stacks from the heap, which are deleted by who joins them. */

#include <string.h>

#include "block.h"
#include "error.h"
#include "handle.h"
#include "heap.h"
#include "kernel.h"
#include "macros.h"
#include "start.h"
#include "thread.h"

/* What a port puts on a stack beside what the task's functions need: the registers of a task that
 * does not run, and at its start what the C library keeps for each task. In words: 31 registers on
 * RISC-V, 50 on a Cortex-M with floating point, about 100 on AArch64 with its vectors. */
#define STACK_RESERVED (128 * sizeof(StackType_t))

/* How long to wait before looking whether the task is still there. */
#define LOOK_INTERVAL pdMS_TO_TICKS(100)

struct thread {
    struct thimble_slot slot;
    /* Not in the heap, so that it can be looked at whatever became of the task. */
    StaticTask_t task;
    StackType_t *stack;
    size_t stack_size;
    void (*entry)(void *argument);
    void *argument;
    /* With which it waits. */
    struct thimble_waiter waiter;
    /* Given when entry has returned. */
    SemaphoreHandle_t is_done;
    StaticSemaphore_t is_done_memory;
    /* Bytes that the thread has allocated less those it gave back, and their blocks. */
    ptrdiff_t heap;
    struct thimble_blocks blocks;
    uintptr_t handle;
    /* Whether the kernel has the task, or has had it. */
    bool has_task;
    /* Whether the log was told that it had a lock when it was deleted. */
    bool is_reported;
};

static struct thread threads[THIMBLE_MAX_THREADS];
static const struct thimble_table table = THIMBLE_TABLE(threads);

static TaskHandle_t handle_of(struct thread *thread)
{
    return (TaskHandle_t)&thread->task;
}

static void enter(void *argument)
{
    struct thread *thread = argument;

    thread->entry(thread->argument);
    (void)xSemaphoreGive(thread->is_done);
    /* Deleted from here it would need the idle task, which may have no time, to take it back. */
    for (;;) {
        vTaskSuspend(NULL);
    }
}

/* The priority of a new thread; whether it exists. */
static bool priority_of(const struct thimble_platform_thread_options *options,
                        UBaseType_t *priority)
{
    if (!options->has_priority) {
        *priority = uxTaskPriorityGet(NULL);
        return true;
    }
    *priority = (UBaseType_t)options->priority;
    return options->priority >= 0 && options->priority < configMAX_PRIORITIES;
}

static void release(struct thread *thread)
{
    thread->has_task = false;
    thimble_blocks_leave(&thread->blocks);
    vSemaphoreDelete(thread->is_done);
    thimble_heap_account(-(ptrdiff_t)thread->stack_size);
    thimble_heap_release(thread->stack);
    thimble_slot_free(&thread->slot);
}

int32_t thimble_platform_thread_spawn(const struct thimble_platform_thread_options *options,
                                      void (*entry)(void *argument), void *argument,
                                      uintptr_t *thread)
{
    UBaseType_t priority;

    if (!priority_of(options, &priority)) {
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }
    /* Rounding up must not wrap, nor the kernel's count of words. */
    if (options->stack_size > SIZE_MAX / 2 ||
        options->stack_size / sizeof(StackType_t) > (configSTACK_DEPTH_TYPE)-1 / 2) {
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }

    struct thread *created = (struct thread *)thimble_slot_take(&table);

    if (created == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }

    size_t words =
        (options->stack_size + STACK_RESERVED + sizeof(StackType_t) - 1) / sizeof(StackType_t);

    created->stack_size = words * sizeof(StackType_t);
    created->stack = thimble_heap_allocate(created->stack_size, portBYTE_ALIGNMENT);
    if (created->stack == NULL) {
        thimble_slot_free(&created->slot);
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }
    thimble_heap_account(created->stack_size);
    created->heap = 0;
    created->entry = entry;
    created->argument = argument;
    created->is_done = xSemaphoreCreateBinaryStatic(&created->is_done_memory);
    created->waiter.list = NULL;
    created->waiter.uses = NULL;
    created->is_reported = false;
    /* Before it can run. */
    created->handle = thimble_slot_open(&table, &created->slot);
    *thread = created->handle;
    (void)xTaskCreateStatic(enter, options->name, words, created, priority, created->stack,
                            &created->task);
    created->has_task = true;
    thimble_service_watch();
    return 0;
}

static bool is_current(const struct thimble_slot *slot)
{
    return handle_of((struct thread *)slot) == xTaskGetCurrentTaskHandle();
}

/* Whether the kernel has a task in a list: one that has deleted itself is in one until the idle
 * task has buried it. This is that list in the kernel's structure, under a name that hides it. */
static bool is_listed(const struct thread *thread)
{
    return thread->task.xDummy3[0].pvDummy3[3] != NULL;
}

static bool is_deleted(struct thread *thread)
{
    return eTaskGetState(handle_of(thread)) == eDeleted;
}

/* Takes leave of a task that somebody else has deleted: what it has opened stays so, but not what
 * it has allocated, nor what the kernel and this back end had for it. */
static void bury(struct thread *thread)
{
    while (is_listed(thread)) {
        vTaskDelay(1);
    }
    thimble_waiter_forget(&thread->waiter);
    thimble_blocks_release(&thread->blocks);
    if (thread->heap > 0) {
        thimble_heap_account(-thread->heap);
    }
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

    while (xSemaphoreTake(joined->is_done, LOOK_INTERVAL) != pdTRUE && !is_deleted(joined)) {
    }
    if (!is_deleted(joined)) {
        vTaskDelete(handle_of(joined));
    } else if (thimble_lock_is_lost(handle_of(joined))) {
        /* The kernel may look at it again as the one that has the lock: it stays. */
        return 0;
    } else {
        bury(joined);
    }
    release(joined);
    return 0;
}

bool thimble_thread_any(void)
{
    for (size_t index = 0; index < THIMBLE_COUNT(threads); index++) {
        if (threads[index].slot.state == THIMBLE_SLOT_OPEN) {
            return true;
        }
    }
    return false;
}

/* Tells the log of a mistake that nothing helps against. */
static void report(struct thread *thread)
{
    static const char text[] = "a task was deleted that had a lock of Thimble's: it stays locked";

    if (!thread->is_reported && thimble_hooks()->log != NULL) {
        thimble_hooks()->log(THIMBLE_DEVICE_LOG_ERROR, text, sizeof(text) - 1);
    }
    thread->is_reported = true;
}

bool thimble_thread_find_deleted(size_t *index, uintptr_t *thread)
{
    while (*index < THIMBLE_COUNT(threads)) {
        struct thread *looked_at = &threads[*index];
        bool is_open = looked_at->slot.state == THIMBLE_SLOT_OPEN && looked_at->has_task;

        (*index)++;
        if (!is_open || !is_deleted(looked_at) || is_listed(looked_at)) {
            continue;
        }
        if (thimble_lock_is_lost(handle_of(looked_at))) {
            report(looked_at);
            continue;
        }
        *thread = looked_at->handle;
        return true;
    }
    return false;
}

/* The thread that calls; NULL for a task that is none of these. */
static struct thread *current(void)
{
    uintptr_t place = (uintptr_t)xTaskGetCurrentTaskHandle() - offsetof(struct thread, task);
    uintptr_t offset = place - (uintptr_t)threads;

    return offset < sizeof(threads) ? &threads[offset / sizeof(threads[0])] : NULL;
}

struct thimble_waiter *thimble_thread_waiter(void)
{
    struct thread *thread = current();

    return thread == NULL ? NULL : &thread->waiter;
}

/* Counts bytes of the heap, also for the calling thread. */
static void account(struct thread *thread, ptrdiff_t change)
{
    thimble_heap_account(change);
    /* Tasks of others allocate too: a session, or one that makes a program. */
    if (thread != NULL) {
        thread->heap += change;
    }
}

void *thimble_device_allocate(size_t size, size_t alignment)
{
    struct thread *thread = current();
    void *block = thimble_block_allocate(thread == NULL ? NULL : &thread->blocks, size, alignment);

    if (block != NULL) {
        account(thread, size);
    }
    return block;
}

void *thimble_device_reallocate(void *block, size_t old_size, size_t size, size_t alignment)
{
    /* FreeRTOS has no realloc. */
    void *moved = thimble_device_allocate(size, alignment);

    if (moved != NULL) {
        memcpy(moved, block, THIMBLE_MIN(old_size, size));
        thimble_device_release(block, old_size);
    }
    return moved;
}

void thimble_device_release(void *block, size_t size)
{
    account(current(), -(ptrdiff_t)size);
    thimble_block_release(block);
}

/* Fills in what the kernel keeps account of. */
static void fill_usage(struct thread *thread, struct thimble_device_usage *usage)
{
    eTaskState state = eTaskGetState(handle_of(thread));

    usage->heap = thread->heap > 0 ? thread->heap : 0;
    usage->waits = state == eBlocked || state == eSuspended;
    (void)thimble_task_time(handle_of(thread), &usage->time);
    /* On the POSIX port, a task has the stack of a thread of the host. */
#if INCLUDE_uxTaskGetStackHighWaterMark2 == 1 && !defined(__unix__)
    size_t unused = uxTaskGetStackHighWaterMark2(handle_of(thread)) * sizeof(StackType_t);

    usage->stack_size = thread->stack_size;
    usage->stack_peak = thread->stack_size - unused;
#endif
}

void thimble_thread_usage(uintptr_t thread, struct thimble_device_usage *usage)
{
    struct thread *found = (struct thread *)thimble_slot_acquire(&table, thread);

    *usage = (struct thimble_device_usage){
        .time = THIMBLE_DEVICE_UNKNOWN,
        .heap = THIMBLE_DEVICE_UNKNOWN,
        .stack_peak = THIMBLE_DEVICE_UNKNOWN,
        .stack_size = THIMBLE_DEVICE_UNKNOWN,
        .waits = THIMBLE_DEVICE_UNKNOWN,
    };
    if (found != NULL) {
        fill_usage(found, usage);
        thimble_slot_release(&found->slot);
    }
}

void thimble_platform_thread_yield(void)
{
    taskYIELD();
}

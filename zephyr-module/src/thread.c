/* SPDX-License-Identifier: Apache-2.0 */

/* Threads, over k_thread, with stacks from the heap of the runtime. */

#include <string.h>

#include <zephyr/kernel.h>

#include "error.h"
#include "handle.h"
#include "heap.h"
#include "taken.h"
#include "thread.h"

/* Guests may compute with floating point, and so may the runtime. */
#if defined(CONFIG_FPU_SHARING)
#define THREAD_OPTIONS K_FP_REGS
#else
#define THREAD_OPTIONS 0
#endif

struct thread {
    struct thimble_slot slot;
    struct k_thread thread;
    void *stack;
    /* Bytes that the thread has allocated less those it gave back. */
    ptrdiff_t heap;
};

static struct thread threads[CONFIG_THIMBLE_MAX_THREADS];
static const struct thimble_table table = THIMBLE_TABLE(threads);

static void enter(void *entry, void *argument, void *unused)
{
    ARG_UNUSED(unused);
    ((void (*)(void *))entry)(argument);
}

/* The priority of a new thread; whether it exists. */
static bool priority_of(const struct thimble_platform_thread_options *options, int *priority)
{
    if (!options->has_priority) {
        *priority = k_thread_priority_get(k_current_get());
        return true;
    }
    *priority = options->priority;
    return options->priority >= K_HIGHEST_APPLICATION_THREAD_PRIO &&
           options->priority <= K_LOWEST_APPLICATION_THREAD_PRIO;
}

int32_t thimble_platform_thread_spawn(const struct thimble_platform_thread_options *options,
                                      void (*entry)(void *argument), void *argument,
                                      uintptr_t *thread)
{
    int priority;

    if (!priority_of(options, &priority)) {
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }
    /* Rounding up must not wrap. */
    if (options->stack_size > SIZE_MAX / 2) {
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }

    struct thread *created = (struct thread *)thimble_slot_take(&table);

    if (created == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }

    size_t length = K_KERNEL_STACK_LEN(options->stack_size);

    created->stack = thimble_heap_allocate(length, Z_KERNEL_STACK_OBJ_ALIGN);
    if (created->stack == NULL) {
        thimble_slot_free(&created->slot);
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }
    created->heap = 0;
    k_thread_create(&created->thread, created->stack, length - K_KERNEL_STACK_RESERVED, enter,
                    (void *)entry, argument, NULL, priority, THREAD_OPTIONS, K_FOREVER);
    /* Fails where the system keeps no names. */
    (void)k_thread_name_set(&created->thread, options->name);
#if defined(CONFIG_THIMBLE_TIME_SLICE)
    k_thread_time_slice_set(&created->thread, k_ms_to_ticks_ceil32(CONFIG_THIMBLE_TIME_SLICE),
                            NULL, NULL);
#endif
    *thread = thimble_slot_open(&table, &created->slot);
    k_thread_start(&created->thread);
    return 0;
}

static bool is_current(const struct thimble_slot *slot)
{
    return &((const struct thread *)slot)->thread == k_current_get();
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

    /* Fails only when that thread waits for this one. */
    if (k_thread_join(&joined->thread, K_FOREVER) != 0) {
        (void)thimble_slot_open(&table, slot);
        return THIMBLE_FAILED(DEADLOCK);
    }
    thimble_heap_release(joined->stack);
    thimble_slot_free(slot);
    return 0;
}

/* Counts bytes of the heap for the calling thread. */
static void account(ptrdiff_t change)
{
    uintptr_t place = (uintptr_t)k_current_get() - offsetof(struct thread, thread);
    uintptr_t offset = place - (uintptr_t)threads;

    /* Threads of others allocate too: a session, or one that makes a program. */
    if (offset < sizeof(threads) && !k_is_in_isr()) {
        threads[offset / sizeof(threads[0])].heap += change;
    }
}

void *thimble_device_allocate(size_t size, size_t alignment)
{
    void *block = thimble_heap_allocate(size, alignment);

    if (block != NULL) {
        account(size);
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

/* Whether a thread waits, in the words of the kernel. */
static bool is_waiting(struct k_thread *thread)
{
    char words[32];
    const char *state = k_thread_state_str(thread, words, sizeof(words));

    return strstr(state, "pending") != NULL || strstr(state, "suspended") != NULL ||
           strstr(state, "sleeping") != NULL;
}

/* Fills in what the kernel keeps account of. */
static void fill_usage(struct thread *thread, struct thimble_device_usage *usage)
{
    usage->heap = MAX(thread->heap, 0);
    usage->waits = is_waiting(&thread->thread);
#if defined(CONFIG_THREAD_RUNTIME_STATS)
    k_thread_runtime_stats_t stats;

    if (k_thread_runtime_stats_get(&thread->thread, &stats) == 0) {
        usage->time = k_cyc_to_ns_floor64(stats.execution_cycles);
    }
#endif
#if defined(CONFIG_THREAD_STACK_INFO)
    usage->stack_size = thread->thread.stack_info.size;
#if defined(CONFIG_INIT_STACKS)
    size_t unused;

    if (k_thread_stack_space_get(&thread->thread, &unused) == 0) {
        usage->stack_peak = usage->stack_size - unused;
    }
#endif
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
    k_yield();
}

size_t thimble_threads_taken(void)
{
    return thimble_slots_taken(&table);
}

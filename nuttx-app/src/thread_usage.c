/* SPDX-License-Identifier: Apache-2.0 */

/* What threads use: memory, which is known by who allocated it, and what the kernel keeps account
 * of. */

#include <nuttx/config.h>

#include <time.h>
#include <unistd.h>

#include <thimble_device.h>

#include "deadline.h"
#include "lock.h"
#include "module.h"
#include "shim_lock.h"
#include "thread_table.h"

#if THIMBLE_IS_IN_KERNEL
#include <nuttx/arch.h>
#include <nuttx/sched.h>
#endif

/* The thread that calls; NULL for a task that is none of these. */
static struct thimble_thread *current(void)
{
    pid_t number = gettid();

    for (size_t index = 0; index < THIMBLE_THREADS; index++) {
        if (thimble_threads[index].number == number) {
            return &thimble_threads[index];
        }
    }
    return NULL;
}

#if THIMBLE_IS_MODULE
struct thimble_blocks *thimble_thread_heir(void)
{
    static struct thimble_blocks blocks;

    return &blocks;
}
#endif

static struct thimble_blocks *blocks_of(struct thimble_thread *thread)
{
    return thread == NULL ? thimble_thread_heir() : &thread->blocks;
}

/* Counts bytes of the heap. Commands allocate too, and are not in the table. */
static void account(struct thimble_thread *thread, ptrdiff_t change)
{
    if (thread != NULL) {
        thread->heap += change;
    }
}

void *thimble_device_allocate(size_t size, size_t alignment)
{
    struct thimble_thread *thread = current();
    void *block = thimble_block_allocate(blocks_of(thread), size, alignment);

    if (block != NULL) {
        account(thread, (ptrdiff_t)size);
    }
    return block;
}

void *thimble_device_reallocate(void *block, size_t old_size, size_t size, size_t alignment)
{
    struct thimble_thread *thread = current();
    void *moved = thimble_block_reallocate(blocks_of(thread), block, old_size, size, alignment);

    if (moved != NULL) {
        account(thread, (ptrdiff_t)size - (ptrdiff_t)old_size);
    }
    return moved;
}

void thimble_device_release(void *block, size_t size)
{
    account(current(), -(ptrdiff_t)size);
    thimble_block_release(block);
}

void thimble_poll_uses(struct thimble_slot *slot)
{
    struct thimble_thread *thread = current();

    if (thread != NULL) {
        thread->uses = slot;
    }
}

/* What only the kernel knows of a thread. */
static void look(const struct thimble_thread *thread, struct thimble_device_usage *usage)
{
#if THIMBLE_IS_IN_KERNEL
    /* A thread that has not ended waits for the lock before it does, so the kernel knows it
     * as long as it is held. */
    thimble_lock(&thimble_thread_lock);

    pid_t number = thread->number;
    struct tcb_s *known = number > 0 && !thread->has_ended ? nxsched_get_tcb(number) : NULL;

    if (known != NULL) {
        usage->waits = known->task_state > LAST_READY_TO_RUN_STATE;
#if defined(CONFIG_STACK_COLORATION)
        usage->stack_peak = up_check_tcbstack(known, known->adj_stack_size);
#endif
    }
    thimble_unlock(&thimble_thread_lock);
#else
    (void)thread;
    (void)usage;
#endif
}

void thimble_device_usage(uintptr_t thread, struct thimble_device_usage *usage)
{
    struct thimble_thread *found =
        (struct thimble_thread *)thimble_slot_acquire(&thimble_thread_table, thread);

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

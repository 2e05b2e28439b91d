/* SPDX-License-Identifier: Apache-2.0 */

/* Threads and tasks that somebody has ended, by `kill -9` say: the kernel tells nobody, so that
 * commands look after them. */

#include <nuttx/config.h>

#include <errno.h>
#include <sched.h>

#include "lock.h"
#include "thread.h"
#include "thread_table.h"
#include "waiting.h"

bool thimble_thread_is_gone(pid_t number)
{
    int error = errno;
    bool is_gone = sched_getscheduler(number) < 0;

    errno = error;
    return is_gone;
}

bool thimble_thread_is_deleted(const struct thimble_thread *thread)
{
    /* The number of a pthread is that of its task structure. */
    return !thread->has_ended && thimble_thread_is_gone((pid_t)thread->thread);
}

bool thimble_thread_find_deleted(size_t *index, uintptr_t *thread)
{
    bool is_found = false;

    thimble_lock(&thimble_thread_lock);
    while (*index < THIMBLE_THREADS && !is_found) {
        const struct thimble_thread *looked_at = &thimble_threads[*index];

        (*index)++;
        is_found = looked_at->slot.state == THIMBLE_SLOT_OPEN &&
                   thimble_thread_is_deleted(looked_at);
        *thread = looked_at->handle;
    }
    thimble_unlock(&thimble_thread_lock);
    return is_found;
}

void thimble_thread_bury(struct thimble_thread *thread)
{
    if (thread->uses != NULL) {
        thimble_slot_release(thread->uses);
        thread->uses = NULL;
    }
    thimble_blocks_release(&thread->blocks);
}

void thimble_thread_forget(struct thimble_thread *thread)
{
    thread->number = 0;
    thimble_blocks_leave(&thread->blocks, thimble_thread_heir());
    thimble_lock(&thimble_thread_lock);
    thread->task = 0;
    thimble_unlock(&thimble_thread_lock);
    thimble_slot_free(&thread->slot);
}

/* Whether a task has a thread. Called with the lock. */
static bool has_threads(pid_t task)
{
    for (size_t index = 0; index < THIMBLE_THREADS; index++) {
        if (thimble_threads[index].task == task) {
            return true;
        }
    }
    return false;
}

/* Forgets a thread that was left to a task, which is gone. */
static void forget_with_task(struct thimble_thread *thread)
{
    thimble_lock(&thimble_thread_lock);

    pid_t task = thread->task;
    bool is_left = task != 0 && thread->is_left && thimble_thread_is_gone(task);

    if (is_left) {
        /* Nobody else finds it from here on. */
        thread->task = 0;
    }

    bool is_last = is_left && !has_threads(task);

    thimble_unlock(&thimble_thread_lock);
    if (is_left) {
        thimble_thread_forget(thread);
    }
    if (is_last) {
#if defined(CONFIG_THIMBLE_FILES)
        thimble_file_forget(task);
#endif
#if defined(CONFIG_THIMBLE_SOCKETS)
        thimble_socket_forget(task);
#endif
    }
}

void thimble_thread_forget_left(void)
{
    for (size_t index = 0; index < THIMBLE_THREADS; index++) {
        forget_with_task(&thimble_threads[index]);
    }
}

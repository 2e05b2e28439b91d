/* SPDX-License-Identifier: Apache-2.0 */

/* Wake objects, and waiting for them and for what can be read and written. */

#include <zephyr/kernel.h>

#include "console.h"
#include "deadline.h"
#include "error.h"
#include "handle.h"
#include "poll.h"
#if defined(CONFIG_THIMBLE_FILES)
#include "file_table.h"
#endif
#if defined(CONFIG_THIMBLE_SOCKETS)
#include "socket.h"
#include "socket_wait.h"
#endif
#if defined(CONFIG_THIMBLE_SOCKET_EVENTS)
#include <zephyr/zvfs/eventfd.h>

#include "version.h"
#endif

struct wake {
    struct thimble_slot slot;
    bool is_set;
};

static struct wake wakes[CONFIG_THIMBLE_MAX_WAKES];
static const struct thimble_table table = THIMBLE_TABLE(wakes);

/* One condition for all that wait: few do, and each looks again at its own. */
static K_MUTEX_DEFINE(lock);
static K_CONDVAR_DEFINE(changed);

#if defined(CONFIG_THIMBLE_SOCKET_EVENTS)
/* A thread that waits in zsock_poll, where the condition does not reach it. */
struct watcher {
    sys_snode_t node;
    int event;
};

static sys_slist_t watchers = SYS_SLIST_STATIC_INIT(&watchers);
#endif

/* Called with the lock. */
static void notify(void)
{
    k_condvar_broadcast(&changed);
#if defined(CONFIG_THIMBLE_SOCKET_EVENTS)
    struct watcher *watcher;

    SYS_SLIST_FOR_EACH_CONTAINER(&watchers, watcher, node) {
        (void)zvfs_eventfd_write(watcher->event, 1);
    }
#endif
}

void thimble_poll_notify(void)
{
    k_mutex_lock(&lock, K_FOREVER);
    notify();
    k_mutex_unlock(&lock);
}

bool thimble_poll_wait(bool (*is_over)(void *context), void *context, uint64_t deadline)
{
    k_mutex_lock(&lock, K_FOREVER);

    bool over = is_over(context);

    while (!over && !thimble_deadline_is_over(deadline)) {
        (void)k_condvar_wait(&changed, &lock, thimble_deadline_timeout(deadline));
        over = is_over(context);
    }
    k_mutex_unlock(&lock);
    return over;
}

static struct wake *acquire(uintptr_t handle)
{
    return (struct wake *)thimble_slot_acquire(&table, handle);
}

int32_t thimble_platform_wake_create(uintptr_t *wake)
{
    struct wake *created = (struct wake *)thimble_slot_take(&table);

    if (created == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }
    created->is_set = false;
    *wake = thimble_slot_open(&table, &created->slot);
    return 0;
}

static int32_t change(uintptr_t wake, bool is_set)
{
    struct wake *found = acquire(wake);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    k_mutex_lock(&lock, K_FOREVER);
    found->is_set = is_set;
    if (is_set) {
        notify();
    }
    k_mutex_unlock(&lock);
    thimble_slot_release(&found->slot);
    return 0;
}

int32_t thimble_platform_wake_set(uintptr_t wake)
{
    return change(wake, true);
}

int32_t thimble_platform_wake_clear(uintptr_t wake)
{
    return change(wake, false);
}

int32_t thimble_platform_wake_destroy(uintptr_t wake)
{
    struct thimble_slot *slot;
    int32_t status = thimble_slot_close(&table, wake, NULL, &slot);

    if (status == 0) {
        thimble_slot_free(slot);
    }
    return status;
}

/* Answers an entry; whether there is something to report. */
static bool look(struct thimble_platform_poll_entry *entry)
{
    int32_t ready = THIMBLE_FAILED(BAD_DESCRIPTOR);

#if defined(CONFIG_THIMBLE_SOCKETS)
    if (entry->target == THIMBLE_PLATFORM_TARGET_SOCKET) {
        return thimble_socket_look(entry);
    }
#endif
    if (entry->target == THIMBLE_PLATFORM_TARGET_STREAM) {
        ready = thimble_stream_is_ready(entry->handle,
                                        entry->interest == THIMBLE_PLATFORM_INTEREST_WRITE);
    }
#if defined(CONFIG_THIMBLE_FILES)
    if (entry->target == THIMBLE_PLATFORM_TARGET_FILE && thimble_file_is_known(entry->handle)) {
        ready = 1;
    }
#endif
    entry->bytes = 0;
    entry->error = 0;
    if (ready < 0) {
        entry->state = THIMBLE_PLATFORM_STATE_FAILED;
        entry->error = ready;
    } else if (ready > 0) {
        entry->state = THIMBLE_PLATFORM_STATE_READY;
    } else {
        entry->state = THIMBLE_PLATFORM_STATE_NOT_READY;
    }
    return ready != 0;
}

/* What a thread waits for, and what came. */
struct waiter {
    struct thimble_platform_poll_entry *entries;
    size_t count;
    const struct wake *wake;
    int32_t outcome;
};

static bool is_over(void *context)
{
    struct waiter *waiter = context;

    if (waiter->wake != NULL && waiter->wake->is_set) {
        waiter->outcome = THIMBLE_PLATFORM_POLL_WOKEN;
        return true;
    }

    bool any = false;

    for (size_t index = 0; index < waiter->count; index++) {
        any |= look(&waiter->entries[index]);
    }
    waiter->outcome = THIMBLE_PLATFORM_POLL_READY;
    return any;
}

#if defined(CONFIG_THIMBLE_SOCKETS)
static bool has_sockets(const struct waiter *waiter)
{
    for (size_t index = 0; index < waiter->count; index++) {
        if (waiter->entries[index].target == THIMBLE_PLATFORM_TARGET_SOCKET) {
            return true;
        }
    }
    return false;
}

/* Looks again and again, as sockets cannot wake this thread: it wakes up in vain
 * 1000 / THIMBLE_SOCKET_INTERVAL times a second. All else ends the wait at once. */
static bool wait_in_steps(struct waiter *waiter, uint64_t deadline)
{
    bool over;

    do {
        uint64_t step = thimble_deadline(THIMBLE_SOCKET_INTERVAL * (uint64_t)NSEC_PER_MSEC);

        over = thimble_poll_wait(is_over, waiter, MIN(step, deadline));
    } while (!over && !thimble_deadline_is_over(deadline));
    return over;
}

#if defined(CONFIG_THIMBLE_SOCKET_EVENTS)
static bool look_again(struct waiter *waiter, int event)
{
    zvfs_eventfd_t count;

    /* First, so that what happens from here on ends the next wait. */
    (void)zvfs_eventfd_read(event, &count);
    k_mutex_lock(&lock, K_FOREVER);

    bool over = is_over(waiter);

    k_mutex_unlock(&lock);
    return over;
}

static bool wait_with_sockets(struct waiter *waiter, uint64_t deadline)
{
    struct watcher watcher = {.event = zvfs_eventfd(0, ZVFS_EFD_NONBLOCK)};

    if (watcher.event < 0) {
        /* More threads wait than ZVFS_EVENTFD_MAX. */
        return wait_in_steps(waiter, deadline);
    }
    k_mutex_lock(&lock, K_FOREVER);
    sys_slist_append(&watchers, &watcher.node);
    k_mutex_unlock(&lock);

    bool over = look_again(waiter, watcher.event);

    while (!over && !thimble_deadline_is_over(deadline)) {
        thimble_socket_wait(waiter->entries, waiter->count, watcher.event, deadline);
        over = look_again(waiter, watcher.event);
    }
    k_mutex_lock(&lock, K_FOREVER);
    sys_slist_find_and_remove(&watchers, &watcher.node);
    k_mutex_unlock(&lock);
    (void)zsock_close(watcher.event);
    return over;
}
#else
static bool wait_with_sockets(struct waiter *waiter, uint64_t deadline)
{
    return wait_in_steps(waiter, deadline);
}
#endif
#endif

static int32_t wait(struct waiter *waiter, uint64_t deadline)
{
    bool over;

#if defined(CONFIG_THIMBLE_SOCKETS)
    if (has_sockets(waiter)) {
        if (!thimble_socket_can_wait(waiter->entries, waiter->count)) {
            return THIMBLE_FAILED(INVALID_ARGUMENT);
        }
        over = wait_with_sockets(waiter, deadline);
        return over ? waiter->outcome : THIMBLE_PLATFORM_POLL_TIMED_OUT;
    }
#endif
    over = thimble_poll_wait(is_over, waiter, deadline);
    return over ? waiter->outcome : THIMBLE_PLATFORM_POLL_TIMED_OUT;
}

int32_t thimble_platform_poll(struct thimble_platform_poll_entry *entries, size_t count,
                              uint64_t timeout, uintptr_t wake)
{
    struct waiter waiter = {.entries = entries, .count = count};
    uint64_t deadline = thimble_deadline(timeout);
    struct wake *acquired = NULL;

    if (wake != 0) {
        acquired = acquire(wake);
        if (acquired == NULL) {
            return THIMBLE_FAILED(BAD_DESCRIPTOR);
        }
        waiter.wake = acquired;
    }

    int32_t outcome = wait(&waiter, deadline);

    if (acquired != NULL) {
        thimble_slot_release(&acquired->slot);
    }
    return outcome;
}

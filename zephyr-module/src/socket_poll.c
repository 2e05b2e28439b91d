/* SPDX-License-Identifier: Apache-2.0 */

/* Waiting for sockets among other things: in zsock_poll where it can be woken, else by looking
 * again and again. */

#include <zephyr/kernel.h>

#include "error.h"
#include "poll_wait.h"
#include "socket.h"
#include "socket_wait.h"
#if defined(CONFIG_THIMBLE_SOCKET_EVENTS)
#include <zephyr/zvfs/eventfd.h>

#include "version.h"
#endif

#if defined(CONFIG_THIMBLE_SOCKET_EVENTS)
/* A thread that waits in zsock_poll, where the condition does not reach it. */
struct watcher {
    sys_snode_t node;
    int event;
};

static sys_slist_t watchers = SYS_SLIST_STATIC_INIT(&watchers);

void thimble_poll_notified(void)
{
    struct watcher *watcher;

    SYS_SLIST_FOR_EACH_CONTAINER(&watchers, watcher, node) {
        (void)zvfs_eventfd_write(watcher->event, 1);
    }
}
#endif

/* Looks again and again, as sockets cannot wake this thread: it wakes up in vain
 * 1000 / THIMBLE_SOCKET_INTERVAL times a second. */
static bool wait_in_steps(struct thimble_poll *poll, uint64_t deadline)
{
    return thimble_poll_wait_in_steps(poll, deadline,
                                      THIMBLE_SOCKET_INTERVAL * (uint64_t)NSEC_PER_MSEC);
}

#if defined(CONFIG_THIMBLE_SOCKET_EVENTS)
static bool look_again(struct thimble_poll *poll, int event)
{
    zvfs_eventfd_t count;

    /* First, so that what happens from here on ends the next wait. */
    (void)zvfs_eventfd_read(event, &count);
    thimble_poll_lock();

    bool over = thimble_poll_is_over(poll);

    thimble_poll_unlock();
    return over;
}

static bool wait_with_sockets(struct thimble_poll *poll, uint64_t deadline)
{
    struct watcher watcher = {.event = zvfs_eventfd(0, ZVFS_EFD_NONBLOCK)};

    if (watcher.event < 0) {
        /* More threads wait than ZVFS_EVENTFD_MAX. */
        return wait_in_steps(poll, deadline);
    }
    thimble_poll_lock();
    sys_slist_append(&watchers, &watcher.node);
    thimble_poll_unlock();

    bool over = look_again(poll, watcher.event);

    while (!over && !thimble_deadline_is_over(deadline)) {
        thimble_socket_wait(poll->entries, poll->count, watcher.event, deadline);
        over = look_again(poll, watcher.event);
    }
    thimble_poll_lock();
    sys_slist_find_and_remove(&watchers, &watcher.node);
    thimble_poll_unlock();
    (void)zsock_close(watcher.event);
    return over;
}
#else
static bool wait_with_sockets(struct thimble_poll *poll, uint64_t deadline)
{
    return wait_in_steps(poll, deadline);
}
#endif

int32_t thimble_poll_wait_for_sockets(struct thimble_poll *poll, uint64_t deadline, bool *over)
{
    if (!thimble_socket_can_wait(poll->entries, poll->count)) {
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }
    *over = wait_with_sockets(poll, deadline);
    return 0;
}

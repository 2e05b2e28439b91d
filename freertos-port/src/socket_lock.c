/* SPDX-License-Identifier: Apache-2.0 */

/* The lock of all sockets, who is told of them, and who waits for them. */

#include <thimble_freertos_sockets.h>

#include "backend.h"
#include "file_start.h"
#include "poll_wait.h"
#include "shim_lock.h"
#include "start.h"

static struct thimble_lock lock;

void thimble_socket_start(void)
{
    thimble_lock_initialize(&lock);
}

void thimble_socket_lock(void)
{
    thimble_lock_take(&lock);
}

void thimble_socket_unlock(void)
{
    thimble_lock_give(&lock);
}

void thimble_network_changed(void)
{
    /* Another task does it: this one may have a lock of the stack's, and those who look at sockets
     * take that one after the lock of thimble_poll_notify. */
    thimble_service_notify();
}

int32_t thimble_poll_wait_for_sockets(struct thimble_poll *poll, uint64_t deadline, bool *over)
{
#if THIMBLE_SOCKET_INTERVAL > 0
    *over = thimble_poll_wait_in_steps(poll, deadline, THIMBLE_SOCKET_INTERVAL * UINT64_C(1000000));
#else
    *over = thimble_poll_wait(thimble_poll_is_over, poll, deadline);
#endif
    return 0;
}

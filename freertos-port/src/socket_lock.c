/* SPDX-License-Identifier: Apache-2.0 */

/* The lock of all sockets, and who is told of them. */

#include <thimble_freertos_sockets.h>

#include "backend.h"
#include "file_start.h"
#include "lock.h"
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

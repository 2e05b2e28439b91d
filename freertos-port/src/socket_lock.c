/* SPDX-License-Identifier: Apache-2.0 */

/* The lock of all sockets. */

#include "backend.h"
#include "file_start.h"
#include "lock.h"

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

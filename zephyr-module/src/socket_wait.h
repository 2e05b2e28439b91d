/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Waiting for sockets in zsock_poll.
 */

#ifndef THIMBLE_SOCKET_WAIT_H
#define THIMBLE_SOCKET_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <thimble_platform.h>

/** Whether one call of zsock_poll can wait for all sockets among the entries. */
bool thimble_socket_can_wait(const struct thimble_platform_poll_entry *entries, size_t count);

/**
 * Waits until something may have happened to a socket among the entries, an event
 * descriptor can be read, or the deadline is over.
 */
void thimble_socket_wait(const struct thimble_platform_poll_entry *entries, size_t count,
                         int event, uint64_t deadline);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Calls of sockets that Zephyr's driver for those of native_sim's host lacks, or does
 * otherwise than its own stack: there they go to the host, and elsewhere they are Zephyr's.
 */

#ifndef THIMBLE_SOCKET_HOST_H
#define THIMBLE_SOCKET_HOST_H

#include "version.h"

#if defined(CONFIG_NET_NATIVE_OFFLOADED_SOCKETS)

int thimble_host_socket(int family, int type, int protocol);
int thimble_host_accept(int listener, struct sockaddr *address, socklen_t *length);
int thimble_host_getpeername(int descriptor, struct sockaddr *address, socklen_t *length);
int thimble_host_getsockname(int descriptor, struct sockaddr *address, socklen_t *length);
int thimble_host_poll(struct zsock_pollfd *entry, int count, int timeout);
int thimble_host_shutdown(int descriptor, int how);

#else

#define thimble_host_socket zsock_socket
#define thimble_host_accept zsock_accept
#define thimble_host_getpeername zsock_getpeername
#define thimble_host_getsockname zsock_getsockname
#define thimble_host_poll zsock_poll
#define thimble_host_shutdown zsock_shutdown

#endif

#endif

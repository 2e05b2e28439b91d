/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * The names of Zephyr's sockets, for platform/shim/network_*.c.
 */

#ifndef THIMBLE_SHIM_BSD_H
#define THIMBLE_SHIM_BSD_H

#include <errno.h>

#include <zephyr/kernel.h>

#include "socket_host.h"
#include "version.h"

#define BSD_IPV4 IS_ENABLED(CONFIG_NET_IPV4)
#define BSD_IPV6 IS_ENABLED(CONFIG_NET_IPV6)

/* Zephyr's own stack takes no notice: connections wait until it has no more contexts. */
#define BSD_BACKLOG CONFIG_THIMBLE_MAX_SOCKETS

#define BSD_MSG_DONTWAIT ZSOCK_MSG_DONTWAIT
#define BSD_POLLIN ZSOCK_POLLIN
#define BSD_POLLOUT ZSOCK_POLLOUT
#define BSD_POLLERR ZSOCK_POLLERR
#define BSD_POLLHUP ZSOCK_POLLHUP
#define BSD_POLLNVAL ZSOCK_POLLNVAL
#define BSD_SHUT_WR ZSOCK_SHUT_WR
#define BSD_SHUT_RDWR ZSOCK_SHUT_RDWR

#define bsd_pollfd zsock_pollfd
#define bsd_listen zsock_listen
#define bsd_connect zsock_connect
#define bsd_recv zsock_recv
#define bsd_send zsock_send
#define bsd_getsockopt zsock_getsockopt
#define bsd_setsockopt zsock_setsockopt
#define bsd_set_non_blocking thimble_set_non_blocking
#define bsd_close zsock_close
#define bsd_accept thimble_host_accept
#define bsd_getpeername thimble_host_getpeername
#define bsd_getsockname thimble_host_getsockname
#define bsd_poll thimble_host_poll
#define bsd_shutdown thimble_host_shutdown

static inline int bsd_socket(int family, int type, int protocol)
{
    int descriptor = thimble_host_socket(family, type, protocol);

    if (descriptor < 0 && errno == ENOENT) {
        /* What Zephyr's own stack says without a context. */
        errno = EMFILE;
    }
    return descriptor;
}

static inline int bsd_bind(int descriptor, const struct sockaddr *address, socklen_t length)
{
    int status = zsock_bind(descriptor, address, length);

    if (status != 0 && errno == ENOENT) {
        /* What Zephyr's own stack says of an address that no interface has. */
        errno = EADDRNOTAVAIL;
    }
    return status;
}

#endif

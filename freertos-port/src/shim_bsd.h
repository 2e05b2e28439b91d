/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * The names of lwIP's sockets, for platform/shim/network_*.c.
 */

#ifndef THIMBLE_SHIM_BSD_H
#define THIMBLE_SHIM_BSD_H

#include <FreeRTOS.h>

#include <lwip/errno.h>
#include <lwip/inet.h>
#include <lwip/sockets.h>

#include "thimble_config.h"

#if !LWIP_SOCKET || !LWIP_TCP
#error "Thimble: LWIP_SOCKET and LWIP_TCP must be 1 in lwipopts.h for THIMBLE_SOCKETS"
#endif
#if !LWIP_SOCKET_POLL
#error "Thimble: LWIP_SOCKET_POLL must be 1 in lwipopts.h for THIMBLE_SOCKETS"
#endif
/* lwIP tells by errno what failed; tasks that shared one would take each other's errors. */
#if defined(__PICOLIBC__) && configUSE_PICOLIBC_TLS != 1
#error "Thimble: configUSE_PICOLIBC_TLS must be 1 for lwIP: each task needs an errno of its own"
#endif
#if defined(__NEWLIB__) && !defined(__PICOLIBC__) && configUSE_NEWLIB_REENTRANT != 1
#error "Thimble: configUSE_NEWLIB_REENTRANT must be 1 for lwIP: each task needs an errno of its own"
#endif

/* lwIP is one network of several: thimble_lwip has the functions. */
#define BSD_CALL(name) thimble_lwip_##name

#define BSD_IPV4 LWIP_IPV4
#define BSD_IPV6 LWIP_IPV6

#define BSD_BACKLOG THIMBLE_MAX_SOCKETS

#define BSD_MSG_DONTWAIT MSG_DONTWAIT
#define BSD_POLLIN POLLIN
#define BSD_POLLOUT POLLOUT
#define BSD_POLLERR POLLERR
#define BSD_POLLHUP POLLHUP
#define BSD_POLLNVAL POLLNVAL
#define BSD_SHUT_WR SHUT_WR
#define BSD_SHUT_RDWR SHUT_RDWR

#define bsd_pollfd pollfd
#define bsd_close lwip_close
#define bsd_bind lwip_bind
#define bsd_listen lwip_listen
#define bsd_accept lwip_accept
#define bsd_connect lwip_connect
#define bsd_recv lwip_recv
#define bsd_send lwip_send
#define bsd_shutdown lwip_shutdown
#define bsd_getsockname lwip_getsockname
#define bsd_getpeername lwip_getpeername
#define bsd_getsockopt lwip_getsockopt
#define bsd_setsockopt lwip_setsockopt
#define bsd_poll lwip_poll
/* Tells those who wait what happens to the socket. */
#define bsd_socket thimble_lwip_socket

/** As lwip_socket. */
int thimble_lwip_socket(int family, int type, int protocol);

/** Makes that no call of a descriptor waits. @return 0, or -1 with errno. */
static inline int bsd_set_non_blocking(int descriptor)
{
    int yes = 1;

    return lwip_ioctl(descriptor, FIONBIO, &yes);
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* Sockets of the computer that runs native_sim, through Zephyr's driver for them and past
 * it. */

#include <errno.h>
#include <string.h>

#include <zephyr/kernel.h>

#include <thimble_platform.h>

#include "native_socket.h"
#include "socket_host.h"

/* The host's number of a descriptor, plus one; 0 for a socket of Zephyr. */
static int hosts[CONFIG_ZVFS_OPEN_MAX];

/* The driver keeps the host's number to itself: mark the socket, and let the host look
 * for the mark. Nothing waits for these sockets, so the timeout is free for that. */
static int note_host(int descriptor)
{
    static uint32_t marks;
    struct zsock_timeval mark = {.tv_sec = 1000000 + marks++ % 1000000};

    if (descriptor < 0) {
        return descriptor;
    }
    hosts[descriptor] = 0;
    if (zsock_setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &mark, sizeof(mark)) == 0) {
        hosts[descriptor] = thimble_native_socket_find(mark.tv_sec) + 1;
    }
    return descriptor;
}

int thimble_host_socket(int family, int type, int protocol)
{
    return note_host(zsock_socket(family, type, protocol));
}

int thimble_host_accept(int listener, struct sockaddr *address, socklen_t *length)
{
    return note_host(zsock_accept(listener, address, length));
}

/* The driver does not tell addresses. */
static int address_of(int host, bool is_peer, struct sockaddr *address, socklen_t *length)
{
    uint8_t bytes[16];
    uint8_t family;
    uint16_t port;

    if (thimble_native_socket_address(host, is_peer, &family, &port, bytes) != 0) {
        errno = ENOTCONN;
        return -1;
    }
    if (family == 4) {
        struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons(port)};

        memcpy(&ipv4.sin_addr, bytes, sizeof(ipv4.sin_addr));
        *length = MIN(*length, sizeof(ipv4));
        memcpy(address, &ipv4, *length);
    } else {
        struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

        memcpy(&ipv6.sin6_addr, bytes, sizeof(ipv6.sin6_addr));
        *length = MIN(*length, sizeof(ipv6));
        memcpy(address, &ipv6, *length);
    }
    return 0;
}

int thimble_host_getpeername(int descriptor, struct sockaddr *address, socklen_t *length)
{
    return hosts[descriptor] > 0 ? address_of(hosts[descriptor] - 1, true, address, length)
                                 : zsock_getpeername(descriptor, address, length);
}

int thimble_host_getsockname(int descriptor, struct sockaddr *address, socklen_t *length)
{
    return hosts[descriptor] > 0 ? address_of(hosts[descriptor] - 1, false, address, length)
                                 : zsock_getsockname(descriptor, address, length);
}

/* The driver answers late, and ends the simulation when two threads ask for one socket. */
int thimble_host_poll(struct zsock_pollfd *entry, int count, int timeout)
{
    if (hosts[entry->fd] == 0) {
        return zsock_poll(entry, count, timeout);
    }

    int state = thimble_native_socket_poll(hosts[entry->fd] - 1,
                                           (entry->events & ZSOCK_POLLOUT) != 0);

    entry->revents = 0;
    if ((state & THIMBLE_NATIVE_HANGUP) != 0) {
        entry->revents |= ZSOCK_POLLHUP;
    } else if ((state & THIMBLE_NATIVE_READY) != 0) {
        entry->revents |= entry->events;
    }
    if ((state & THIMBLE_NATIVE_FAILED) != 0) {
        entry->revents |= ZSOCK_POLLERR;
    }
    return entry->revents != 0;
}

/* The driver has no such call. */
int thimble_host_shutdown(int descriptor, int how)
{
    return hosts[descriptor] > 0
               ? thimble_native_socket_shutdown(hosts[descriptor] - 1,
                                                how == ZSOCK_SHUT_WR
                                                    ? THIMBLE_PLATFORM_SHUTDOWN_WRITE
                                                    : THIMBLE_PLATFORM_SHUTDOWN_BOTH)
               : zsock_shutdown(descriptor, how);
}

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Between the files that implement network.h over BSD sockets.
 *
 * The back end's header shim_bsd.h names the calls and constants of its system, most of
 * them macros: bsd_socket, bsd_close, bsd_bind, bsd_listen, bsd_accept, bsd_connect,
 * bsd_recv, bsd_send, bsd_shutdown, bsd_getsockname, bsd_getpeername, bsd_getsockopt,
 * bsd_setsockopt, bsd_poll with struct bsd_pollfd, all as POSIX has them, and
 * bsd_set_non_blocking(descriptor); BSD_MSG_DONTWAIT, BSD_POLLIN, BSD_POLLOUT, BSD_POLLERR,
 * BSD_POLLHUP, BSD_POLLNVAL, BSD_SHUT_WR, BSD_SHUT_RDWR; BSD_IPV4 and BSD_IPV6, whether
 * the system has them; and BSD_BACKLOG, how many connections may wait. It includes what
 * declares struct sockaddr, AF_INET, SOL_SOCKET and the like, htons, and errno. Where
 * this is not the only network, it has BSD_CALL(name), other names for the functions of network_bsd.c.
 */

#ifndef THIMBLE_NETWORK_BSD_H
#define THIMBLE_NETWORK_BSD_H

#include <shim_bsd.h>

#include "network.h"

/* What the functions of network_bsd.c are called: where shim_bsd.h does not say, those of network.h. */
#ifndef BSD_CALL
#define BSD_CALL(name) thimble_network_##name
#endif

int32_t BSD_CALL(listen)(const struct thimble_platform_address *address, uint32_t backlog,
                         int *descriptor);
int32_t BSD_CALL(connect)(const struct thimble_platform_address *address, int *descriptor);
int32_t BSD_CALL(accept)(int listener, int *descriptor, struct thimble_platform_address *peer);
int32_t BSD_CALL(receive)(int descriptor, void *buffer, size_t length);
int32_t BSD_CALL(send)(int descriptor, const void *data, size_t length);
int32_t BSD_CALL(shutdown)(int descriptor, uint8_t how);
int32_t BSD_CALL(address)(int descriptor, bool is_peer, struct thimble_platform_address *address);
int32_t BSD_CALL(failure)(int descriptor);
int BSD_CALL(probe)(int descriptor, bool to_write);
void BSD_CALL(close)(int descriptor);

/** The error for an error number of sockets, which is positive. */
int32_t thimble_network_error(int error);

/** Any address, as BSD sockets have it. */
union thimble_network_address {
    struct sockaddr any;
#if BSD_IPV4
    struct sockaddr_in ipv4;
#endif
#if BSD_IPV6
    struct sockaddr_in6 ipv6;
#endif
};

/**
 * Translates an address.
 *
 * @return Its length; an error of the platform contract: NOT_SUPPORTED for a family
 *         that this firmware does not have, ADDRESS_NOT_AVAILABLE.
 */
int32_t thimble_network_address_to(const struct thimble_platform_address *address,
                                   union thimble_network_address *to);

/** Translates an address back. @return 0; NOT_SUPPORTED for another family. */
int32_t thimble_network_address_from(const union thimble_network_address *from,
                                     struct thimble_platform_address *address);

#endif

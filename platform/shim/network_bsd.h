/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Between the files that implement thimble_network.h over BSD sockets.
 *
 * The back end's header shim_bsd.h names the calls and constants of its system, most of
 * them macros: bsd_socket, bsd_close, bsd_bind, bsd_listen, bsd_accept, bsd_connect,
 * bsd_recv, bsd_send, bsd_shutdown, bsd_getsockname, bsd_getpeername, bsd_getsockopt,
 * bsd_setsockopt, bsd_poll with struct bsd_pollfd, all as POSIX has them, and
 * bsd_set_non_blocking(descriptor); BSD_MSG_DONTWAIT, BSD_POLLIN, BSD_POLLOUT, BSD_POLLERR,
 * BSD_POLLHUP, BSD_POLLNVAL, BSD_SHUT_WR, BSD_SHUT_RDWR; BSD_IPV4 and BSD_IPV6, whether
 * the system has them; and BSD_BACKLOG, how many connections may wait. It includes what
 * declares struct sockaddr, AF_INET, SOL_SOCKET and the like, htons, and errno.
 */

#ifndef THIMBLE_NETWORK_BSD_H
#define THIMBLE_NETWORK_BSD_H

#include <shim_bsd.h>
#include <thimble_network.h>

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

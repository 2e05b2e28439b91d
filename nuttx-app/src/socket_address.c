/* SPDX-License-Identifier: Apache-2.0 */

/* Addresses of sockets. */

#include <nuttx/config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "error_number.h"
#include "socket.h"

int32_t thimble_socket_address_to(const struct thimble_platform_address *address,
                                  union thimble_socket_address *to)
{
    memset(to, 0, sizeof(*to));
#if defined(CONFIG_NET_IPv4)
    if (address->family == 4) {
        to->ipv4.sin_family = AF_INET;
        to->ipv4.sin_port = htons(address->port);
        memcpy(&to->ipv4.sin_addr, address->bytes, sizeof(to->ipv4.sin_addr));
        return sizeof(to->ipv4);
    }
#endif
#if defined(CONFIG_NET_IPv6)
    if (address->family == 6) {
        to->ipv6.sin6_family = AF_INET6;
        to->ipv6.sin6_port = htons(address->port);
        to->ipv6.sin6_flowinfo = address->flow;
        memcpy(&to->ipv6.sin6_addr, address->bytes, sizeof(to->ipv6.sin6_addr));
        to->ipv6.sin6_scope_id = address->scope;
        return sizeof(to->ipv6);
    }
#endif
    return THIMBLE_FAILED(NOT_SUPPORTED);
}

int32_t thimble_socket_address_from(const union thimble_socket_address *from,
                                    struct thimble_platform_address *address)
{
    memset(address, 0, sizeof(*address));
    if (from->any.sa_family == AF_INET) {
        address->family = 4;
        address->port = ntohs(from->ipv4.sin_port);
        memcpy(address->bytes, &from->ipv4.sin_addr, sizeof(from->ipv4.sin_addr));
        return 0;
    }
    if (from->any.sa_family == AF_INET6) {
        address->family = 6;
        address->port = ntohs(from->ipv6.sin6_port);
        address->flow = from->ipv6.sin6_flowinfo;
        memcpy(address->bytes, &from->ipv6.sin6_addr, sizeof(from->ipv6.sin6_addr));
        address->scope = from->ipv6.sin6_scope_id;
        return 0;
    }
    return THIMBLE_FAILED(NOT_SUPPORTED);
}

/* What getsockname() or getpeername() says. */
static int32_t address_of(int descriptor,
                          int (*ask)(int socket, struct sockaddr *address, socklen_t *length),
                          struct thimble_platform_address *address)
{
    union thimble_socket_address found;
    socklen_t length = sizeof(found);

    memset(&found, 0, sizeof(found));
    return ask(descriptor, &found.any, &length) == 0
               ? thimble_socket_address_from(&found, address)
               : thimble_error(errno);
}

int32_t thimble_platform_socket_local_address(uintptr_t socket,
                                              struct thimble_platform_address *address)
{
    struct thimble_socket *found = thimble_socket_enter(socket);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }

    int32_t status = address_of(found->descriptor, getsockname, address);

    thimble_socket_leave(found);
    return status;
}

int32_t thimble_platform_socket_peer_address(uintptr_t socket,
                                             struct thimble_platform_address *address)
{
    struct thimble_socket *found = thimble_socket_enter(socket);
    int32_t status = THIMBLE_FAILED(NOT_CONNECTED);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    if (thimble_socket_refresh(found) == 0) {
        status = address_of(found->descriptor, getpeername, address);
    }
    thimble_socket_leave(found);
    return status;
}

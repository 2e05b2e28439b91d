/* SPDX-License-Identifier: Apache-2.0 */

/* Addresses of sockets. */

#include <errno.h>
#include <string.h>

#include "error.h"
#include "native_socket.h"
#include "socket.h"

int32_t thimble_socket_address_to(const struct thimble_platform_address *address,
                                  union thimble_socket_address *to)
{
    memset(to, 0, sizeof(*to));
    if (IS_ENABLED(CONFIG_NET_IPV4) && address->family == 4) {
        to->ipv4.sin_family = AF_INET;
        to->ipv4.sin_port = htons(address->port);
        memcpy(&to->ipv4.sin_addr, address->bytes, sizeof(to->ipv4.sin_addr));
        return sizeof(to->ipv4);
    }
    if (IS_ENABLED(CONFIG_NET_IPV6) && address->family == 6) {
        if (address->scope > UINT8_MAX) {
            return THIMBLE_FAILED(ADDRESS_NOT_AVAILABLE);
        }
        to->ipv6.sin6_family = AF_INET6;
        to->ipv6.sin6_port = htons(address->port);
        memcpy(&to->ipv6.sin6_addr, address->bytes, sizeof(to->ipv6.sin6_addr));
        to->ipv6.sin6_scope_id = address->scope;
        return sizeof(to->ipv6);
    }
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
        memcpy(address->bytes, &from->ipv6.sin6_addr, sizeof(from->ipv6.sin6_addr));
        address->scope = from->ipv6.sin6_scope_id;
        return 0;
    }
    return THIMBLE_FAILED(NOT_SUPPORTED);
}

#if defined(CONFIG_NET_NATIVE_OFFLOADED_SOCKETS)
/* The sockets of native_sim's host do not tell addresses through Zephyr. */
static int32_t host_address(int host, bool is_peer, struct thimble_platform_address *address)
{
    memset(address, 0, sizeof(*address));
    if (thimble_native_socket_address(host, is_peer, &address->family, &address->port,
                                      address->bytes) != 0) {
        return THIMBLE_FAILED(NOT_CONNECTED);
    }
    return 0;
}
#endif

static int32_t address_of(struct thimble_socket *socket, bool is_peer,
                          struct thimble_platform_address *address)
{
#if defined(CONFIG_NET_NATIVE_OFFLOADED_SOCKETS)
    if (socket->host >= 0) {
        return host_address(socket->host, is_peer, address);
    }
#endif
    union thimble_socket_address found;
    socklen_t length = sizeof(found);
    int status;

    if (socket->descriptor < 0) {
        /* Given back when both directions were ended. */
        return THIMBLE_FAILED(NOT_CONNECTED);
    }
    memset(&found, 0, sizeof(found));
    if (is_peer) {
        status = zsock_getpeername(socket->descriptor, &found.any, &length);
    } else {
        status = zsock_getsockname(socket->descriptor, &found.any, &length);
    }
    return status == 0 ? thimble_socket_address_from(&found, address)
                       : thimble_socket_error(errno);
}

int32_t thimble_platform_socket_local_address(uintptr_t socket,
                                              struct thimble_platform_address *address)
{
    struct thimble_socket *found = thimble_socket_enter(socket);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }

    int32_t status = address_of(found, false, address);

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
        status = address_of(found, true, address);
    }
    thimble_socket_leave(found);
    return status;
}

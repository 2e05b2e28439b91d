/* SPDX-License-Identifier: Apache-2.0 */

/* Addresses of BSD sockets. */

#include <string.h>

#include "error.h"
#include "network_bsd.h"

int32_t thimble_network_address_to(const struct thimble_platform_address *address,
                                   union thimble_network_address *to)
{
    memset(to, 0, sizeof(*to));
#if BSD_IPV4
    if (address->family == 4) {
        to->ipv4.sin_family = AF_INET;
        to->ipv4.sin_port = htons(address->port);
        memcpy(&to->ipv4.sin_addr, address->bytes, sizeof(to->ipv4.sin_addr));
        return sizeof(to->ipv4);
    }
#endif
#if BSD_IPV6
    if (address->family == 6) {
        if (address->scope > UINT8_MAX) {
            return THIMBLE_FAILED(ADDRESS_NOT_AVAILABLE);
        }
        to->ipv6.sin6_family = AF_INET6;
        to->ipv6.sin6_port = htons(address->port);
        memcpy(&to->ipv6.sin6_addr, address->bytes, sizeof(to->ipv6.sin6_addr));
        to->ipv6.sin6_scope_id = address->scope;
        return sizeof(to->ipv6);
    }
#endif
    return THIMBLE_FAILED(NOT_SUPPORTED);
}

int32_t thimble_network_address_from(const union thimble_network_address *from,
                                     struct thimble_platform_address *address)
{
    memset(address, 0, sizeof(*address));
#if BSD_IPV4
    if (from->any.sa_family == AF_INET) {
        address->family = 4;
        address->port = ntohs(from->ipv4.sin_port);
        memcpy(address->bytes, &from->ipv4.sin_addr, sizeof(from->ipv4.sin_addr));
        return 0;
    }
#endif
#if BSD_IPV6
    if (from->any.sa_family == AF_INET6) {
        address->family = 6;
        address->port = ntohs(from->ipv6.sin6_port);
        memcpy(address->bytes, &from->ipv6.sin6_addr, sizeof(from->ipv6.sin6_addr));
        address->scope = from->ipv6.sin6_scope_id;
        return 0;
    }
#endif
    return THIMBLE_FAILED(NOT_SUPPORTED);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Sockets of the computer that native_sim runs on. Built for that computer, not for
 * Zephyr. */

#define _GNU_SOURCE

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "native_socket.h"

#define MOST_DESCRIPTORS 65536

int thimble_native_socket_find(int64_t seconds)
{
    const struct timeval none = {0};
    long limit = sysconf(_SC_OPEN_MAX);

    /* Numbers are given from the smallest on; the limit itself may be a billion. */
    for (int descriptor = 0; descriptor < limit && descriptor < MOST_DESCRIPTORS; descriptor++) {
        struct timeval timeout;
        socklen_t length = sizeof(timeout);

        if (getsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, &length) == 0 &&
            timeout.tv_sec == seconds) {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof(none));
            return descriptor;
        }
    }
    return -1;
}

int thimble_native_socket_poll(int descriptor, bool to_write)
{
    short wanted = to_write ? POLLOUT : POLLIN;
    struct pollfd entry = {
        .fd = descriptor,
        .events = to_write ? POLLOUT : POLLIN | POLLRDHUP,
    };
    int state = 0;

    if (poll(&entry, 1, 0) <= 0) {
        return 0;
    }
    if (entry.revents & (POLLHUP | POLLRDHUP)) {
        state |= THIMBLE_NATIVE_HANGUP;
    }
    if (entry.revents & (wanted | POLLHUP | POLLRDHUP)) {
        state |= THIMBLE_NATIVE_READY;
    }
    /* What has arrived can be read though the connection has failed. */
    if ((entry.revents & POLLERR) && (to_write || !(entry.revents & POLLIN))) {
        state |= THIMBLE_NATIVE_FAILED;
    }
    return state;
}

int thimble_native_socket_shutdown(int descriptor, int how)
{
    const int ways[] = {SHUT_RD, SHUT_WR, SHUT_RDWR};

    return shutdown(descriptor, ways[how]);
}

int thimble_native_socket_address(int descriptor, bool is_peer, uint8_t *family,
                                  uint16_t *port, uint8_t *bytes)
{
    struct sockaddr_storage found;
    socklen_t length = sizeof(found);
    int status = is_peer ? getpeername(descriptor, (struct sockaddr *)&found, &length)
                         : getsockname(descriptor, (struct sockaddr *)&found, &length);

    if (status != 0) {
        return -1;
    }
    if (found.ss_family == AF_INET6) {
        const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *)&found;

        *family = 6;
        *port = ntohs(ipv6->sin6_port);
        memcpy(bytes, &ipv6->sin6_addr, sizeof(ipv6->sin6_addr));
    } else {
        const struct sockaddr_in *ipv4 = (const struct sockaddr_in *)&found;

        *family = 4;
        *port = ntohs(ipv4->sin_port);
        memcpy(bytes, &ipv4->sin_addr, sizeof(ipv4->sin_addr));
    }
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */

/* A network over BSD sockets. */

#include <string.h>

#include "error.h"
#include "network_bsd.h"

static int32_t last_error(void)
{
    return thimble_network_error(errno);
}

/* Makes a socket on which no call waits. */
static int32_t make(sa_family_t family, int *descriptor)
{
    *descriptor = bsd_socket(family, SOCK_STREAM, IPPROTO_TCP);
    if (*descriptor < 0) {
        return last_error();
    }
    if (bsd_set_non_blocking(*descriptor) != 0) {
        int32_t status = last_error();

        (void)bsd_close(*descriptor);
        return status;
    }
    return 0;
}

int32_t BSD_CALL(listen)(const struct thimble_platform_address *address, uint32_t backlog,
                         int *descriptor)
{
    union thimble_network_address translated;
    int32_t length = thimble_network_address_to(address, &translated);
    const int yes = 1;

    if (length < 0) {
        return length;
    }

    int32_t status = make(translated.any.sa_family, descriptor);

    if (status != 0) {
        return status;
    }
    /* Not every configuration has the option; then a port is in use for a while after its
     * connections have ended. */
    (void)bsd_setsockopt(*descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bsd_bind(*descriptor, &translated.any, (socklen_t)length) != 0 ||
        bsd_listen(*descriptor, backlog < BSD_BACKLOG ? (int)backlog : BSD_BACKLOG) != 0) {
        status = last_error();
        (void)bsd_close(*descriptor);
    }
    return status;
}

int32_t BSD_CALL(connect)(const struct thimble_platform_address *address, int *descriptor)
{
    union thimble_network_address translated;
    int32_t length = thimble_network_address_to(address, &translated);

    if (length < 0) {
        return length;
    }

    int32_t status = make(translated.any.sa_family, descriptor);

    if (status != 0) {
        return status;
    }
    if (bsd_connect(*descriptor, &translated.any, (socklen_t)length) != 0 &&
        errno != EINPROGRESS) {
        status = last_error();
    } else {
        /* A stack may have said nothing when it had no buffer for the first packet, and
         * must not be polled then. */
        status = BSD_CALL(failure)(*descriptor);
    }
    if (status != 0) {
        (void)bsd_close(*descriptor);
    }
    return status;
}

int32_t BSD_CALL(accept)(int listener, int *descriptor, struct thimble_platform_address *peer)
{
    union thimble_network_address address;
    socklen_t length = sizeof(address);
    int32_t status = 0;

    *descriptor = bsd_accept(listener, &address.any, &length);
    if (*descriptor < 0) {
        return last_error();
    }
    if (bsd_set_non_blocking(*descriptor) != 0) {
        status = last_error();
    } else {
        status = thimble_network_address_from(&address, peer);
    }
    if (status != 0) {
        (void)bsd_close(*descriptor);
    }
    return status;
}

int32_t BSD_CALL(receive)(int descriptor, void *buffer, size_t length)
{
    ssize_t count = bsd_recv(descriptor, buffer, length, BSD_MSG_DONTWAIT);

    return count < 0 ? last_error() : (int32_t)count;
}

int32_t BSD_CALL(send)(int descriptor, const void *data, size_t length)
{
    ssize_t count = bsd_send(descriptor, data, length, BSD_MSG_DONTWAIT);

    return count < 0 ? last_error() : (int32_t)count;
}

int32_t BSD_CALL(shutdown)(int descriptor, uint8_t how)
{
    int ways = how == THIMBLE_PLATFORM_SHUTDOWN_WRITE ? BSD_SHUT_WR : BSD_SHUT_RDWR;

    return bsd_shutdown(descriptor, ways) == 0 ? 0 : last_error();
}

int32_t BSD_CALL(address)(int descriptor, bool is_peer, struct thimble_platform_address *address)
{
    union thimble_network_address found;
    socklen_t length = sizeof(found);
    int status;

    memset(&found, 0, sizeof(found));
    if (is_peer) {
        status = bsd_getpeername(descriptor, &found.any, &length);
    } else {
        status = bsd_getsockname(descriptor, &found.any, &length);
    }
    return status == 0 ? thimble_network_address_from(&found, address) : last_error();
}

int32_t BSD_CALL(failure)(int descriptor)
{
    int error = 0;
    socklen_t length = sizeof(error);

    if (bsd_getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) != 0 || error == 0) {
        return 0;
    }
    return thimble_network_error(error);
}

int BSD_CALL(probe)(int descriptor, bool to_write)
{
    int wanted = to_write ? BSD_POLLOUT : BSD_POLLIN;
    struct bsd_pollfd entry = {.fd = descriptor, .events = wanted};
    int state = 0;

    if (bsd_poll(&entry, 1, 0) <= 0) {
        return 0;
    }
    if (entry.revents & BSD_POLLHUP) {
        state |= THIMBLE_NETWORK_HANGUP;
    }
    if (entry.revents & (wanted | BSD_POLLHUP)) {
        state |= THIMBLE_NETWORK_READY;
    }
    /* What has arrived can be read though the connection has failed. */
    if ((entry.revents & (BSD_POLLERR | BSD_POLLNVAL)) &&
        (to_write || !(entry.revents & BSD_POLLIN))) {
        state |= THIMBLE_NETWORK_FAILED;
    }
    return state;
}

void BSD_CALL(close)(int descriptor)
{
    (void)bsd_close(descriptor);
}

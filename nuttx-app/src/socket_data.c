/* SPDX-License-Identifier: Apache-2.0 */

/* Bytes of stream sockets, and their end. */

#include <nuttx/config.h>

#include <errno.h>

#include "error_number.h"
#include "socket.h"

static int32_t receive(struct thimble_socket *socket, void *buffer, size_t length, int flags)
{
    int32_t status = thimble_socket_refresh(socket);

    if (socket->listens) {
        return status;
    }
    if (socket->read_ended || length == 0) {
        return 0;
    }
    if (status != 0) {
        return status;
    }

    ssize_t count = recv(socket->descriptor, buffer, length, flags | MSG_DONTWAIT);

    return count >= 0 ? (int32_t)count : thimble_socket_note(socket, errno);
}

int32_t thimble_platform_socket_receive(uintptr_t socket, void *buffer, size_t length,
                                        uint8_t peeks)
{
    struct thimble_socket *found = thimble_socket_enter(socket);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }

    int32_t status = receive(found, buffer, length, peeks != 0 ? MSG_PEEK : 0);

    thimble_socket_leave(found);
    return status;
}

static int32_t transmit(struct thimble_socket *socket, const void *data, size_t length)
{
    int32_t status = thimble_socket_refresh(socket);

    if (socket->write_ended) {
        return THIMBLE_FAILED(BROKEN_PIPE);
    }
    if (status != 0 || length == 0) {
        return status;
    }

    ssize_t count = send(socket->descriptor, data, length, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (count >= 0) {
        return (int32_t)count;
    }
    if (errno == ENOTCONN) {
        /* There was a connection: NuttX ends both directions at once. */
        return THIMBLE_FAILED_WITH(BROKEN_PIPE, errno);
    }
    if (errno == ENOMEM || errno == ENOBUFS) {
        /* No buffer now. */
        return THIMBLE_FAILED_WITH(WOULD_BLOCK, errno);
    }
    return thimble_socket_note(socket, errno);
}

int32_t thimble_platform_socket_send(uintptr_t socket, const void *data, size_t length)
{
    struct thimble_socket *found = thimble_socket_enter(socket);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }

    int32_t status = transmit(found, data, length);

    thimble_socket_leave(found);
    return status;
}

static int32_t end(struct thimble_socket *socket, uint8_t how)
{
    static const int hows[] = {
        [THIMBLE_PLATFORM_SHUTDOWN_READ] = SHUT_RD,
        [THIMBLE_PLATFORM_SHUTDOWN_WRITE] = SHUT_WR,
        [THIMBLE_PLATFORM_SHUTDOWN_BOTH] = SHUT_RDWR,
    };

    if (how > THIMBLE_PLATFORM_SHUTDOWN_BOTH) {
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }
    if (thimble_socket_refresh(socket) != 0) {
        return THIMBLE_FAILED(NOT_CONNECTED);
    }
    if (how != THIMBLE_PLATFORM_SHUTDOWN_READ && !socket->write_ended &&
        shutdown(socket->descriptor, hows[how]) != 0) {
        return thimble_error(errno);
    }
    socket->read_ended |= how != THIMBLE_PLATFORM_SHUTDOWN_WRITE;
    socket->write_ended |= how != THIMBLE_PLATFORM_SHUTDOWN_READ;
    return 0;
}

int32_t thimble_platform_socket_shutdown(uintptr_t socket, uint8_t how)
{
    struct thimble_socket *found = thimble_socket_enter(socket);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }

    int32_t status = end(found, how);

    thimble_socket_leave(found);
    return status;
}

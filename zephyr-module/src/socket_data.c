/* SPDX-License-Identifier: Apache-2.0 */

/* Bytes of stream sockets. */

#include <errno.h>
#include <string.h>

#include "deadline.h"
#include "error.h"
#include "heap.h"
#include "socket.h"

/* What a failed call on a connection means. */
static int32_t failed(struct thimble_socket *socket, int error)
{
    int32_t status = thimble_socket_error(error);

    if (error == ECONNRESET || error == ETIMEDOUT || error == ECONNABORTED) {
        socket->failure = status;
    }
    return status;
}

static int32_t receive_now(struct thimble_socket *socket, void *buffer, size_t length)
{
    ssize_t count = zsock_recv(socket->descriptor, buffer, length, ZSOCK_MSG_DONTWAIT);

    return count >= 0 ? (int32_t)count : failed(socket, errno);
}

/* Takes bytes that were peeked at before. */
static int32_t take_peeked(struct thimble_socket *socket, void *buffer, size_t length)
{
    size_t count = MIN(length, socket->peeked_length);

    memcpy(buffer, socket->peeked, count);
    socket->peeked_length -= count;
    if (socket->peeked_length > 0) {
        memmove(socket->peeked, socket->peeked + count, socket->peeked_length);
    } else {
        thimble_heap_release(socket->peeked);
        socket->peeked = NULL;
    }
    return count;
}

/* Zephyr's own stack leaves its packets in another order when only some of their bytes
 * are peeked at. So the bytes are received, if the connection's status allows it, and
 * kept here. */
static int32_t peek(struct thimble_socket *socket, int32_t status, void *buffer, size_t length)
{
    size_t wanted = MIN(length, CONFIG_THIMBLE_SOCKET_MAX_PEEK);

    if (socket->peeked == NULL && status == 0) {
        socket->peeked = thimble_heap_allocate(CONFIG_THIMBLE_SOCKET_MAX_PEEK, 1);
        if (socket->peeked == NULL) {
            return THIMBLE_FAILED(OUT_OF_MEMORY);
        }
        socket->peeked_length = 0;
    }
    if (status == 0 && socket->peeked_length < wanted) {
        status = receive_now(socket, socket->peeked + socket->peeked_length,
                             wanted - socket->peeked_length);
        socket->peeked_length += MAX(status, 0);
    }
    if (socket->peeked != NULL && socket->peeked_length == 0) {
        thimble_heap_release(socket->peeked);
        socket->peeked = NULL;
    }
    if (socket->peeked == NULL) {
        return status;
    }
    wanted = MIN(wanted, socket->peeked_length);
    memcpy(buffer, socket->peeked, wanted);
    return wanted;
}

static int32_t receive(struct thimble_socket *socket, void *buffer, size_t length, bool peeks)
{
    int32_t status = thimble_socket_refresh(socket);

    if (socket->role == THIMBLE_SOCKET_LISTENS) {
        return status;
    }
    if (socket->read_ended || length == 0) {
        return 0;
    }
    if (peeks) {
        return peek(socket, status, buffer, length);
    }
    if (socket->peeked != NULL) {
        return take_peeked(socket, buffer, length);
    }
    return status == 0 ? receive_now(socket, buffer, length) : status;
}

int32_t thimble_platform_socket_receive(uintptr_t socket, void *buffer, size_t length,
                                        uint8_t peeks)
{
    struct thimble_socket *found = thimble_socket_enter(socket);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }

    int32_t status = receive(found, buffer, length, peeks != 0);

    thimble_socket_leave(found);
    return status;
}

static int32_t send(struct thimble_socket *socket, const void *data, size_t length)
{
    int32_t status = thimble_socket_refresh(socket);

    if (socket->write_ended) {
        return THIMBLE_FAILED(BROKEN_PIPE);
    }
    if (status != 0 || length == 0) {
        return status;
    }

    ssize_t count = zsock_send(socket->descriptor, data, length, ZSOCK_MSG_DONTWAIT);

    if (count >= 0) {
        return count;
    }
    if (errno == ENOTCONN) {
        /* There was a connection: Zephyr's own stack ends both directions at once. */
        return THIMBLE_FAILED_WITH(BROKEN_PIPE, -errno);
    }
    if (errno == ENOBUFS || errno == ENOMEM) {
        /* The stack tells that it can send without regard to its buffers. */
        socket->starved_until =
            thimble_deadline(THIMBLE_SOCKET_INTERVAL * (uint64_t)NSEC_PER_MSEC);
        return THIMBLE_FAILED_WITH(WOULD_BLOCK, -errno);
    }
    return failed(socket, errno);
}

int32_t thimble_platform_socket_send(uintptr_t socket, const void *data, size_t length)
{
    struct thimble_socket *found = thimble_socket_enter(socket);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }

    int32_t status = send(found, data, length);

    thimble_socket_leave(found);
    return status;
}

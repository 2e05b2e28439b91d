/* SPDX-License-Identifier: Apache-2.0 */

/* Bytes of stream sockets. */

#include <string.h>

#include "error.h"
#include "macros.h"
#include "network.h"
#include "socket.h"

/* Keeps the error that ended a connection. */
static int32_t note(struct thimble_socket *socket, int32_t status)
{
    if (thimble_error_is(status, THIMBLE_PLATFORM_CONNECTION_RESET) ||
        thimble_error_is(status, THIMBLE_PLATFORM_CONNECTION_ABORTED) ||
        thimble_error_is(status, THIMBLE_PLATFORM_TIMED_OUT)) {
        socket->failure = status;
    }
    return status;
}

static int32_t receive_now(struct thimble_socket *socket, void *buffer, size_t length)
{
    int32_t status = note(socket, thimble_network_receive(socket->descriptor, buffer, length));

    socket->end_received |= status == 0;
    return status;
}

/* Takes bytes that were peeked at before. */
static int32_t take_peeked(struct thimble_socket *socket, void *buffer, size_t length)
{
    size_t count = THIMBLE_MIN(length, socket->peeked_length);

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

/* Not every stack can be peeked at, and some leave their packets in another order then. So
 * the bytes are received, if the connection's status allows it, and kept here. */
static int32_t peek(struct thimble_socket *socket, int32_t status, void *buffer, size_t length)
{
    size_t wanted = THIMBLE_MIN(length, THIMBLE_SHIM_PEEK);

    if (socket->peeked == NULL && status == 0) {
        socket->peeked = thimble_heap_allocate(THIMBLE_SHIM_PEEK, 1);
        if (socket->peeked == NULL) {
            return THIMBLE_FAILED(OUT_OF_MEMORY);
        }
        socket->peeked_length = 0;
    }
    if (status == 0 && socket->peeked_length < wanted) {
        status = receive_now(socket, socket->peeked + socket->peeked_length,
                             wanted - socket->peeked_length);
        socket->peeked_length += THIMBLE_MAX(status, 0);
    }
    if (socket->peeked != NULL && socket->peeked_length == 0) {
        thimble_heap_release(socket->peeked);
        socket->peeked = NULL;
    }
    if (socket->peeked == NULL) {
        return status;
    }
    wanted = THIMBLE_MIN(wanted, socket->peeked_length);
    memcpy(buffer, socket->peeked, wanted);
    return wanted;
}

static int32_t receive(struct thimble_socket *socket, void *buffer, size_t length, bool peeks)
{
    int32_t status = thimble_socket_refresh(socket);

    if (socket->role == THIMBLE_SOCKET_LISTENS) {
        return status;
    }
    if (socket->read_ended || length == 0 ||
        (socket->end_received && socket->peeked == NULL)) {
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

    status = thimble_network_send(socket->descriptor, data, length);
    if (thimble_error_is(status, THIMBLE_PLATFORM_NOT_CONNECTED)) {
        /* There was a connection: some stacks end both directions at once. */
        return THIMBLE_FAILED(BROKEN_PIPE);
    }
    if (thimble_error_is(status, THIMBLE_PLATFORM_OUT_OF_MEMORY)) {
        /* Stacks tell that they can send without regard to their buffers. */
        socket->starved_until = thimble_deadline(THIMBLE_SOCKET_INTERVAL * UINT64_C(1000000));
        return THIMBLE_FAILED(WOULD_BLOCK);
    }
    return note(socket, status);
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

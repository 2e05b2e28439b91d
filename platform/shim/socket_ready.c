/* SPDX-License-Identifier: Apache-2.0 */

/* Whether sockets are ready. */

#include "error.h"
#include "network.h"
#include "socket.h"

#define READY THIMBLE_NETWORK_READY
#define HANGUP THIMBLE_NETWORK_HANGUP
#define FAILED THIMBLE_NETWORK_FAILED

/* Keeps the error that ended a connection, which some stacks tell once. */
static void note_failure(struct thimble_socket *socket)
{
    if (socket->failure != 0) {
        return;
    }
    socket->failure = thimble_network_failure(socket->descriptor);
    if (socket->failure == 0) {
        socket->failure = THIMBLE_FAILED(BROKEN_PIPE);
    }
}

int32_t thimble_socket_refusal(int32_t status)
{
    return thimble_error_is(status, THIMBLE_PLATFORM_CONNECTION_RESET)
               ? THIMBLE_FAILED(CONNECTION_REFUSED)
               : status;
}

int32_t thimble_socket_refresh(struct thimble_socket *socket)
{
    if (socket->role == THIMBLE_SOCKET_LISTENS) {
        return THIMBLE_FAILED(NOT_CONNECTED);
    }
    if (socket->role == THIMBLE_SOCKET_CONNECTS && socket->failure == 0) {
        int state = thimble_network_probe(socket->descriptor, true);

        if (state & FAILED) {
            note_failure(socket);
            socket->failure = thimble_socket_refusal(socket->failure);
        } else if (state & READY) {
            socket->role = THIMBLE_SOCKET_IS_CONNECTED;
        } else {
            return THIMBLE_FAILED(WOULD_BLOCK);
        }
    }
    return socket->failure;
}

/* What can be done with a socket in one direction. */
static int state_of(struct thimble_socket *socket, bool to_write)
{
    if (socket->role == THIMBLE_SOCKET_LISTENS) {
        return to_write ? 0 : thimble_network_probe(socket->descriptor, false);
    }
    if (to_write ? socket->write_ended : socket->read_ended) {
        return READY | HANGUP;
    }
    if (!to_write && socket->peeked != NULL) {
        return READY;
    }
    if (!to_write && socket->end_received) {
        return READY | HANGUP;
    }

    int32_t status = thimble_socket_refresh(socket);

    if (status != 0) {
        return socket->failure != 0 ? FAILED : 0;
    }
    if (to_write && !thimble_deadline_is_over(socket->starved_until)) {
        return 0;
    }

    int state = thimble_network_probe(socket->descriptor, to_write);

    if (state & FAILED) {
        note_failure(socket);
    }
    return state;
}

bool thimble_socket_look(struct thimble_platform_poll_entry *entry)
{
    struct thimble_socket *socket = thimble_socket_enter(entry->handle);

    entry->bytes = 0;
    entry->error = 0;
    entry->state = THIMBLE_PLATFORM_STATE_NOT_READY;
    if (socket == NULL) {
        entry->state = THIMBLE_PLATFORM_STATE_FAILED;
        entry->error = THIMBLE_FAILED(BAD_DESCRIPTOR);
        return true;
    }

    bool to_write = entry->interest == THIMBLE_PLATFORM_INTEREST_WRITE;
    int state = state_of(socket, to_write);

    if (state & FAILED) {
        entry->state = THIMBLE_PLATFORM_STATE_FAILED;
        entry->error = socket->failure;
    } else if (state & HANGUP) {
        entry->state = THIMBLE_PLATFORM_STATE_HANGUP;
    } else if (state & READY) {
        entry->state = THIMBLE_PLATFORM_STATE_READY;
    }
    thimble_socket_leave(socket);
    return state != 0;
}

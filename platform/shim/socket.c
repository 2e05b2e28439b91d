/* SPDX-License-Identifier: Apache-2.0 */

/* Stream sockets: how they begin and end. */

#include "error.h"
#include "macros.h"
#include "network.h"
#include "socket.h"
#include "taken.h"

static struct thimble_socket sockets[THIMBLE_SHIM_SOCKETS];
static const struct thimble_table table = THIMBLE_TABLE(sockets);

struct thimble_socket *thimble_socket_enter(uintptr_t handle)
{
    thimble_socket_lock();

    struct thimble_slot *slot = thimble_slot_find(&table, handle);

    if (slot == NULL) {
        thimble_socket_unlock();
    }
    return (struct thimble_socket *)slot;
}

/* Gives back what nobody needs any more: the descriptor, and the slot. */
static void settle(struct thimble_socket *socket)
{
    if (!socket->is_over || socket->watchers > 0) {
        return;
    }
    if (socket->descriptor >= 0) {
        thimble_network_close(socket->descriptor);
        socket->descriptor = -1;
    }
    if (socket->peeked != NULL) {
        thimble_heap_release(socket->peeked);
        socket->peeked = NULL;
    }
    if (socket->is_closed) {
        thimble_slot_free(&socket->slot);
    }
}

void thimble_socket_leave(struct thimble_socket *socket)
{
    settle(socket);
    thimble_socket_unlock();
}

/* Makes an object of a taken slot and a descriptor. Called with the lock. */
static uintptr_t open_slot(struct thimble_slot *slot, int descriptor,
                           enum thimble_socket_role role)
{
    struct thimble_socket *socket = (struct thimble_socket *)slot;

    socket->descriptor = descriptor;
    socket->watchers = 0;
    socket->role = role;
    socket->is_closed = false;
    socket->is_over = false;
    socket->read_ended = false;
    socket->end_received = false;
    socket->write_ended = false;
    socket->failure = 0;
    socket->starved_until = 0;
    socket->peeked = NULL;
    socket->peeked_length = 0;
    return thimble_slot_open(&table, slot);
}

/* Makes a socket that listens, or one that connects for a backlog of 0. */
static int32_t make(const struct thimble_platform_address *address, uint32_t backlog,
                    uintptr_t *socket)
{
    struct thimble_slot *slot = thimble_slot_take(&table);
    int descriptor;

    if (slot == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }

    int32_t status =
        backlog > 0 ? thimble_network_listen(address, backlog, &descriptor)
                    : thimble_socket_refusal(thimble_network_connect(address, &descriptor));

    if (status != 0) {
        thimble_slot_free(slot);
        return status;
    }
    thimble_socket_lock();
    *socket = open_slot(slot, descriptor,
                        backlog > 0 ? THIMBLE_SOCKET_LISTENS : THIMBLE_SOCKET_CONNECTS);
    thimble_socket_unlock();
    return 0;
}

int32_t thimble_platform_socket_listen(const struct thimble_platform_address *address,
                                       uint32_t backlog, uintptr_t *socket)
{
    return make(address, THIMBLE_MAX(backlog, 1), socket);
}

int32_t thimble_platform_socket_connect(const struct thimble_platform_address *address,
                                        uintptr_t *socket)
{
    return make(address, 0, socket);
}

static int32_t take_connection(struct thimble_socket *listener, uintptr_t *socket,
                               struct thimble_platform_address *address)
{
    if (listener->role != THIMBLE_SOCKET_LISTENS || listener->descriptor < 0) {
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }

    /* First, as a connection that was taken and has no place would be ended. */
    struct thimble_slot *slot = thimble_slot_take(&table);

    if (slot == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }

    int descriptor;
    int32_t status = thimble_network_accept(listener->descriptor, &descriptor, address);

    if (status != 0) {
        thimble_slot_free(slot);
        return status;
    }
    *socket = open_slot(slot, descriptor, THIMBLE_SOCKET_IS_CONNECTED);
    return 0;
}

int32_t thimble_platform_socket_accept(uintptr_t listener, uintptr_t *socket,
                                       struct thimble_platform_address *address)
{
    struct thimble_socket *found = thimble_socket_enter(listener);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }

    int32_t status = take_connection(found, socket, address);

    thimble_socket_leave(found);
    return status;
}

static int32_t end(struct thimble_socket *socket, uint8_t how)
{
    bool ends_read = how != THIMBLE_PLATFORM_SHUTDOWN_WRITE;
    bool ends_write = how != THIMBLE_PLATFORM_SHUTDOWN_READ;

    if (how > THIMBLE_PLATFORM_SHUTDOWN_BOTH) {
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }
    if (thimble_socket_refresh(socket) != 0) {
        return THIMBLE_FAILED(NOT_CONNECTED);
    }
    if (ends_write && !socket->write_ended &&
        thimble_network_shutdown(socket->descriptor, how) != 0) {
        /* Some stacks cannot tell the end and go on receiving, only close. */
        if (!ends_read && !socket->read_ended) {
            return THIMBLE_FAILED(NOT_SUPPORTED);
        }
        socket->is_over = true;
    }
    socket->read_ended |= ends_read;
    socket->write_ended |= ends_write;
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
    thimble_poll_notify();
    return status;
}

static int32_t address_of(const struct thimble_socket *socket, bool is_peer,
                          struct thimble_platform_address *address)
{
    if (socket->descriptor < 0) {
        /* Given back when both directions were ended. */
        return THIMBLE_FAILED(NOT_CONNECTED);
    }
    return thimble_network_address(socket->descriptor, is_peer, address);
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

int32_t thimble_platform_socket_is_listener(uintptr_t socket)
{
    struct thimble_socket *found = thimble_socket_enter(socket);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }

    bool listens = found->role == THIMBLE_SOCKET_LISTENS;

    thimble_socket_leave(found);
    return listens;
}

int32_t thimble_platform_socket_close(uintptr_t socket)
{
    struct thimble_slot *slot;

    thimble_socket_lock();

    /* Never busy: calls use a slot with the lock only. */
    int32_t status = thimble_slot_close(&table, socket, NULL, &slot);

    if (status == 0) {
        struct thimble_socket *closed = (struct thimble_socket *)slot;

        closed->is_closed = true;
        closed->is_over = true;
        settle(closed);
    }
    thimble_socket_unlock();
    /* Threads that wait for it see that it is gone, and settle it. */
    thimble_poll_notify();
    return status;
}

size_t thimble_sockets_taken(void)
{
    return thimble_slots_taken(&table);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Stream sockets, over Zephyr's zsock_... calls: how they begin and end. */

#include <errno.h>

#include "error.h"
#include "heap.h"
#include "native_socket.h"
#include "poll.h"
#include "socket.h"

static struct thimble_socket sockets[CONFIG_THIMBLE_MAX_SOCKETS];
static const struct thimble_table table = THIMBLE_TABLE(sockets);

/* One lock for all sockets: no call waits while it has it. */
static K_MUTEX_DEFINE(lock);

struct thimble_socket *thimble_socket_enter(uintptr_t handle)
{
    k_mutex_lock(&lock, K_FOREVER);

    struct thimble_slot *slot = thimble_slot_acquire(&table, handle);

    if (slot == NULL) {
        k_mutex_unlock(&lock);
        return NULL;
    }
    thimble_slot_release(slot);
    return (struct thimble_socket *)slot;
}

/* Gives back what nobody needs any more: the descriptor, and the slot. */
static void settle(struct thimble_socket *socket)
{
    if (!socket->is_over || socket->watchers > 0) {
        return;
    }
    if (socket->descriptor >= 0) {
        (void)zsock_close(socket->descriptor);
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
    k_mutex_unlock(&lock);
}

bool thimble_socket_unwatch(struct thimble_socket *socket)
{
    k_mutex_lock(&lock, K_FOREVER);
    socket->watchers--;

    bool others_watch = socket->watchers > 0;

    thimble_socket_leave(socket);
    return others_watch;
}

#if defined(CONFIG_NET_NATIVE_OFFLOADED_SOCKETS)
/* The driver keeps the host's number to itself: mark the socket, and let the host look
 * for the mark. Nothing waits for these sockets, so the timeout is free for that. */
static int find_host(int descriptor)
{
    static uint32_t marks;
    struct zsock_timeval mark = {.tv_sec = 1000000 + marks++ % 1000000};

    if (zsock_setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &mark, sizeof(mark)) != 0) {
        return -1;
    }
    return thimble_native_socket_find(mark.tv_sec);
}
#endif

/* Makes an object of a taken slot and a descriptor. Called with the lock. */
static uintptr_t open_slot(struct thimble_slot *slot, int descriptor,
                           enum thimble_socket_role role)
{
    struct thimble_socket *socket = (struct thimble_socket *)slot;

    socket->descriptor = descriptor;
#if defined(CONFIG_NET_NATIVE_OFFLOADED_SOCKETS)
    socket->host = find_host(descriptor);
#endif
    socket->watchers = 0;
    socket->role = role;
    socket->is_closed = false;
    socket->is_over = false;
    socket->read_ended = false;
    socket->write_ended = false;
    socket->failure = 0;
    socket->starved_until = 0;
    socket->peeked = NULL;
    socket->peeked_length = 0;
    return thimble_slot_open(&table, slot);
}

static int32_t start_listening(int descriptor, const union thimble_socket_address *address,
                               socklen_t length, uint32_t backlog)
{
    const int yes = 1;
    /* Zephyr's own stack takes no notice: connections wait until it has no more contexts. */
    int most = MIN(backlog, CONFIG_THIMBLE_MAX_SOCKETS);

    /* Not every configuration has the option; then a port is in use for a while after its
     * connections have ended. */
    (void)zsock_setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (zsock_bind(descriptor, &address->any, length) != 0) {
        /* Zephyr's own stack, of an address that no interface has. */
        return errno == ENOENT ? THIMBLE_FAILED_WITH(ADDRESS_NOT_AVAILABLE, -errno)
                               : thimble_socket_error(errno);
    }
    return zsock_listen(descriptor, most) == 0 ? 0 : thimble_socket_error(errno);
}

static int32_t start_connecting(int descriptor, const union thimble_socket_address *address,
                                socklen_t length)
{
    int error = 0;
    socklen_t error_length = sizeof(error);

    if (zsock_connect(descriptor, &address->any, length) != 0 && errno != EINPROGRESS) {
        return thimble_socket_error(errno);
    }
    /* Zephyr's own stack says 0 also when it had no buffer for the first packet, and must
     * not be polled then. */
    if (zsock_getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &error_length) == 0 &&
        error != 0) {
        return thimble_socket_error(error);
    }
    return 0;
}

/* Makes a socket that listens, or one that connects for a backlog of 0. */
static int32_t make(const struct thimble_platform_address *address, uint32_t backlog,
                    uintptr_t *socket)
{
    union thimble_socket_address translated;
    int32_t length = thimble_socket_address_to(address, &translated);

    if (length < 0) {
        return length;
    }

    struct thimble_slot *slot = thimble_slot_take(&table);

    if (slot == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }

    int descriptor = zsock_socket(translated.any.sa_family, SOCK_STREAM, IPPROTO_TCP);
    int32_t status;

    if (descriptor < 0) {
        thimble_slot_free(slot);
        /* Zephyr's own stack, of contexts. */
        return errno == ENOENT ? THIMBLE_FAILED_WITH(TOO_MANY_OPEN, -errno)
                               : thimble_socket_error(errno);
    }
    if (thimble_set_non_blocking(descriptor) != 0) {
        status = thimble_socket_error(errno);
    } else if (backlog > 0) {
        status = start_listening(descriptor, &translated, length, backlog);
    } else {
        status = start_connecting(descriptor, &translated, length);
    }
    if (status != 0) {
        (void)zsock_close(descriptor);
        thimble_slot_free(slot);
        return status;
    }
    k_mutex_lock(&lock, K_FOREVER);
    *socket = open_slot(slot, descriptor,
                        backlog > 0 ? THIMBLE_SOCKET_LISTENS : THIMBLE_SOCKET_CONNECTS);
    k_mutex_unlock(&lock);
    return 0;
}

int32_t thimble_platform_socket_listen(const struct thimble_platform_address *address,
                                       uint32_t backlog, uintptr_t *socket)
{
    return make(address, MAX(backlog, 1), socket);
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

    /* First, as Zephyr ends a connection that is taken and has no place. */
    struct thimble_slot *slot = thimble_slot_take(&table);

    if (slot == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }

    union thimble_socket_address peer;
    socklen_t length = sizeof(peer);
    int descriptor = zsock_accept(listener->descriptor, &peer.any, &length);
    int32_t status;

    if (descriptor < 0) {
        status = thimble_socket_error(errno);
    } else if (thimble_set_non_blocking(descriptor) != 0) {
        status = thimble_socket_error(errno);
        (void)zsock_close(descriptor);
    } else {
        status = thimble_socket_address_from(&peer, address);
        if (status != 0) {
            (void)zsock_close(descriptor);
        }
    }
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

/* Tells the other side the end of what is sent. @return Whether the stack can. */
static bool tell_end(struct thimble_socket *socket, uint8_t how)
{
#if defined(CONFIG_NET_NATIVE_OFFLOADED_SOCKETS)
    if (socket->host >= 0) {
        return thimble_native_socket_shutdown(socket->host, how) == 0;
    }
#endif
    return zsock_shutdown(socket->descriptor, how == THIMBLE_PLATFORM_SHUTDOWN_WRITE
                                                  ? ZSOCK_SHUT_WR
                                                  : ZSOCK_SHUT_RDWR) == 0;
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
    if (ends_write && !socket->write_ended && !tell_end(socket, how)) {
        /* Zephyr's own stack cannot tell the end and go on receiving: it resets
         * connections on which anything comes after its FIN. It can only close. */
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

    k_mutex_lock(&lock, K_FOREVER);

    /* Never busy: calls use a slot with the lock only. */
    int32_t status = thimble_slot_close(&table, socket, NULL, &slot);

    if (status == 0) {
        struct thimble_socket *closed = (struct thimble_socket *)slot;

        closed->is_closed = true;
        closed->is_over = true;
        settle(closed);
    }
    k_mutex_unlock(&lock);
    /* Threads that wait for it see that it is gone, and settle it. */
    thimble_poll_notify();
    return status;
}

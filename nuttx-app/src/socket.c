/* SPDX-License-Identifier: Apache-2.0 */

/* Stream sockets: how they begin and end. */

#include <nuttx/config.h>

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "error_number.h"
#include "lock.h"
#include "socket.h"
#include "waiting.h"

static struct thimble_socket sockets[CONFIG_THIMBLE_MAX_SOCKETS];
static const struct thimble_table table = THIMBLE_TABLE(sockets);

/* One lock for all sockets: no call waits while it has it. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct thimble_socket *thimble_socket_enter(uintptr_t handle)
{
    thimble_lock(&lock);

    struct thimble_socket *socket =
        (struct thimble_socket *)thimble_slot_acquire(&table, handle);

    if (socket != NULL) {
        thimble_slot_release(&socket->slot);
        if (socket->task == getpid()) {
            return socket;
        }
    }
    thimble_unlock(&lock);
    return NULL;
}

/* Gives back what nobody needs any more. */
static void settle(struct thimble_socket *socket)
{
    if (socket->is_closed && socket->watchers == 0) {
        (void)close(socket->descriptor);
        thimble_slot_free(&socket->slot);
    }
}

void thimble_socket_leave(struct thimble_socket *socket)
{
    settle(socket);
    thimble_unlock(&lock);
}

void thimble_socket_forget(pid_t task)
{
    thimble_lock(&lock);
    for (size_t index = 0; index < CONFIG_THIMBLE_MAX_SOCKETS; index++) {
        struct thimble_socket *socket = &sockets[index];

        /* One that was closed stays for those who wait for it, who are gone too. */
        if ((socket->slot.state == THIMBLE_SLOT_OPEN || socket->watchers > 0) &&
            socket->task == task) {
            socket->watchers = 0;
            thimble_slot_free(&socket->slot);
        }
    }
    thimble_unlock(&lock);
}

int32_t thimble_socket_note(struct thimble_socket *socket, int error)
{
    int32_t status = thimble_error(error);

    if (error == ECONNRESET || error == ETIMEDOUT || error == ECONNABORTED ||
        error == ECONNREFUSED || error == ENETUNREACH || error == EHOSTUNREACH) {
        socket->failure = status;
    }
    return status;
}

/* Asks for the error that ended a connection. */
static int32_t ask_failure(struct thimble_socket *socket)
{
    int error = 0;
    socklen_t length = sizeof(error);

    if (socket->failure != 0) {
        return socket->failure;
    }
    if (getsockopt(socket->descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0 &&
        error != 0) {
        socket->failure = thimble_error(error);
    } else {
        socket->failure = THIMBLE_FAILED(BROKEN_PIPE);
    }
    return socket->failure;
}

int32_t thimble_socket_refresh(struct thimble_socket *socket)
{
    struct pollfd polled = {.fd = socket->descriptor, .events = POLLOUT};

    if (socket->listens) {
        return THIMBLE_FAILED(NOT_CONNECTED);
    }
    if (!socket->connects || socket->failure != 0) {
        return socket->failure;
    }
    if (poll(&polled, 1, 0) <= 0) {
        return THIMBLE_FAILED(WOULD_BLOCK);
    }
    if ((polled.revents & (POLLERR | POLLHUP)) != 0 && (polled.revents & POLLOUT) == 0) {
        return ask_failure(socket);
    }
    socket->connects = false;
    return 0;
}

/* Makes an object of a taken slot and a descriptor. */
static uintptr_t open_slot(struct thimble_slot *slot, int descriptor, bool listens,
                           bool connects)
{
    struct thimble_socket *socket = (struct thimble_socket *)slot;

    socket->descriptor = descriptor;
    socket->task = getpid();
    socket->watchers = 0;
    socket->listens = listens;
    socket->connects = connects;
    socket->is_closed = false;
    socket->read_ended = false;
    socket->write_ended = false;
    socket->failure = 0;
    return thimble_slot_open(&table, slot);
}

static int32_t start_listening(int descriptor, const union thimble_socket_address *address,
                               socklen_t length, uint32_t backlog)
{
    const int yes = 1;
    int most = backlog < CONFIG_THIMBLE_MAX_SOCKETS ? (int)backlog : CONFIG_THIMBLE_MAX_SOCKETS;

    /* Not every configuration has the option; then a port is in use for a while after its
     * connections have ended. */
    (void)setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(descriptor, &address->any, length) != 0 || listen(descriptor, most) != 0) {
        return thimble_error(errno);
    }
    return 0;
}

/* Makes a socket that listens, or one that connects for a backlog of 0. */
static int32_t make(const struct thimble_platform_address *address, uint32_t backlog,
                    uintptr_t *handle)
{
    union thimble_socket_address translated;
    int32_t length = thimble_socket_address_to(address, &translated);
    int32_t status = 0;

    if (length < 0) {
        return length;
    }

    struct thimble_slot *slot = thimble_slot_take(&table);

    if (slot == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }

    int descriptor = socket(translated.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                            IPPROTO_TCP);

    if (descriptor < 0) {
        status = thimble_error(errno);
    } else if (backlog > 0) {
        status = start_listening(descriptor, &translated, (socklen_t)length, backlog);
    } else if (connect(descriptor, &translated.any, (socklen_t)length) != 0 &&
               errno != EINPROGRESS) {
        status = thimble_error(errno);
    }
    if (status != 0) {
        if (descriptor >= 0) {
            (void)close(descriptor);
        }
        thimble_slot_free(slot);
        return status;
    }
    *handle = open_slot(slot, descriptor, backlog > 0, backlog == 0);
    return 0;
}

int32_t thimble_platform_socket_listen(const struct thimble_platform_address *address,
                                       uint32_t backlog, uintptr_t *socket)
{
    return make(address, backlog > 0 ? backlog : 1, socket);
}

int32_t thimble_platform_socket_connect(const struct thimble_platform_address *address,
                                        uintptr_t *socket)
{
    return make(address, 0, socket);
}

static int32_t take_connection(struct thimble_socket *listener, uintptr_t *socket,
                               struct thimble_platform_address *address)
{
    union thimble_socket_address peer;
    socklen_t length = sizeof(peer);

    if (!listener->listens) {
        return THIMBLE_FAILED(INVALID_ARGUMENT);
    }

    /* First, as a connection that is taken and has no place is ended. */
    struct thimble_slot *slot = thimble_slot_take(&table);

    if (slot == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }

    int descriptor =
        accept4(listener->descriptor, &peer.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    int32_t status =
        descriptor < 0 ? thimble_error(errno) : thimble_socket_address_from(&peer, address);

    if (status == 0) {
        *socket = open_slot(slot, descriptor, false, false);
        return 0;
    }
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    thimble_slot_free(slot);
    return status;
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

int32_t thimble_platform_socket_is_listener(uintptr_t socket)
{
    struct thimble_socket *found = thimble_socket_enter(socket);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }

    bool listens = found->listens;

    thimble_socket_leave(found);
    return listens;
}

int32_t thimble_platform_socket_close(uintptr_t socket)
{
    struct thimble_slot *slot;
    struct thimble_socket *found = thimble_socket_enter(socket);

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }

    /* Never busy: calls use a slot with the lock only. */
    int32_t status = thimble_slot_close(&table, socket, NULL, &slot);

    found->is_closed = true;
    thimble_socket_leave(found);
    return status;
}

int32_t thimble_socket_poll(uintptr_t socket, bool to_write, int *descriptor,
                            struct thimble_socket **watched)
{
    struct thimble_socket *found = thimble_socket_enter(socket);
    int32_t state = THIMBLE_PLATFORM_STATE_NOT_READY;

    if (found == NULL) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    *descriptor = found->descriptor;
    if (to_write ? found->write_ended : found->read_ended) {
        *descriptor = THIMBLE_POLL_KNOWN;
        state = THIMBLE_PLATFORM_STATE_HANGUP;
    }
    found->watchers++;
    *watched = found;
    thimble_socket_leave(found);
    return state;
}

void thimble_socket_poll_end(struct thimble_socket *watched)
{
    thimble_lock(&lock);
    watched->watchers--;
    thimble_socket_leave(watched);
}

int32_t thimble_socket_failure(struct thimble_socket *watched)
{
    thimble_lock(&lock);

    int32_t status = ask_failure(watched);

    thimble_unlock(&lock);
    return status;
}

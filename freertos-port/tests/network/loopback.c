/* SPDX-License-Identifier: Apache-2.0 */

/* A network of the application's own: connections within the firmware, without a stack. */

#include <string.h>

#include <FreeRTOS.h>
#include <task.h>

#include <thimble_freertos_sockets.h>

#include "loopback.h"

#define SOCKETS 16
#define ROOM 200
#define NOBODY (-1)

#define FAILED(kind) THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_##kind, 0)
#define MIN(a, b) ((a) < (b) ? (a) : (b))

enum state {
    FREE,
    LISTENS,
    IS_CONNECTED,
};

/* A listener, or one end of a connection. */
static struct {
    enum state state;
    uint16_t port;
    uint16_t peer_port;
    /* How many connections may wait. */
    uint32_t backlog;
    /* The other end, or NOBODY. */
    int peer;
    /* The listener that has not accepted this end, or NOBODY. */
    int listener;
    /* Nothing more comes. */
    bool has_ended;
    /* What was received and not taken. */
    size_t length;
    uint8_t received[ROOM];
} ends[SOCKETS];

static uint16_t last_port = 49151;

static int take(enum state state, uint16_t port)
{
    for (int end = 0; end < SOCKETS; end++) {
        if (ends[end].state == FREE) {
            memset(&ends[end], 0, sizeof(ends[end]));
            ends[end].state = state;
            ends[end].port = port;
            ends[end].peer = NOBODY;
            ends[end].listener = NOBODY;
            return end;
        }
    }
    return NOBODY;
}

static int find_listener(uint16_t port)
{
    for (int end = 0; end < SOCKETS; end++) {
        if (ends[end].state == LISTENS && ends[end].port == port) {
            return end;
        }
    }
    return NOBODY;
}

/* The end that has waited for a listener, of the lowest number; how many do. */
static int find_waiting(int listener, uint32_t *count)
{
    int found = NOBODY;

    *count = 0;
    for (int end = SOCKETS - 1; end >= 0; end--) {
        if (ends[end].state == IS_CONNECTED && ends[end].listener == listener) {
            found = end;
            (*count)++;
        }
    }
    return found;
}

static uint16_t choose_port(void)
{
    do {
        last_port = last_port == UINT16_MAX ? 49152 : last_port + 1;
    } while (find_listener(last_port) != NOBODY);
    return last_port;
}

static int32_t listen_at(uint16_t port, uint32_t backlog, int *descriptor)
{
    if (port == 0) {
        port = choose_port();
    }
    if (find_listener(port) != NOBODY) {
        return FAILED(ADDRESS_IN_USE);
    }
    *descriptor = take(LISTENS, port);
    if (*descriptor == NOBODY) {
        return FAILED(TOO_MANY_OPEN);
    }
    ends[*descriptor].backlog = backlog;
    return 0;
}

static int32_t call_listen(const struct thimble_platform_address *address, uint32_t backlog,
                           int *descriptor)
{
    if (address->family != 4) {
        return FAILED(NOT_SUPPORTED);
    }
    taskENTER_CRITICAL();

    int32_t status = listen_at(address->port, backlog, descriptor);

    taskEXIT_CRITICAL();
    return status;
}

static int32_t connect_to(uint16_t port, int *descriptor)
{
    int listener = find_listener(port);
    uint32_t waiting;

    if (listener != NOBODY) {
        (void)find_waiting(listener, &waiting);
    }
    if (listener == NOBODY || waiting >= ends[listener].backlog) {
        return FAILED(CONNECTION_REFUSED);
    }

    int client = take(IS_CONNECTED, choose_port());
    int server = take(IS_CONNECTED, port);

    if (client == NOBODY || server == NOBODY) {
        if (client != NOBODY) {
            ends[client].state = FREE;
        }
        return FAILED(TOO_MANY_OPEN);
    }
    ends[client].peer = server;
    ends[client].peer_port = port;
    ends[server].peer = client;
    ends[server].peer_port = ends[client].port;
    ends[server].listener = listener;
    *descriptor = client;
    return 0;
}

static int32_t call_connect(const struct thimble_platform_address *address, int *descriptor)
{
    if (address->family != 4) {
        return FAILED(NOT_SUPPORTED);
    }
    taskENTER_CRITICAL();

    int32_t status = connect_to(address->port, descriptor);

    taskEXIT_CRITICAL();
    thimble_network_changed();
    return status;
}

static void fill_address(uint16_t port, struct thimble_platform_address *address)
{
    static const uint8_t here[] = {127, 0, 0, 1};

    memset(address, 0, sizeof(*address));
    address->family = 4;
    address->port = port;
    memcpy(address->bytes, here, sizeof(here));
}

static int32_t call_accept(int listener, int *descriptor, struct thimble_platform_address *peer)
{
    uint32_t waiting;

    taskENTER_CRITICAL();
    *descriptor = find_waiting(listener, &waiting);
    if (*descriptor != NOBODY) {
        ends[*descriptor].listener = NOBODY;
        fill_address(ends[*descriptor].peer_port, peer);
    }
    taskEXIT_CRITICAL();
    return *descriptor == NOBODY ? FAILED(WOULD_BLOCK) : 0;
}

static int32_t call_receive(int descriptor, void *buffer, size_t length)
{
    int32_t count;

    taskENTER_CRITICAL();
    if (ends[descriptor].length > 0) {
        count = (int32_t)MIN(length, ends[descriptor].length);
        memcpy(buffer, ends[descriptor].received, count);
        ends[descriptor].length -= count;
        memmove(ends[descriptor].received, ends[descriptor].received + count,
                ends[descriptor].length);
    } else {
        count = ends[descriptor].has_ended ? 0 : FAILED(WOULD_BLOCK);
    }
    taskEXIT_CRITICAL();
    thimble_network_changed();
    return count;
}

static int32_t send_to(int peer, const void *data, size_t length)
{
    if (peer == NOBODY) {
        return FAILED(BROKEN_PIPE);
    }

    size_t count = MIN(length, ROOM - ends[peer].length);

    if (count == 0) {
        return FAILED(WOULD_BLOCK);
    }
    memcpy(ends[peer].received + ends[peer].length, data, count);
    ends[peer].length += count;
    return (int32_t)count;
}

static int32_t call_send(int descriptor, const void *data, size_t length)
{
    taskENTER_CRITICAL();

    int32_t count = send_to(ends[descriptor].peer, data, length);

    taskEXIT_CRITICAL();
    thimble_network_changed();
    return count;
}

static int32_t call_shutdown(int descriptor, uint8_t how)
{
    (void)how;
    taskENTER_CRITICAL();
    if (ends[descriptor].peer != NOBODY) {
        ends[ends[descriptor].peer].has_ended = true;
    }
    taskEXIT_CRITICAL();
    thimble_network_changed();
    return 0;
}

static int32_t call_address(int descriptor, bool is_peer,
                            struct thimble_platform_address *address)
{
    fill_address(is_peer ? ends[descriptor].peer_port : ends[descriptor].port, address);
    return 0;
}

static int32_t call_failure(int descriptor)
{
    (void)descriptor;
    return 0;
}

static int call_probe(int descriptor, bool to_write)
{
    uint32_t waiting;
    int state = 0;

    taskENTER_CRITICAL();
    if (ends[descriptor].state == LISTENS) {
        (void)find_waiting(descriptor, &waiting);
        state = waiting > 0 ? THIMBLE_NETWORK_READY : 0;
    } else if (ends[descriptor].peer == NOBODY) {
        state = THIMBLE_NETWORK_READY | THIMBLE_NETWORK_HANGUP;
    } else if (to_write) {
        state = ends[ends[descriptor].peer].length < ROOM ? THIMBLE_NETWORK_READY : 0;
    } else if (ends[descriptor].length > 0 || ends[descriptor].has_ended) {
        state = THIMBLE_NETWORK_READY;
    }
    taskEXIT_CRITICAL();
    return state;
}

static void end(int descriptor)
{
    int peer = ends[descriptor].peer;

    if (peer != NOBODY) {
        ends[peer].peer = NOBODY;
        ends[peer].has_ended = true;
    }
    ends[descriptor].state = FREE;
}

static void call_close(int descriptor)
{
    taskENTER_CRITICAL();
    /* Nobody will accept these. */
    for (int other = 0; other < SOCKETS; other++) {
        if (ends[other].state == IS_CONNECTED && ends[other].listener == descriptor) {
            end(other);
        }
    }
    end(descriptor);
    taskEXIT_CRITICAL();
    thimble_network_changed();
}

const struct thimble_network_calls loopback = {
    .listen = call_listen,
    .connect = call_connect,
    .accept = call_accept,
    .receive = call_receive,
    .send = call_send,
    .shutdown = call_shutdown,
    .address = call_address,
    .failure = call_failure,
    .probe = call_probe,
    .close = call_close,
};

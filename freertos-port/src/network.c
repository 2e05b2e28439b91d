/* SPDX-License-Identifier: Apache-2.0 */

/* The network over the table that the application has given. */

#include <thimble_freertos_sockets.h>

#include "backend.h"
#include "error.h"
#include "network.h"

/* NULL until it is given; then it stays, so those that have a descriptor find it. */
static const struct thimble_network_calls *volatile network;

int32_t thimble_network_use(const struct thimble_network_calls *calls)
{
    uint32_t key = thimble_table_lock();
    bool is_free = network == NULL;

    if (is_free) {
        network = calls;
    }
    thimble_table_unlock(key);
    return is_free ? 0 : THIMBLE_FAILED(ALREADY_EXISTS);
}

int32_t thimble_network_listen(const struct thimble_platform_address *address, uint32_t backlog,
                               int *descriptor)
{
    const struct thimble_network_calls *calls = network;

    return calls == NULL ? THIMBLE_FAILED(UNREACHABLE)
                         : calls->listen(address, backlog, descriptor);
}

int32_t thimble_network_connect(const struct thimble_platform_address *address, int *descriptor)
{
    const struct thimble_network_calls *calls = network;

    return calls == NULL ? THIMBLE_FAILED(UNREACHABLE) : calls->connect(address, descriptor);
}

int32_t thimble_network_accept(int listener, int *descriptor,
                               struct thimble_platform_address *peer)
{
    return network->accept(listener, descriptor, peer);
}

int32_t thimble_network_receive(int descriptor, void *buffer, size_t length)
{
    return network->receive(descriptor, buffer, length);
}

int32_t thimble_network_send(int descriptor, const void *data, size_t length)
{
    return network->send(descriptor, data, length);
}

int32_t thimble_network_shutdown(int descriptor, uint8_t how)
{
    return network->shutdown(descriptor, how);
}

int32_t thimble_network_address(int descriptor, bool is_peer,
                                struct thimble_platform_address *address)
{
    return network->address(descriptor, is_peer, address);
}

int32_t thimble_network_failure(int descriptor)
{
    return network->failure(descriptor);
}

int thimble_network_probe(int descriptor, bool to_write)
{
    return network->probe(descriptor, to_write);
}

void thimble_network_close(int descriptor)
{
    network->close(descriptor);
}

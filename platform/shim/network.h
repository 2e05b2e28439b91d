/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * The network of the sockets: each function as the call of its name in struct thimble_network_calls.
 *
 * network_bsd.c defines them over BSD sockets; a back end whose applications bring their own network
 * defines them itself, over such a table.
 */

#ifndef THIMBLE_SHIM_NETWORK_H
#define THIMBLE_SHIM_NETWORK_H

#include <thimble_network.h>

int32_t thimble_network_listen(const struct thimble_platform_address *address, uint32_t backlog,
                               int *descriptor);
int32_t thimble_network_connect(const struct thimble_platform_address *address, int *descriptor);
int32_t thimble_network_accept(int listener, int *descriptor,
                               struct thimble_platform_address *peer);
int32_t thimble_network_receive(int descriptor, void *buffer, size_t length);
int32_t thimble_network_send(int descriptor, const void *data, size_t length);
int32_t thimble_network_shutdown(int descriptor, uint8_t how);
int32_t thimble_network_address(int descriptor, bool is_peer,
                                struct thimble_platform_address *address);
int32_t thimble_network_failure(int descriptor);
int thimble_network_probe(int descriptor, bool to_write);
void thimble_network_close(int descriptor);

#endif

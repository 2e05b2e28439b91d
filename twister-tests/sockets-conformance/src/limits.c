/* SPDX-License-Identifier: Apache-2.0 */

/* What this configuration has of families and sockets. */

#include <string.h>

#include <zephyr/ztest.h>

#include <thimble_platform.h>

#define LONG (10 * (uint64_t)NSEC_PER_SEC)

static void wait_until_ready(uintptr_t socket, uint8_t interest)
{
    struct thimble_platform_poll_entry entry = {
        .target = THIMBLE_PLATFORM_TARGET_SOCKET,
        .handle = socket,
        .interest = interest,
    };

    zassert_equal(thimble_platform_poll(&entry, 1, LONG, 0), THIMBLE_PLATFORM_POLL_READY);
    zassert_equal(entry.state, THIMBLE_PLATFORM_STATE_READY);
}

ZTEST(thimble_limits, test_ipv6)
{
    const struct thimble_platform_address loopback = {.family = 6, .bytes = {[15] = 1}};
    struct thimble_platform_address address;
    struct thimble_platform_address local;
    struct thimble_platform_address peer;
    uintptr_t listener;
    uintptr_t client;
    uintptr_t server;
    char byte;

    if (!IS_ENABLED(CONFIG_NET_IPV6)) {
        zassert_equal(thimble_platform_socket_listen(&loopback, 1, &listener),
                      THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_NOT_SUPPORTED, 0));
        zassert_equal(thimble_platform_socket_connect(&loopback, &client),
                      THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_NOT_SUPPORTED, 0));
        return;
    }
    zassert_ok(thimble_platform_socket_listen(&loopback, 1, &listener));
    zassert_ok(thimble_platform_socket_local_address(listener, &address));
    zassert_equal(address.family, 6);
    zassert_not_equal(address.port, 0);
    zassert_mem_equal(address.bytes, loopback.bytes, sizeof(loopback.bytes));
    zassert_ok(thimble_platform_socket_connect(&address, &client));
    wait_until_ready(listener, THIMBLE_PLATFORM_INTEREST_READ);
    zassert_ok(thimble_platform_socket_accept(listener, &server, &peer));
    wait_until_ready(client, THIMBLE_PLATFORM_INTEREST_WRITE);
    zassert_ok(thimble_platform_socket_local_address(client, &local));
    zassert_equal(peer.family, 6);
    zassert_equal(peer.port, local.port);
    zassert_mem_equal(peer.bytes, local.bytes, sizeof(local.bytes));
    zassert_equal(thimble_platform_socket_send(client, "x", 1), 1);
    wait_until_ready(server, THIMBLE_PLATFORM_INTEREST_READ);
    zassert_equal(thimble_platform_socket_receive(server, &byte, 1, 0), 1);
    zassert_equal(byte, 'x');
    zassert_ok(thimble_platform_socket_close(client));
    zassert_ok(thimble_platform_socket_close(server));
    zassert_ok(thimble_platform_socket_close(listener));
}

ZTEST(thimble_limits, test_no_more_sockets_than_the_table_has)
{
    const struct thimble_platform_address loopback = {.family = 4, .bytes = {127, 0, 0, 1}};
    struct thimble_platform_address address;
    struct thimble_platform_address peer;
    uintptr_t sockets[CONFIG_THIMBLE_MAX_SOCKETS];
    const size_t last = ARRAY_SIZE(sockets) - 1;
    uintptr_t another;

    zassert_ok(thimble_platform_socket_listen(&loopback, 1, &sockets[0]));
    zassert_ok(thimble_platform_socket_local_address(sockets[0], &address));
    for (size_t index = 1; index < last; index++) {
        zassert_ok(thimble_platform_socket_listen(&loopback, 1, &sockets[index]));
    }
    zassert_ok(thimble_platform_socket_connect(&address, &sockets[last]));
    wait_until_ready(sockets[0], THIMBLE_PLATFORM_INTEREST_READ);
    zassert_equal(thimble_platform_socket_listen(&loopback, 1, &another),
                  THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_TOO_MANY_OPEN, 0));
    zassert_equal(thimble_platform_socket_connect(&address, &another),
                  THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_TOO_MANY_OPEN, 0));
    zassert_equal(thimble_platform_socket_accept(sockets[0], &another, &peer),
                  THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_TOO_MANY_OPEN, 0));
    /* The connection has not been lost. */
    zassert_ok(thimble_platform_socket_close(sockets[1]));
    zassert_ok(thimble_platform_socket_accept(sockets[0], &sockets[1], &peer));
    for (size_t index = 0; index < ARRAY_SIZE(sockets); index++) {
        zassert_ok(thimble_platform_socket_close(sockets[index]));
    }
}

ZTEST(thimble_limits, test_an_address_of_somebody_else)
{
    /* TEST-NET-1, which nobody has. */
    const struct thimble_platform_address foreign = {.family = 4, .bytes = {192, 0, 2, 1}};
    uintptr_t listener;
    int32_t status = thimble_platform_socket_listen(&foreign, 1, &listener);

    zassert_equal(-status & 0xff, THIMBLE_PLATFORM_ADDRESS_NOT_AVAILABLE);
}

ZTEST_SUITE(thimble_limits, NULL, NULL, NULL, NULL, NULL);

/* SPDX-License-Identifier: Apache-2.0 */

/* A server in a program, and a client in the firmware. */

#include <string.h>

#include <zephyr/net/socket.h>
#include <zephyr/ztest.h>

#include "resources.h"
#include "session.h"

#define PORT 7777

/* Connects to the server of a program. */
static int connect_to_program(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(PORT),
        .sin_addr = {.s4_addr = {127, 0, 0, 1}},
    };
    int socket = zsock_socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);

    zassert_true(socket >= 0);
    zassert_ok(zsock_connect(socket, (struct sockaddr *)&address, sizeof(address)));
    return socket;
}

static void expect_echo(int socket, const char *text)
{
    char answer[32];
    size_t length = strlen(text);
    size_t received = 0;

    zassert_equal(zsock_send(socket, text, length, 0), length);
    while (received < length) {
        ssize_t part = zsock_recv(socket, answer + received, length - received, 0);

        zassert_true(part > 0);
        received += part;
    }
    zassert_mem_equal(answer, text, length);
}

ZTEST(programs, test_echo_server)
{
    struct resources before = resources_taken();
    uint32_t id = session_start("--tcplisten 127.0.0.1:7777 echo-server 2");

    zassert_not_equal(id, 0);
    zassert_true(session_wait_for_state(id, "waiting"));
    for (int connection = 0; connection < 2; connection++) {
        int socket = connect_to_program();

        expect_echo(socket, "to the device");
        expect_echo(socket, "and back");
        zassert_ok(zsock_close(socket));
    }
    zassert_true(session_wait_for_state(id, "done"));
    zassert_true(resources_are_back(&before));
}

ZTEST(programs, test_kill_accepting)
{
    struct resources before = resources_taken();
    uint32_t id = session_start("--tcplisten 127.0.0.1:7777 echo-server 1");

    zassert_not_equal(id, 0);
    zassert_true(session_wait_for_state(id, "waiting"));
    zassert_equal(session_do_with_id("kill", id), 0);
    zassert_true(session_wait_for_state(id, "stopped"));
    zassert_true(resources_are_back(&before));
}

ZTEST(programs, test_kill_receiving)
{
    struct resources before = resources_taken();
    uint32_t id = session_start("--tcplisten 127.0.0.1:7777 echo-server 1");

    zassert_not_equal(id, 0);
    zassert_true(session_wait_for_state(id, "waiting"));

    int socket = connect_to_program();

    expect_echo(socket, "hello");
    zassert_true(session_wait_for_state(id, "waiting"));
    zassert_equal(session_do_with_id("kill", id), 0);
    zassert_true(session_wait_for_state(id, "stopped"));
    zassert_ok(zsock_close(socket));
    zassert_true(resources_are_back(&before));
}

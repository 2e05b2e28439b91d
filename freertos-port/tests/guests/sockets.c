/* SPDX-License-Identifier: Apache-2.0 */

/* A server in a program, and clients in the firmware. */

#include <string.h>

#include <FreeRTOS.h>
#include <semphr.h>

#include <lwip/inet.h>
#include <lwip/sockets.h>
#include <lwip/tcpip.h>

#include <thimble_lwip.h>

#include "check.h"
#include "guests.h"
#include "session.h"

#define PORT 7777

/* Connects to the server of a program. */
static int connect_to_program(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(PORT),
        .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
    };
    int client = lwip_socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);

    check(client >= 0);
    check(lwip_connect(client, (struct sockaddr *)&address, sizeof(address)) == 0);
    return client;
}

static void expect_echo(int client, const char *text)
{
    char answer[32];
    size_t length = strlen(text);
    size_t received = 0;

    check(lwip_send(client, text, length, 0) == (ssize_t)length);
    while (received < length) {
        ssize_t part = lwip_recv(client, answer + received, length - received, 0);

        check(part > 0);
        received += part;
    }
    check(memcmp(answer, text, length) == 0);
}

static uint32_t start_server(const char *line)
{
    uint32_t id = session_start(line);

    check(id != 0);
    check(session_wait_for_state(id, "waiting"));
    return id;
}

static void check_echo_server(void)
{
    uint32_t id = start_server("--tcplisten 127.0.0.1:7777 echo-server 2");

    /* The address is the first one's. */
    check(session_do("run --tcplisten 127.0.0.1:7777 echo-server 1") != 0);
    for (int connection = 0; connection < 2; connection++) {
        int client = connect_to_program();

        expect_echo(client, "to the device");
        expect_echo(client, "and back");
        check(lwip_close(client) == 0);
    }
    check(session_wait_for_state(id, "done"));
}

static void check_kill_accepting(void)
{
    uint32_t id = start_server("--tcplisten 127.0.0.1:7777 echo-server 1");

    check(session_do_with_id("kill", id) == 0);
    check(session_wait_for_state(id, "stopped"));
}

static void check_kill_receiving(void)
{
    uint32_t id = start_server("--tcplisten 127.0.0.1:7777 echo-server 1");
    int client = connect_to_program();

    expect_echo(client, "hello");
    check(session_wait_for_state(id, "waiting"));
    check(session_do_with_id("kill", id) == 0);
    check(session_wait_for_state(id, "stopped"));
    check(lwip_close(client) == 0);
}

/* A program that is to have a socket does not run without a network, nor before lwIP has started. */
static void check_no_network(void)
{
    check(session_do("run --tcplisten 127.0.0.1:7777 echo-server 1") == 1);
    check(session_has("echo-server: 127.0.0.1:7777: unreachable"));
}

static void tell_started(void *semaphore)
{
    (void)xSemaphoreGive(semaphore);
}

void test_sockets(void)
{
    check_no_network();
    check(thimble_network_use(&thimble_lwip) == 0);
    check_no_network();

    SemaphoreHandle_t started = xSemaphoreCreateBinary();

    tcpip_init(tell_started, started);
    (void)xSemaphoreTake(started, portMAX_DELAY);
    vSemaphoreDelete(started);

    size_t before = session_heap();

    check_echo_server();
    check_kill_accepting();
    check_kill_receiving();
    check(session_heap_is(before));
    board_print("programs and sockets: passed\n");
}

/* SPDX-License-Identifier: Apache-2.0 */

/* The conformance suite with a network of the application's own, and what sockets are without one. */

#include <board.h>
#include <thimble_freertos_sockets.h>
#include <thimble_platform.h>

#include "loopback.h"
#include "skips.h"

#define ERROR(kind) THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_##kind, 0)

static const struct conformance_skip skips[] = {SKIPPED_EVERYWHERE, SKIPPED_WITHOUT_FILES};

/* Until the application says which network there is, nothing can be reached, and no handle is lost. */
static bool has_no_network(void)
{
    const struct thimble_platform_address here = {.family = 4, .port = 7777, .bytes = {127, 0, 0, 1}};
    uintptr_t socket;

    for (int round = 0; round < 100; round++) {
        if (thimble_platform_socket_listen(&here, 1, &socket) != ERROR(UNREACHABLE) ||
            thimble_platform_socket_connect(&here, &socket) != ERROR(UNREACHABLE)) {
            return false;
        }
    }
    return true;
}

static int run(void)
{
    if (!has_no_network()) {
        board_print("there is a network before there is one\n");
        return 1;
    }
    if (thimble_network_use(&loopback) != 0 ||
        thimble_network_use(&loopback) != ERROR(ALREADY_EXISTS)) {
        board_print("there is to be one network\n");
        return 1;
    }
    return conformance_check(NULL, skips, sizeof(skips) / sizeof(skips[0]), board_print) ? 0 : 1;
}

int main(void)
{
    board_start(run);
}

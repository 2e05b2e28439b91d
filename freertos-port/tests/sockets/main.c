/* SPDX-License-Identifier: Apache-2.0 */

/* The conformance suite with sockets of lwIP, over its loopback interface. */

#include <FreeRTOS.h>
#include <semphr.h>

#include <lwip/tcpip.h>

#include <board.h>
#include <thimble_lwip.h>
#include <thimble_platform.h>

#include "skips.h"

static const struct conformance_skip skips[] = {SKIPPED_EVERYWHERE, SKIPPED_WITHOUT_FILES};

/* Before lwIP has started, nothing can be reached, and no handle is lost. */
static bool has_not_started(void)
{
    const struct thimble_platform_address here = {.family = 4, .port = 7777, .bytes = {127, 0, 0, 1}};
    uintptr_t socket;

    for (int round = 0; round < 100; round++) {
        int32_t listens = thimble_platform_socket_listen(&here, 1, &socket);
        int32_t connects = thimble_platform_socket_connect(&here, &socket);

        if (listens >= 0 || (-listens & 0xff) != THIMBLE_PLATFORM_UNREACHABLE || connects != listens) {
            board_print("before lwIP has started: %d, %d\n", (int)listens, (int)connects);
            return false;
        }
    }
    return true;
}

static void tell_started(void *semaphore)
{
    (void)xSemaphoreGive(semaphore);
}

static int run(void)
{
    if (thimble_network_use(&thimble_lwip) != 0 || !has_not_started()) {
        return 1;
    }

    SemaphoreHandle_t started = xSemaphoreCreateBinary();

    tcpip_init(tell_started, started);
    (void)xSemaphoreTake(started, portMAX_DELAY);
    vSemaphoreDelete(started);
    return conformance_check(NULL, skips, sizeof(skips) / sizeof(skips[0]), board_print) ? 0 : 1;
}

int main(void)
{
    board_start(run);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* For tests on boards without entropy: a generator with a fixed seed, whose numbers are the same in every
 * run. Firmware that gave them to programs would have no secrets. */

#include <FreeRTOS.h>
#include <task.h>

#include "board.h"

static uint64_t state = 1;

int board_entropy(void *buffer, size_t length)
{
    uint8_t *bytes = buffer;

    taskENTER_CRITICAL();
    for (size_t index = 0; index < length; index++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        bytes[index] = (uint8_t)(state >> 56);
    }
    taskEXIT_CRITICAL();
    return 0;
}

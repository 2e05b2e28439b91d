/* SPDX-License-Identifier: Apache-2.0 */

/* The sample on FreeRTOS: ../../../samples/embed has what it does. */

#include <board.h>

#include "embed.h"

static int run(void)
{
    return embed(board_print);
}

int main(void)
{
    board_start(run);
}

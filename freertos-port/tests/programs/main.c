/* SPDX-License-Identifier: Apache-2.0 */

/* Programs on FreeRTOS, through the command. */

#include "check.h"
#include "session.h"

static int run(void)
{
    test_start();
    test_stop();
    test_memory();
    test_deleted();
    board_print("all cases passed\n");
    return 0;
}

int main(void)
{
    board_start(run);
}

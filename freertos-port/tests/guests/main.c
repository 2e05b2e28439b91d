/* SPDX-License-Identifier: Apache-2.0 */

/* Programs that use files of littlefs and sockets of lwIP. */

#include "check.h"
#include "guests.h"
#include "session.h"

static int run(void)
{
    test_files();
    test_json();
    test_installed();
    test_sockets();
    board_print("all cases passed\n");
    return 0;
}

int main(void)
{
    board_start(run);
}

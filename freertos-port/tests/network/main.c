/* SPDX-License-Identifier: Apache-2.0 */

/* The conformance suite with sockets of the application's own. */

#include <board.h>
#include <thimble_conformance.h>
#include <thimble_platform.h>

static void report(const char *name, size_t name_length, const char *outcome,
                   size_t outcome_length)
{
    board_print("%.*s: %.*s\n", (int)name_length, name, (int)outcome_length, outcome);
}

static int run(void)
{
    int32_t failed = thimble_conformance_run(NULL, report);

    board_print("%d cases failed\n", (int)failed);
    return failed == 0 ? 0 : 1;
}

int main(void)
{
    board_start(run);
}

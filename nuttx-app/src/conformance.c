/* SPDX-License-Identifier: Apache-2.0 */

/* The command `thimble_conformance [DIRECTORY]`. */

#include <nuttx/config.h>

#include <stdio.h>

#include <thimble_conformance.h>

static void report(const char *name, size_t name_length, const char *outcome,
                   size_t outcome_length)
{
    printf("%.*s: %.*s\n", (int)name_length, name, (int)outcome_length, outcome);
}

int main(int argc, char *argv[])
{
    int32_t failed = thimble_conformance_run(argc > 1 ? argv[1] : NULL, report);

    printf("conformance: %ld failed\n", (long)failed);
    return failed == 0 ? 0 : 1;
}

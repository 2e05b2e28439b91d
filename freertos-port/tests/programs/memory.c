/* SPDX-License-Identifier: Apache-2.0 */

/* Programs give everything back, and lack of memory is an error message. */

#include <FreeRTOS.h>

#include "check.h"
#include "session.h"

#define RUNS 1000

static void check_many_runs(void)
{
    size_t before = session_heap();

    for (int run = 0; run < RUNS; run++) {
        check(session_do(run % 4 == 3 ? "run trap memory" : "run hello") == (run % 4 == 3));
    }
    check(session_heap_is(before));
}

/* With ever less memory left, loading a module ends at every step of it. */
static void check_too_little_memory(void)
{
    size_t before = session_heap();
    unsigned refused = 0;

    for (size_t left = 512; left < before; left += left < 16384 ? 512 : 4096) {
        void *block = pvPortMalloc(before - left);

        if (block == NULL) {
            continue;
        }

        int32_t status = session_do("run hello-c");

        if (status != 0) {
            refused++;
            check(session_has("memory"));
        }
        vPortFree(block);
        check(session_heap_is(before));
        if (status == 0) {
            break;
        }
    }
    check(refused > 10);
    check(session_do("run hello-c") == 0);
    board_print("%u loads were refused for want of memory\n", refused);
}

static void check_too_many_programs(void)
{
    uint32_t ids[4];
    size_t before = session_heap();

    for (size_t index = 0; index < 4; index++) {
        ids[index] = session_start("clock 1 100000");
        check(ids[index] != 0);
    }
    check(session_do("run hello") == 1);
    check(session_has("too many programs"));
    for (size_t index = 0; index < 4; index++) {
        check(session_do_with_id("kill", ids[index]) == 0);
    }
    check(session_heap_is(before));
    check(session_do("run hello") == 0);
}

void test_memory(void)
{
    check_too_little_memory();
    check_too_many_programs();
    check_many_runs();
    board_print("everything comes back: passed\n");
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Programs give everything back, and lack of memory is an error message. */

#include <zephyr/ztest.h>

#include "heap.h"
#include "resources.h"
#include "session.h"

ZTEST(programs, test_many_runs)
{
    struct resources before = resources_taken();

    for (int run = 0; run < 100; run++) {
        zassert_equal(session_do("run hello"), 0);
        zassert_equal(session_do("run trap memory"), 1);
    }
    zassert_true(resources_are_back(&before));
}

/* The system work queue gives back what stopped programs had, on a stack that is not Thimble's. */
ZTEST(programs, test_stack_of_the_work_queue)
{
    size_t unused;

    /* Where firmware is a process, its threads have the stacks of that. */
    if (IS_ENABLED(CONFIG_ARCH_POSIX)) {
        ztest_test_skip();
    }
    for (int run = 0; run < 20; run++) {
        uint32_t id = session_start("--timeout 10ms spin");

        zassert_not_equal(id, 0);
        zassert_true(session_wait_for_state(id, "timed out"));
    }
    zassert_ok(k_thread_stack_space_get(&k_sys_work_q.thread, &unused));
    TC_PRINT("%zu of %d bytes were never used\n", unused, CONFIG_SYSTEM_WORKQUEUE_STACK_SIZE);
    /* For an interrupt that comes at the worst time. */
    zassert_true(unused >= 256);
}

ZTEST(programs, test_memory_of_a_program)
{
    /* The program has two pages, and is refused the fourth. */
    zassert_equal(session_do("run --mem 192K grow 10"), 0);
    zassert_str_equal(session_output(), "1\n");
    zassert_equal(session_do("run --mem 32K hello"), 1);
    zassert_true(session_has("memory"));
}

ZTEST(programs, test_stack_of_a_program)
{
    zassert_equal(session_do("run recurse"), 1);
    zassert_true(session_has("call stack exhausted"));
}

ZTEST(programs, test_out_of_memory)
{
    struct resources before = resources_taken();
    size_t refused = 0;

    /* With ever less memory left, a program runs or is refused, and nothing is lost. */
    for (size_t size = 16 * 1024; size < CONFIG_THIMBLE_HEAP_SIZE; size += 8 * 1024) {
        void *block = thimble_heap_allocate(size, 8);

        if (block == NULL) {
            break;
        }
        int32_t status = session_do("run hello-c");

        if (status != 0) {
            refused++;
            zassert_true(session_has("memory"), "%zu bytes taken", size);
        }
        thimble_heap_release(block);
        zassert_true(resources_are_back(&before), "%zu bytes taken", size);
    }
    zassert_true(refused > 2, "memory was never short");
    zassert_equal(session_do("run hello-c"), 0);
}

ZTEST(programs, test_too_many_programs)
{
    uint32_t ids[CONFIG_THIMBLE_MAX_INSTANCES];
    struct resources before = resources_taken();

    for (size_t index = 0; index < ARRAY_SIZE(ids); index++) {
        ids[index] = session_start("clock 1 100000");
        zassert_not_equal(ids[index], 0);
    }
    zassert_equal(session_do("run hello"), 1);
    zassert_true(session_has("too many programs"));
    for (size_t index = 0; index < ARRAY_SIZE(ids); index++) {
        zassert_equal(session_do_with_id("kill", ids[index]), 0);
    }
    zassert_true(resources_are_back(&before));
    zassert_equal(session_do("run hello"), 0);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* How firmware with Thimble starts. */

#include <FreeRTOS.h>
#include <task.h>

#include "board.h"

/* Above every program, whatever `wasm run --prio` gives it: as urgent as Thimble's own task, which is. */
#define MAIN_PRIORITY THIMBLE_SERVICE_PRIORITY
#define MAIN_STACK (16384 / sizeof(StackType_t))

static void run_and_exit(void *argument)
{
    int (*run)(void) = (int (*)(void))argument;

    board_exit(run());
}

void board_start(int (*run)(void))
{
    board_start_with(&board_hooks, run);
}

void board_start_with(const struct thimble_freertos_hooks *hooks, int (*run)(void))
{
    static StaticTask_t task;
    static StackType_t stack[MAIN_STACK];

    board_initialize();
    thimble_start(hooks);
    (void)xTaskCreateStatic(run_and_exit, "main", MAIN_STACK, (void *)run, MAIN_PRIORITY, stack,
                            &task);
    vTaskStartScheduler();
    /* Not reached: it returns only without memory for its own tasks, which are static. */
    board_exit(5);
}

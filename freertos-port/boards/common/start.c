/* SPDX-License-Identifier: Apache-2.0 */

/* How firmware with Thimble starts. */

#include <FreeRTOS.h>
#include <task.h>

#include "board.h"

/* Above the programs, below the service task. */
#define MAIN_PRIORITY 2
#define MAIN_STACK (16384 / sizeof(StackType_t))

static void run_and_exit(void *argument)
{
    int (*run)(void) = (int (*)(void))argument;

    board_exit(run());
}

void board_start(int (*run)(void))
{
    static StaticTask_t task;
    static StackType_t stack[MAIN_STACK];

    board_initialize();
    thimble_start(&board_hooks);
    (void)xTaskCreateStatic(run_and_exit, "main", MAIN_STACK, (void *)run, MAIN_PRIORITY, stack,
                            &task);
    vTaskStartScheduler();
    /* Not reached: it returns only without memory for its own tasks, which are static. */
    board_exit(5);
}

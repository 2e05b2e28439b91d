/* SPDX-License-Identifier: Apache-2.0 */

/* Arm's MPS2 boards: the first UART, and the end of the emulation by semihosting. */

#include <stdint.h>

#include <FreeRTOS.h>

#include "board.h"

struct uart {
    volatile uint32_t data;
    volatile uint32_t state;
    volatile uint32_t control;
    volatile uint32_t interrupt;
    volatile uint32_t divisor;
};

#define UART ((struct uart *)BOARD_UART)
#define FAULT_STATUS (*(volatile uint32_t *)0xe000ed28)
#define FAULT_ADDRESS (*(volatile uint32_t *)0xe000ed38)

#define STATE_TRANSMIT_FULL 1u
#define STATE_RECEIVE_FULL 2u
#define CONTROL_TRANSMIT 1u
#define CONTROL_RECEIVE 2u

void board_initialize(void)
{
    /* The smallest that is allowed: nobody is at the other end of a cable. */
    UART->divisor = 16;
    UART->control = CONTROL_TRANSMIT | CONTROL_RECEIVE;
}

size_t board_write(const void *data, size_t length)
{
    for (size_t index = 0; index < length; index++) {
        while ((UART->state & STATE_TRANSMIT_FULL) != 0) {
        }
        UART->data = ((const uint8_t *)data)[index];
    }
    return length;
}

bool board_is_readable(void)
{
    return (UART->state & STATE_RECEIVE_FULL) != 0;
}

size_t board_read(void *buffer, size_t length)
{
    size_t count = 0;

    while (count < length && board_is_readable()) {
        ((uint8_t *)buffer)[count] = UART->data;
        count++;
    }
    return count;
}

void board_exit(int status)
{
    /* ADP_Stopped_ApplicationExit, and the status. */
    const uint32_t parameters[] = {0x20026, (uint32_t)status};
    register uint32_t operation __asm__("r0") = 0x20;
    register const uint32_t *block __asm__("r1") = parameters;

    __asm__ volatile("bkpt 0xab" : "+r"(operation) : "r"(block) : "memory");
    for (;;) {
    }
}

void arm_hardfault_isr(void)
{
    board_print("hard fault: status %08x, address %08x\n", (unsigned)FAULT_STATUS,
                (unsigned)FAULT_ADDRESS);
    board_exit(6);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* The UART, and the device that ends the emulation. */

#include <stdint.h>

#include <FreeRTOS.h>

#include "board.h"

#define UART ((volatile uint8_t *)0x10000000)
#define UART_DATA 0
#define UART_STATE 5
#define STATE_RECEIVED 0x01
#define STATE_TRANSMITTED 0x20

#define TEST_DEVICE ((volatile uint32_t *)0x00100000)
#define TEST_PASS 0x5555u
#define TEST_FAIL 0x3333u

void freertos_risc_v_trap_handler(void);

void board_initialize(void)
{
    __asm__ volatile("csrw mtvec, %0" : : "r"(freertos_risc_v_trap_handler));
}

uint32_t board_run_time(void)
{
    volatile const uint32_t *timer = (volatile const uint32_t *)configMTIME_BASE_ADDRESS;
    uint32_t high, low;

    /* The low half may overflow in between. */
    do {
        high = timer[1];
        low = timer[0];
    } while (timer[1] != high);
    return high << 28 | low >> 4;
}

size_t board_write(const void *data, size_t length)
{
    for (size_t index = 0; index < length; index++) {
        while ((UART[UART_STATE] & STATE_TRANSMITTED) == 0) {
        }
        UART[UART_DATA] = ((const uint8_t *)data)[index];
    }
    return length;
}

bool board_is_readable(void)
{
    return (UART[UART_STATE] & STATE_RECEIVED) != 0;
}

size_t board_read(void *buffer, size_t length)
{
    size_t count = 0;

    while (count < length && board_is_readable()) {
        ((uint8_t *)buffer)[count] = UART[UART_DATA];
        count++;
    }
    return count;
}

void board_exit(int status)
{
    *TEST_DEVICE = status == 0 ? TEST_PASS : (uint32_t)status << 16 | TEST_FAIL;
    for (;;) {
    }
}

void freertos_risc_v_application_exception_handler(uint32_t cause)
{
    uint32_t place, value;

    __asm__ volatile("csrr %0, mepc" : "=r"(place));
    __asm__ volatile("csrr %0, mtval" : "=r"(value));
    board_print("exception %u at %08x: %08x\n", (unsigned)cause, (unsigned)place, (unsigned)value);
    board_exit(6);
}

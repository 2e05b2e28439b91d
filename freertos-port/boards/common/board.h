/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What each board of the tests and samples has.
 */

#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stddef.h>

#include <thimble_freertos.h>

/** What the board has of what FreeRTOS leaves to the application. */
extern const struct thimble_freertos_hooks board_hooks;

/** Writes to the console. @return How many bytes were taken: all. */
size_t board_write(const void *data, size_t length);

/** Takes what was typed, without waiting. @return How many bytes; 0 without any. */
size_t board_read(void *buffer, size_t length);

/** Whether something was typed. */
bool board_is_readable(void);

/**
 * Fills a buffer with random bytes, where BOARD_HAS_ENTROPY is 1: on the posix board, and in tests with
 * BOARD_TEST_ENTROPY, which are those of a generator with a fixed seed. @return 0, or an error number.
 */
int board_entropy(void *buffer, size_t length);

/** Prepares the hardware; called before the scheduler starts. */
void board_initialize(void);

/** Ends the simulator or emulator, with this status. */
_Noreturn void board_exit(int status);

/** Prints, with the formats of printf, up to 200 characters. */
void board_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Starts FreeRTOS and Thimble with a task that calls `run`, and ends with its result. */
void board_start(int (*run)(void));

/** As board_start, with other hooks than those of the board. */
void board_start_with(const struct thimble_freertos_hooks *hooks, int (*run)(void));

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* What is the same on all boards. */

#include <stdarg.h>
#include <stdio.h>

#include <FreeRTOS.h>

#include "board.h"

void board_print(const char *format, ...)
{
    char text[200];
    va_list arguments;

    va_start(arguments, format);

    int length = vsnprintf(text, sizeof(text), format, arguments);

    va_end(arguments);
    if (length > 0) {
        size_t shown = (size_t)length < sizeof(text) ? (size_t)length : sizeof(text) - 1;

        (void)board_write(text, shown);
    }
}

void board_assert_failed(const char *file, int line)
{
    board_print("FreeRTOS: assertion failed at %s:%d\n", file, line);
    board_exit(3);
}

static void fatal(const char *file, size_t file_length, uint32_t line)
{
    board_print("Thimble: internal error at %.*s:%u\n", (int)file_length, file, (unsigned)line);
    board_exit(4);
}

static void write_log(uint32_t level, const char *text, size_t length)
{
    static const char levels[] = "?EWID";

    board_print("[%c] ", levels[level < sizeof(levels) - 1 ? level : 0]);
    (void)board_write(text, length);
    (void)board_write("\n", 1);
}

const struct thimble_freertos_hooks board_hooks = {
    .console_write = board_write,
    .console_read = board_read,
    .console_is_readable = board_is_readable,
#if BOARD_HAS_ENTROPY
    .entropy = board_entropy,
#endif
    .log = write_log,
    .fatal = fatal,
};

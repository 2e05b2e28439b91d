/* SPDX-License-Identifier: Apache-2.0 */

/* A terminal in front of a program. */

#include <string.h>

#include <FreeRTOS.h>
#include <task.h>

#include <board.h>
#include <thimble_console.h>
#include <thimble_freertos.h>
#include <thimble_platform.h>

#include "line.h"
#include "terminal.h"

/* What was typed and not yet read. The program's task reads it, the console's task adds to it. */
static char text[128];
static size_t length;
/* How much of it can be read: whole lines. */
static size_t ready;
static bool is_over;

static int32_t write_output(void *context, const void *data, size_t count)
{
    (void)context;
    line_show(data, count);
    return count;
}

static const struct thimble_stream_functions output = {
    .write = write_output,
    .is_terminal = true,
};

static bool is_readable(void *context)
{
    (void)context;
    return ready > 0 || is_over;
}

static int32_t read_input(void *context, void *buffer, size_t count)
{
    (void)context;
    taskENTER_CRITICAL();

    size_t part = count < ready ? count : ready;

    memcpy(buffer, text, part);
    memmove(text, text + part, length - part);
    length -= part;
    ready -= part;
    taskEXIT_CRITICAL();
    return part;
}

static const struct thimble_stream_functions input = {
    .read = read_input,
    .is_readable = is_readable,
    .is_terminal = true,
};

static void write_text(void *context, const char *words, size_t count)
{
    (void)context;
    line_show(words, count);
}

static int32_t open_streams(void *context, uint8_t foreground, uintptr_t streams[3])
{
    int32_t status = thimble_stream_open(&output, NULL, &streams[1]);

    (void)context;
    if (status != 0) {
        return status;
    }
    streams[0] = THIMBLE_PLATFORM_STREAM_INPUT;
    streams[2] = streams[1];
    if (foreground) {
        length = 0;
        ready = 0;
        is_over = false;
        status = thimble_stream_open(&input, NULL, &streams[0]);
        if (status != 0) {
            (void)thimble_stream_close(streams[1]);
        }
    }
    return status;
}

/* Takes the last character of the line back, which may have several bytes. */
static void erase(void)
{
    taskENTER_CRITICAL();

    bool has_any = length > ready;

    while (length > ready) {
        length--;
        if (((unsigned char)text[length] & 0xc0) != 0x80) {
            break;
        }
    }
    taskEXIT_CRITICAL();
    if (has_any) {
        line_print("\b \b");
    }
}

static void add(char key)
{
    taskENTER_CRITICAL();

    bool fits = length < sizeof(text);

    if (fits) {
        text[length] = key;
        length++;
        /* A line that fills the buffer is handed over in parts. */
        if (key == '\n' || length == sizeof(text)) {
            ready = length;
        }
    }
    taskEXIT_CRITICAL();
    if (fits) {
        line_show(&key, 1);
    } else {
        line_print("\a");
    }
}

static void end_line_or_input(void)
{
    taskENTER_CRITICAL();
    /* Behind an unfinished line, it hands the line over without an end. */
    is_over = is_over || length == ready;
    ready = length;
    taskEXIT_CRITICAL();
}

static uint8_t is_interrupted(void *context)
{
    char key;
    bool has_any = false;

    (void)context;
    while (board_read(&key, 1) > 0) {
        has_any = true;
        if (key == KEY_CTRL_C) {
            line_print("^C\n");
            return true;
        }
        if (key == KEY_CTRL_D) {
            end_line_or_input();
        } else if (key == KEY_BACKSPACE || key == KEY_DELETE) {
            erase();
        } else {
            add(key == '\r' ? '\n' : key);
        }
    }
    if (has_any) {
        thimble_console_ready();
    }
    return false;
}

const struct thimble_session terminal_session = {
    .write = write_text,
    .open_streams = open_streams,
    .interrupted = is_interrupted,
};

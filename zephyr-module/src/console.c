/* SPDX-License-Identifier: Apache-2.0 */

/* The system's console. */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include <thimble_console.h>

#include "backend.h"

#if defined(CONFIG_THIMBLE_CONSOLE_LOG)

/* A module of its own, so that programs can be told from the messages of Thimble itself. */
LOG_MODULE_REGISTER(thimble_console, LOG_LEVEL_INF);

static K_MUTEX_DEFINE(lock);
/* Ends with NUL, since the log would copy more than a precision says. */
static char line[CONFIG_THIMBLE_CONSOLE_LINE_SIZE + 1];

/* Logs a line. What moves the cursor is left out of it, or a program could write what looks like
 * the messages of others. */
static void log_line(const char *text, size_t length)
{
    size_t kept = 0;

    k_mutex_lock(&lock, K_FOREVER);
    for (size_t index = 0; index < length; index++) {
        uint8_t character = text[index];

        if (character == '\t' || (character >= ' ' && character != 0x7f)) {
            line[kept] = character;
            kept++;
        }
    }
    line[kept] = '\0';
    LOG_INF("%s", line);
    k_mutex_unlock(&lock);
}

static int32_t print(void *context, const void *data, size_t length)
{
    const char *text = data;

    ARG_UNUSED(context);
    for (size_t done = 0; done < length;) {
        const char *end = memchr(text + done, '\n', length - done);
        size_t part = end == NULL ? length - done : end - (text + done);

        part = MIN(part, CONFIG_THIMBLE_CONSOLE_LINE_SIZE);
        log_line(text + done, part);
        done += part;
        done += done < length && text[done] == '\n';
    }
    return length;
}

#elif defined(CONFIG_THIMBLE_CONSOLE_PRINTK)

static int32_t print(void *context, const void *data, size_t length)
{
    ARG_UNUSED(context);
    k_str_out((char *)data, length);
    return length;
}

#else

static int32_t print(void *context, const void *data, size_t length)
{
    ARG_UNUSED(context);
    ARG_UNUSED(data);
    return length;
}

#endif

static bool is_always(void *context)
{
    ARG_UNUSED(context);
    return true;
}

static int32_t read_end(void *context, void *buffer, size_t length)
{
    ARG_UNUSED(context);
    ARG_UNUSED(buffer);
    ARG_UNUSED(length);
    return 0;
}

/* Zephyr's console has no input that all drivers offer: it is at its end. */
const struct thimble_stream_functions thimble_console_input = {
    .read = read_end,
    .is_readable = is_always,
};

const struct thimble_stream_functions thimble_console_output = {
    .write = print,
};

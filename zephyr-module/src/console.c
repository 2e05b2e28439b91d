/* SPDX-License-Identifier: Apache-2.0 */

/* The system's console. */

#include <zephyr/kernel.h>

#include <thimble_console.h>

#include "backend.h"

static int32_t print(void *context, const void *data, size_t length)
{
    ARG_UNUSED(context);
#if defined(CONFIG_PRINTK)
    k_str_out((char *)data, length);
#endif
    /* Without a console, output goes where printk's goes: nowhere. */
    return length;
}

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

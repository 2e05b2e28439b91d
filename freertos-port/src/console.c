/* SPDX-License-Identifier: Apache-2.0 */

/* The system's console. */

#include <thimble_console.h>

#include "backend.h"
#include "error.h"
#include "start.h"

static int32_t print(void *context, const void *data, size_t length)
{
    const struct thimble_freertos_hooks *hooks = thimble_hooks();

    (void)context;
    return hooks->console_write == NULL ? length : hooks->console_write(data, length);
}

static bool has_input(void *context)
{
    const struct thimble_freertos_hooks *hooks = thimble_hooks();

    (void)context;
    return hooks->console_read == NULL || hooks->console_is_readable();
}

static int32_t read_input(void *context, void *buffer, size_t length)
{
    const struct thimble_freertos_hooks *hooks = thimble_hooks();

    (void)context;
    if (hooks->console_read == NULL) {
        return 0;
    }

    size_t count = hooks->console_read(buffer, length);

    /* Somebody else may have read in between, which is no end. */
    return count == 0 ? THIMBLE_FAILED(WOULD_BLOCK) : (int32_t)count;
}

const struct thimble_stream_functions thimble_console_input = {
    .read = read_input,
    .is_readable = has_input,
    .is_terminal = true,
};

const struct thimble_stream_functions thimble_console_output = {
    .write = print,
    .is_terminal = true,
};

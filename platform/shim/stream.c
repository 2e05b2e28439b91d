/* SPDX-License-Identifier: Apache-2.0 */

/* Streams: those of the system's console, and further ones. */

#include <thimble_console.h>

#include "backend.h"
#include "error.h"
#include "handle.h"
#include "poll_wait.h"
#include "taken.h"

/* The numbers 0 to 2 are the console's. */
#define FIRST_STREAM (THIMBLE_PLATFORM_STREAM_ERROR + 1)
/* The smallest handle is 1. */
#define STREAM_OF(handle) ((handle) + FIRST_STREAM - 1)
#define HANDLE_OF(stream) ((stream) - FIRST_STREAM + 1)

struct stream {
    struct thimble_slot slot;
    const struct thimble_stream_functions *functions;
    void *context;
};

static struct stream streams[THIMBLE_SHIM_STREAMS];
static const struct thimble_table table = THIMBLE_TABLE(streams);

static struct stream console_streams[] = {
    [THIMBLE_PLATFORM_STREAM_INPUT] = {.functions = &thimble_console_input},
    [THIMBLE_PLATFORM_STREAM_OUTPUT] = {.functions = &thimble_console_output},
    [THIMBLE_PLATFORM_STREAM_ERROR] = {.functions = &thimble_console_output},
};

static struct stream *acquire(uintptr_t stream)
{
    if (stream < FIRST_STREAM) {
        return &console_streams[stream];
    }
    return (struct stream *)thimble_slot_acquire(&table, HANDLE_OF(stream));
}

static void release(uintptr_t stream, struct stream *acquired)
{
    if (stream >= FIRST_STREAM) {
        thimble_slot_release(&acquired->slot);
    }
}

int32_t thimble_stream_open(const struct thimble_stream_functions *functions, void *context,
                            uintptr_t *stream)
{
    struct stream *opened = (struct stream *)thimble_slot_take(&table);

    if (opened == NULL) {
        return THIMBLE_FAILED(TOO_MANY_OPEN);
    }
    opened->functions = functions;
    opened->context = context;
    *stream = STREAM_OF(thimble_slot_open(&table, &opened->slot));
    return 0;
}

int32_t thimble_stream_close(uintptr_t stream)
{
    struct thimble_slot *slot;

    if (stream < FIRST_STREAM) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }

    int32_t status = thimble_slot_close(&table, HANDLE_OF(stream), NULL, &slot);

    if (status == 0) {
        thimble_slot_free(slot);
    }
    return status;
}

int32_t thimble_stream_is_ready(uintptr_t stream, bool to_write)
{
    struct stream *found = acquire(stream);
    int32_t ready = THIMBLE_FAILED(BAD_DESCRIPTOR);

    if (found == NULL) {
        return ready;
    }
    if (to_write && found->functions->write != NULL) {
        ready = 1;
    } else if (!to_write && found->functions->read != NULL) {
        ready = found->functions->is_readable(found->context);
    }
    release(stream, found);
    return ready;
}

static bool is_readable(void *context)
{
    struct stream *stream = context;

    return stream->functions->is_readable(stream->context);
}

int32_t thimble_platform_console_read(uintptr_t stream, void *buffer, size_t length)
{
    struct stream *found = acquire(stream);
    int32_t status = THIMBLE_FAILED(BAD_DESCRIPTOR);

    if (found == NULL) {
        return status;
    }
    if (found->functions->read != NULL) {
        status = 0;
        if (length > 0) {
            do {
                thimble_poll_wait(is_readable, found, THIMBLE_NEVER);
                status = found->functions->read(found->context, buffer, length);
            } while (status == THIMBLE_FAILED(WOULD_BLOCK));
        }
    }
    release(stream, found);
    return status;
}

int32_t thimble_platform_console_write(uintptr_t stream, const void *data, size_t length)
{
    struct stream *found = acquire(stream);
    int32_t status = THIMBLE_FAILED(BAD_DESCRIPTOR);

    if (found == NULL) {
        return status;
    }
    if (found->functions->write != NULL) {
        status = length == 0 ? 0 : found->functions->write(found->context, data, length);
    }
    release(stream, found);
    return status;
}

int32_t thimble_platform_console_is_terminal(uintptr_t stream)
{
    struct stream *found = acquire(stream);

    if (found == NULL) {
        return 0;
    }

    bool is_terminal = found->functions->is_terminal;

    release(stream, found);
    return is_terminal;
}

void thimble_console_ready(void)
{
    thimble_poll_notify();
}

size_t thimble_streams_taken(void)
{
    return thimble_slots_taken(&table);
}

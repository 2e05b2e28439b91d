/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Streams beside those of the system's console, such as a shell's on a network.
 */

#ifndef THIMBLE_CONSOLE_H
#define THIMBLE_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** How a stream works. Without a function, it has not this direction. */
struct thimble_stream_functions {
    /** Takes bytes, at least one; returns how many, or an error of the platform contract. */
    int32_t (*write)(void *context, const void *data, size_t length);
    /** Gives bytes that are there, without waiting; 0 at the end of the stream. Called when
     *  is_readable. */
    int32_t (*read)(void *context, void *buffer, size_t length);
    /** Whether read has bytes or the end to give. After a change to yes, call
     *  thimble_poll_notify. Must not wait. */
    bool (*is_readable)(void *context);
    /** Whether a person sits at the other end. */
    bool is_terminal;
};

/**
 * Makes a stream.
 *
 * @param functions Lives until the stream is closed, as context does.
 * @param stream Set to the number of the stream.
 * @return 0 or an error of the platform contract: TOO_MANY_OPEN.
 */
int32_t thimble_stream_open(const struct thimble_stream_functions *functions, void *context,
                            uintptr_t *stream);

/** Ends a stream. @return 0; BUSY while a call uses it; BAD_DESCRIPTOR. */
int32_t thimble_stream_close(uintptr_t stream);

/** Whether a stream is ready. @return 1, 0, or BAD_DESCRIPTOR. Does not wait. */
int32_t thimble_stream_is_ready(uintptr_t stream, bool to_write);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* The console: descriptors 0 to 2 of the task that a program belongs to, whatever the shell
 * has made of them. */

#include <nuttx/config.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "error_number.h"
#include "waiting.h"

/* Whether a descriptor is open in this direction. */
static bool is_open(int descriptor, bool to_write)
{
    int flags = fcntl(descriptor, F_GETFL);
    int access = flags & O_ACCMODE;

    return flags >= 0 && (access == O_RDWR || access == (to_write ? O_WRONLY : O_RDONLY));
}

int32_t thimble_console_poll(uintptr_t stream, bool to_write, int *descriptor)
{
    if (to_write ? stream != THIMBLE_PLATFORM_STREAM_OUTPUT &&
                       stream != THIMBLE_PLATFORM_STREAM_ERROR
                 : stream != THIMBLE_PLATFORM_STREAM_INPUT) {
        return THIMBLE_FAILED(BAD_DESCRIPTOR);
    }
    *descriptor = (int)stream;
    return is_open(*descriptor, to_write) ? 0 : THIMBLE_FAILED(BAD_DESCRIPTOR);
}

int32_t thimble_platform_console_read(uintptr_t stream, void *buffer, size_t length)
{
    int descriptor;
    int32_t status = thimble_console_poll(stream, false, &descriptor);

    if (status != 0 || length == 0) {
        return status;
    }

    ssize_t count = read(descriptor, buffer, length);

    return count >= 0 ? (int32_t)count : thimble_error(errno);
}

int32_t thimble_platform_console_write(uintptr_t stream, const void *data, size_t length)
{
    int descriptor;
    int32_t status = thimble_console_poll(stream, true, &descriptor);

    if (status != 0 || length == 0) {
        return status;
    }

    ssize_t count = write(descriptor, data, length);

    return count >= 0 ? (int32_t)count : thimble_error(errno);
}

int32_t thimble_platform_console_is_terminal(uintptr_t stream)
{
    return stream <= THIMBLE_PLATFORM_STREAM_ERROR && isatty((int)stream) == 1;
}

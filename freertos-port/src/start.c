/* SPDX-License-Identifier: Apache-2.0 */

/* What this back end is, how it starts, and what the Rust side needs of it besides the platform
 * contract. */

#include <thimble_device.h>
#include <thimble_platform.h>

#include "error.h"
#include "file_start.h"
#include "poll_wait.h"
#include "start.h"

static const struct thimble_freertos_hooks no_hooks;
static const struct thimble_freertos_hooks *hooks = &no_hooks;

void thimble_start(const struct thimble_freertos_hooks *given)
{
    if (given != NULL) {
        hooks = given;
    }
    thimble_poll_start();
#if THIMBLE_FILES
    thimble_file_start();
#endif
#if THIMBLE_SOCKETS
    thimble_socket_start();
#endif
    thimble_service_start();
}

const struct thimble_freertos_hooks *thimble_hooks(void)
{
    return hooks;
}

uint32_t thimble_platform_version(void)
{
    return THIMBLE_PLATFORM_VERSION;
}

uint32_t thimble_platform_capabilities(void)
{
    uint32_t capabilities = THIMBLE_PLATFORM_HAS_WALL_CLOCK;

#if THIMBLE_FILES
    capabilities |= THIMBLE_PLATFORM_HAS_FILES;
#endif
#if THIMBLE_SOCKETS
    capabilities |= THIMBLE_PLATFORM_HAS_SOCKETS;
#endif
    return capabilities;
}

int32_t thimble_platform_random_fill(void *buffer, size_t length)
{
    if (hooks->entropy == NULL) {
        return THIMBLE_FAILED(NOT_SUPPORTED);
    }
    if (length == 0) {
        return 0;
    }

    int error = hooks->entropy(buffer, length);

    return error == 0 ? 0 : THIMBLE_FAILED_WITH(IO, error);
}

void thimble_device_fatal(const char *file, size_t file_length, uint32_t line)
{
    if (hooks->fatal != NULL) {
        hooks->fatal(file, file_length, line);
    }
    taskDISABLE_INTERRUPTS();
    for (;;) {
    }
}

/* Unwinding is off, but the libraries that come with the compiler were built with it on some
 * targets and refer to these. Nobody calls them. */
__attribute__((weak)) void rust_eh_personality(void)
{
}

#if defined(__arm__)
__attribute__((weak)) void __aeabi_unwind_cpp_pr0(void)
{
}
#endif

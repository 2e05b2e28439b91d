/* SPDX-License-Identifier: Apache-2.0 */

/* What this back end is, and what the Rust side needs of it besides the platform
 * contract. */

#include <nuttx/config.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <thimble_device.h>
#include <thimble_platform.h>

#include "poll_wait.h"

/* Asked first by all that use the rest, in whichever task. */
uint32_t thimble_platform_version(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)pthread_once(&once, thimble_poll_start);
    return THIMBLE_PLATFORM_VERSION;
}

uint32_t thimble_platform_capabilities(void)
{
    uint32_t capabilities = THIMBLE_PLATFORM_HAS_WALL_CLOCK;

#if defined(CONFIG_THIMBLE_FILES)
    capabilities |= THIMBLE_PLATFORM_HAS_FILES;
#endif
#if defined(CONFIG_THIMBLE_SOCKETS)
    capabilities |= THIMBLE_PLATFORM_HAS_SOCKETS;
#endif
    return capabilities;
}

void thimble_device_fatal(const char *file, size_t file_length, uint32_t line)
{
    dprintf(STDERR_FILENO, "thimble: internal error at %.*s:%lu\n", (int)file_length, file,
            (unsigned long)line);
    abort();
}

/* Unwinding is off, but the libraries that come with the compiler were built with it on
 * some targets and refer to these. Nobody calls them. */
__attribute__((weak)) void rust_eh_personality(void)
{
}

#if defined(CONFIG_ARCH_ARM)
__attribute__((weak)) void __aeabi_unwind_cpp_pr0(void)
{
}
#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* What this back end is, and what the Rust side needs of it besides the platform
 * contract. */

#include <zephyr/init.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include <thimble_device.h>
#include <thimble_platform.h>

#include "poll_wait.h"

static int start(void)
{
    thimble_poll_start();
    return 0;
}

SYS_INIT(start, PRE_KERNEL_2, 0);

uint32_t thimble_platform_version(void)
{
    return THIMBLE_PLATFORM_VERSION;
}

uint32_t thimble_platform_capabilities(void)
{
    uint32_t capabilities = THIMBLE_PLATFORM_HAS_WALL_CLOCK;

    if (IS_ENABLED(CONFIG_THIMBLE_FILES)) {
        capabilities |= THIMBLE_PLATFORM_HAS_FILES;
    }
    if (IS_ENABLED(CONFIG_THIMBLE_SOCKETS)) {
        capabilities |= THIMBLE_PLATFORM_HAS_SOCKETS;
    }
    return capabilities;
}

void thimble_device_fatal(const char *file, size_t file_length, uint32_t line)
{
    printk("thimble: internal error at %.*s:%u\n", (int)file_length, file, line);
    k_panic();
    CODE_UNREACHABLE;
}

/* Unwinding is off, but the libraries that come with the compiler were built with
 * it on some targets and refer to these. Nobody calls them. */
__weak void rust_eh_personality(void)
{
}

#if defined(CONFIG_ARM)
__weak void __aeabi_unwind_cpp_pr0(void)
{
}
#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* The compiler and the C library, as lwIP asks for them. */

#ifndef LWIP_ARCH_CC_H
#define LWIP_ARCH_CC_H

#include <stdlib.h>
#include <sys/time.h>

void board_assert_failed(const char *file, int line);

#define LWIP_PLATFORM_DIAG(message) \
    do { \
    } while (0)
#define LWIP_PLATFORM_ASSERT(message) board_assert_failed("lwIP: " message, __LINE__)

/* Predictable numbers will do for ports and sequences on the loopback interface. */
#define LWIP_RAND() ((u32_t)rand())

#endif

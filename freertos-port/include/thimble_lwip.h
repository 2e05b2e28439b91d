/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * lwIP for programs.
 *
 * Built with THIMBLE_LWIP, which takes the target `lwip` with lwIP 2 and its headers.
 */

#ifndef THIMBLE_LWIP_H
#define THIMBLE_LWIP_H

#include <thimble_freertos_sockets.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The sockets of lwIP, for thimble_network_use(). Until tcpip_init() has been called, every address
 * is unreachable.
 */
extern const struct thimble_network_calls thimble_lwip;

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Sockets for programs: which network they are of. FreeRTOS has none of its own, so an application
 * hands over the one that it has: lwIP by thimble_lwip.h, or any other one by a table of functions,
 * which thimble_network.h describes.
 *
 * Built with THIMBLE_SOCKETS.
 */

#ifndef THIMBLE_FREERTOS_SOCKETS_H
#define THIMBLE_FREERTOS_SOCKETS_H

#include <thimble_network.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a network known to Thimble, for as long as the firmware runs. Until then, programs that are
 * to be given sockets do not run: every address is unreachable.
 *
 * @param calls What can be done with the network; lives for ever.
 * @return 0; THIMBLE_PLATFORM_ALREADY_EXISTS, as thimble_platform.h makes errors of it, if there is
 *         one already.
 */
int32_t thimble_network_use(const struct thimble_network_calls *calls);

/**
 * Tells programs that wait that something may have happened to a socket: it can be read, written
 * or accepted from, or has failed. For tasks, also those of the stack, whatever locks they have.
 * lwIP's sockets do so themselves.
 */
void thimble_network_changed(void);

#ifdef __cplusplus
}
#endif

#endif

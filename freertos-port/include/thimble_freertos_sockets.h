/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Sockets for programs. Built with THIMBLE_SOCKETS.
 *
 * With THIMBLE_LWIP they are those of lwIP, from the target `lwip`: call tcpip_init() before a
 * program uses a socket. Without it, the application defines the functions of thimble_network.h,
 * over another stack.
 */

#ifndef THIMBLE_FREERTOS_SOCKETS_H
#define THIMBLE_FREERTOS_SOCKETS_H

#include <thimble_network.h>

#ifdef __cplusplus
extern "C" {
#endif

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

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Sockets of the computer that native_sim runs on: what Zephyr's driver for them
 * (NET_NATIVE_OFFLOADED_SOCKETS) lacks. Between code that is built for Zephyr and
 * code that is built for that computer, so without types of either.
 */

#ifndef THIMBLE_NATIVE_SOCKET_H
#define THIMBLE_NATIVE_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

/** thimble_native_socket_poll: a call in this direction would not wait. */
#define THIMBLE_NATIVE_READY 1
/** thimble_native_socket_poll: the other side is gone. */
#define THIMBLE_NATIVE_HANGUP 2
/** thimble_native_socket_poll: the connection failed. */
#define THIMBLE_NATIVE_FAILED 4

/**
 * Finds the socket whose timeout for receiving was set to a number of seconds that no
 * other has, and takes that timeout away.
 *
 * @return Its descriptor, or -1.
 */
int thimble_native_socket_find(int64_t seconds);

/** What can be done with a socket now. @return The sum of THIMBLE_NATIVE_... */
int thimble_native_socket_poll(int descriptor, bool to_write);

/** As shutdown. @param how One of THIMBLE_PLATFORM_SHUTDOWN_... @return 0 or -1. */
int thimble_native_socket_shutdown(int descriptor, int how);

/**
 * As getsockname and getpeername.
 *
 * @param family Set to 4 or 6.
 * @param port Set to the port, in the machine's byte order.
 * @param bytes Room for 16.
 * @return 0 or -1.
 */
int thimble_native_socket_address(int descriptor, bool is_peer, uint8_t *family,
                                  uint16_t *port, uint8_t *bytes);

#endif

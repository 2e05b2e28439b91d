/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What files and sockets need made at the start.
 */

#ifndef THIMBLE_FILE_START_H
#define THIMBLE_FILE_START_H

/** Makes the lock of all files. */
void thimble_file_start(void);

/** Makes the lock of all sockets. */
void thimble_socket_start(void);

#endif

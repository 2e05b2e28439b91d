/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What can be waited for: the parts of thimble_platform_poll that know handles; and what is left
 * of it by tasks.
 */

#ifndef THIMBLE_WAITING_H
#define THIMBLE_WAITING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <thimble_platform.h>

struct thimble_socket;

/** A target whose state is known without asking its descriptor. */
#define THIMBLE_POLL_KNOWN (-1)

/**
 * Finds the descriptor of a target.
 *
 * @param descriptor Set to the descriptor, or THIMBLE_POLL_KNOWN. That of a socket stays
 *        open until thimble_socket_poll_end.
 * @param watched Set to the socket, which can be closed meanwhile.
 * @return THIMBLE_PLATFORM_STATE_..., of a target without a descriptor; or an error of the
 *         platform contract: BAD_DESCRIPTOR.
 */
int32_t thimble_console_poll(uintptr_t stream, bool to_write, int *descriptor);
int32_t thimble_file_poll(uintptr_t file, int *descriptor);
int32_t thimble_socket_poll(uintptr_t socket, bool to_write, int *descriptor,
                            struct thimble_socket **watched);

/** Ends what thimble_socket_poll began. */
void thimble_socket_poll_end(struct thimble_socket *watched);

/** Forgets what was open in a task that is gone, whose descriptors NuttX has closed. */
void thimble_file_forget(pid_t task);
void thimble_socket_forget(pid_t task);

/** The error of a socket that failed, which NuttX tells once. */
int32_t thimble_socket_failure(struct thimble_socket *watched);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Stream sockets, for the files that implement them.
 */

#ifndef THIMBLE_SOCKET_H
#define THIMBLE_SOCKET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <thimble_platform.h>

#include "handle.h"

/** A socket. All but the slot belongs to who has the lock of all sockets. */
struct thimble_socket {
    struct thimble_slot slot;
    /** The descriptor, of the task. */
    int descriptor;
    pid_t task;
    /** Threads that wait for it in poll(): the descriptor stays open for them. */
    uint16_t watchers;
    /** It listens. */
    bool listens;
    /** It is not known yet whether it is connected. */
    bool connects;
    /** No handle names it any more. */
    bool is_closed;
    /** Nothing more is received. */
    bool read_ended;
    /** Nothing more is sent. */
    bool write_ended;
    /** The error that ended the connection, or 0. */
    int32_t failure;
};

/** Finds a socket of the calling task and locks all. @return NULL, without the lock, if there
 *  is none. */
struct thimble_socket *thimble_socket_enter(uintptr_t handle);

/** Ends what thimble_socket_enter began. */
void thimble_socket_leave(struct thimble_socket *socket);

/**
 * Finds out what became of connecting.
 *
 * @return 0 when there is a connection; WOULD_BLOCK while it is being made;
 *         NOT_CONNECTED for a listener; the error with which it ended.
 */
int32_t thimble_socket_refresh(struct thimble_socket *socket);

/** Keeps the error of a socket, which NuttX tells once. @return The error. */
int32_t thimble_socket_note(struct thimble_socket *socket, int error);

/** Any address, as NuttX has it. */
union thimble_socket_address {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
};

/**
 * Translates an address.
 *
 * @return Its length; an error of the platform contract: NOT_SUPPORTED for a family that
 *         this firmware does not have.
 */
int32_t thimble_socket_address_to(const struct thimble_platform_address *address,
                                  union thimble_socket_address *to);

/** Translates an address back. @return 0; NOT_SUPPORTED for another family. */
int32_t thimble_socket_address_from(const union thimble_socket_address *from,
                                    struct thimble_platform_address *address);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Stream sockets, for the files that implement them and for those who wait.
 */

#ifndef THIMBLE_SOCKET_H
#define THIMBLE_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <thimble_platform.h>

#include "handle.h"
#include "version.h"

/** What a socket is. */
enum thimble_socket_role {
    THIMBLE_SOCKET_LISTENS,
    THIMBLE_SOCKET_CONNECTS,
    THIMBLE_SOCKET_IS_CONNECTED,
};

/** A socket. All but the slot belongs to who has the lock of all sockets. */
struct thimble_socket {
    struct thimble_slot slot;
    /** Zephyr's number; negative when the connection was given back. */
    int descriptor;
#if defined(CONFIG_NET_NATIVE_OFFLOADED_SOCKETS)
    /** The number on the computer that runs native_sim; negative for a socket of Zephyr. */
    int host;
#endif
    /** Threads in zsock_poll that name the descriptor: it stays open for them. */
    uint16_t watchers;
    /** One of enum thimble_socket_role. */
    uint8_t role;
    /** No handle names the socket any more. */
    bool is_closed;
    /** The descriptor is closed as soon as nobody watches it. */
    bool is_over;
    /** Nothing more is received. */
    bool read_ended;
    /** Nothing more is sent. */
    bool write_ended;
    /** The error that ended the connection, or 0. */
    int32_t failure;
    /** When sending is worth another try after the stack had no buffers. */
    uint64_t starved_until;
    /** Bytes that were received to be peeked at, or NULL. */
    uint8_t *peeked;
    /** How many they are. */
    size_t peeked_length;
};

/** Milliseconds between two looks at what cannot wake a thread. */
#define THIMBLE_SOCKET_INTERVAL 10

/** The error for an error number of Zephyr's sockets, which is positive. */
int32_t thimble_socket_error(int error);

/** Finds a socket and locks all. @return NULL, without the lock, if there is none. */
struct thimble_socket *thimble_socket_enter(uintptr_t handle);

/** Ends what thimble_socket_enter began. */
void thimble_socket_leave(struct thimble_socket *socket);

/** Ends the watching of a socket that the caller counted in its watchers. @return Whether
 *  others watch it. */
bool thimble_socket_unwatch(struct thimble_socket *socket);

/**
 * Brings the role of a socket that connects up to date.
 *
 * @return 0 when there is a connection; WOULD_BLOCK while it is being made;
 *         NOT_CONNECTED for a listener; the error with which it ended.
 */
int32_t thimble_socket_refresh(struct thimble_socket *socket);

/** Any address, as Zephyr has it. */
union thimble_socket_address {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
};

/**
 * Translates an address.
 *
 * @return Its length; an error of the platform contract: NOT_SUPPORTED for a family
 *         that this firmware does not have, ADDRESS_NOT_AVAILABLE.
 */
int32_t thimble_socket_address_to(const struct thimble_platform_address *address,
                                  union thimble_socket_address *to);

/** Translates an address back. @return 0; NOT_SUPPORTED for another family. */
int32_t thimble_socket_address_from(const union thimble_socket_address *from,
                                    struct thimble_platform_address *address);

/** Answers an entry that names a socket. Does not wait. @return Whether it is to be reported. */
bool thimble_socket_look(struct thimble_platform_poll_entry *entry);

/** Whether one call of zsock_poll can wait for all sockets among the entries. */
bool thimble_socket_can_wait(const struct thimble_platform_poll_entry *entries, size_t count);

/**
 * Waits until something may have happened to a socket among the entries, an event
 * descriptor can be read, or the deadline is over.
 */
void thimble_socket_wait(const struct thimble_platform_poll_entry *entries, size_t count,
                         int event, uint64_t deadline);

#endif

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

#include "backend.h"
#include "handle.h"

/** What a socket is. */
enum thimble_socket_role {
    THIMBLE_SOCKET_LISTENS,
    THIMBLE_SOCKET_CONNECTS,
    THIMBLE_SOCKET_IS_CONNECTED,
};

/** A socket. All but the slot belongs to who has the lock of all sockets. */
struct thimble_socket {
    struct thimble_slot slot;
    /** The network's number; negative when the connection was given back. */
    int descriptor;
    /** Threads that wait for the descriptor in the system: it stays open for them. */
    uint16_t watchers;
    /** One of enum thimble_socket_role. */
    uint8_t role;
    /** No handle names the socket any more. */
    bool is_closed;
    /** The descriptor is closed as soon as nobody watches it. */
    bool is_over;
    /** Nothing more is received, as was asked for. */
    bool read_ended;
    /** The end of the stream was received, which some stacks tell once. */
    bool end_received;
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
#if !defined(THIMBLE_SOCKET_INTERVAL)
#define THIMBLE_SOCKET_INTERVAL 10
#endif

/** Finds a socket and locks all. @return NULL, without the lock, if there is none. */
struct thimble_socket *thimble_socket_enter(uintptr_t handle);

/** Ends what thimble_socket_enter began. */
void thimble_socket_leave(struct thimble_socket *socket);

/** What an error means while connecting: some stacks say of who refuses that he resets. */
int32_t thimble_socket_refusal(int32_t status);

/**
 * Brings the role of a socket that connects up to date.
 *
 * @return 0 when there is a connection; WOULD_BLOCK while it is being made;
 *         NOT_CONNECTED for a listener; the error with which it ended.
 */
int32_t thimble_socket_refresh(struct thimble_socket *socket);

/** Answers an entry that names a socket. Does not wait. @return Whether it is to be reported. */
bool thimble_socket_look(struct thimble_platform_poll_entry *entry);

/**
 * Begins to wait in the system for a socket, without the lock. Only for back ends that wait so.
 *
 * @param socket Set to what thimble_socket_unwatch is to be given.
 * @param descriptor Set to the number of the socket, which stays open until then.
 * @param to_write In: whether to write rather than to read. Out: which of them to wait for.
 * @param deadline Taken back to when there is something to do although nothing happens.
 * @return Whether there is something to wait for.
 */
bool thimble_socket_watch(uintptr_t handle, struct thimble_socket **socket, int *descriptor,
                          bool *to_write, uint64_t *deadline);

/** Ends what thimble_socket_watch began. @return Whether others watch the socket. */
bool thimble_socket_unwatch(struct thimble_socket *socket);

#endif

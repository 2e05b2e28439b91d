/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * A network, as Thimble asks for it: a table of functions over connections that are named by
 * descriptors.
 *
 * None of them waits. Those that return int32_t give 0 or a count for success, and otherwise
 * an error of thimble_platform.h, made by THIMBLE_PLATFORM_ERROR(); the calls of that header
 * say which ones are told apart.
 *
 * All but listen and connect are called by one thread at a time.
 */

#ifndef THIMBLE_NETWORK_H
#define THIMBLE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <thimble_platform.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A call in this direction would not wait. */
#define THIMBLE_NETWORK_READY 1
/** The other side is gone. */
#define THIMBLE_NETWORK_HANGUP 2
/** The connection failed. */
#define THIMBLE_NETWORK_FAILED 4

/** The functions of a network. All must be there. */
struct thimble_network_calls {
    /**
     * Makes a socket that listens.
     *
     * @param descriptor Set to a number, at least 0.
     */
    int32_t (*listen)(const struct thimble_platform_address *address, uint32_t backlog,
                      int *descriptor);

    /** Makes a socket that begins to connect. @param descriptor Set to a number, at least 0. */
    int32_t (*connect)(const struct thimble_platform_address *address, int *descriptor);

    /** Takes a waiting connection. @return 0; WOULD_BLOCK without one. */
    int32_t (*accept)(int listener, int *descriptor, struct thimble_platform_address *peer);

    /** Receives. @return How many bytes; 0 at the end of the stream; WOULD_BLOCK without any. */
    int32_t (*receive)(int descriptor, void *buffer, size_t length);

    /**
     * Sends.
     *
     * @return How many bytes, at least one; WOULD_BLOCK, until `probe` says otherwise;
     *         OUT_OF_MEMORY where that says that it would not wait, but there are no buffers
     *         for now; NOT_CONNECTED or BROKEN_PIPE without a connection.
     */
    int32_t (*send)(int descriptor, const void *data, size_t length);

    /**
     * Tells the other side that nothing more comes, and with THIMBLE_PLATFORM_SHUTDOWN_BOTH
     * that nothing more is taken. Not called for THIMBLE_PLATFORM_SHUTDOWN_READ.
     *
     * @return 0; an error when it cannot, which changes nothing.
     */
    int32_t (*shutdown)(int descriptor, uint8_t how);

    /** Fills in the address of this end or the other one. */
    int32_t (*address)(int descriptor, bool is_peer, struct thimble_platform_address *address);

    /** The error that ended a connection, if it is known and was not told before; or 0. */
    int32_t (*failure)(int descriptor);

    /**
     * What can be done now: of a listener to read, accepting; of a socket that connects to
     * write, that it has connected, or failed.
     *
     * @return The sum of THIMBLE_NETWORK_...
     */
    int (*probe)(int descriptor, bool to_write);

    /** Ends a socket and its descriptor. */
    void (*close)(int descriptor);
};

#ifdef __cplusplus
}
#endif

#endif

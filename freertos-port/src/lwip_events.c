/* SPDX-License-Identifier: Apache-2.0 */

/* lwIP as a network, and what happens to its sockets, told to those who wait.
 *
 * A task that waits in thimble_platform_poll waits for its wake object and for streams too, which
 * lwip_select does not know; and a socket of lwIP's own as the event that ends lwip_select would
 * need buffers, which may be used up just then. So nobody waits in lwIP: each of these sockets gets
 * a callback that tells thimble_platform_poll, besides the one that lwIP counts its events with.
 * Connections that are accepted inherit it. */

#include <lwip/api.h>
#include <lwip/netif.h>
#include <lwip/priv/sockets_priv.h>
#include <lwip/tcpip.h>

#include <thimble_lwip.h>

#include "network_bsd.h"

/* The callback of lwIP's sockets, the same for all. */
static netconn_callback count_event;

static void note_event(struct netconn *connection, enum netconn_evt event, u16_t length)
{
    count_event(connection, event, length);
    if (event != NETCONN_EVT_RCVMINUS && event != NETCONN_EVT_SENDMINUS) {
        thimble_network_changed();
    }
}

/* Whether tcpip_init() was called: before, lwIP has none of its memory and no task. */
static bool has_started(void)
{
#if LWIP_TCPIP_CORE_LOCKING
    return sys_mutex_valid(&lock_tcpip_core);
#else
    /* Its own loopback interface, or one of the application's. */
    return netif_list != NULL;
#endif
}

int thimble_lwip_socket(int family, int type, int protocol)
{
    if (!has_started()) {
        errno = ENETDOWN;
        return -1;
    }

    int descriptor = lwip_socket(family, type, protocol);

    if (descriptor >= 0) {
        /* Nothing happens to a socket that is neither bound nor connected. */
        struct netconn *connection = lwip_socket_dbg_get_socket(descriptor)->conn;

        count_event = connection->callback;
        connection->callback = note_event;
    }
    return descriptor;
}

const struct thimble_network_calls thimble_lwip = {
    .listen = BSD_CALL(listen),
    .connect = BSD_CALL(connect),
    .accept = BSD_CALL(accept),
    .receive = BSD_CALL(receive),
    .send = BSD_CALL(send),
    .shutdown = BSD_CALL(shutdown),
    .address = BSD_CALL(address),
    .failure = BSD_CALL(failure),
    .probe = BSD_CALL(probe),
    .close = BSD_CALL(close),
};

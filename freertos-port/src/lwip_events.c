/* SPDX-License-Identifier: Apache-2.0 */

/* What happens to sockets of lwIP, told to those who wait.
 *
 * A task that waits in thimble_platform_poll waits for its wake object and for streams too, which
 * lwip_select does not know; and a socket of lwIP's own as the event that ends lwip_select would
 * need buffers, which may be used up just then. So nobody waits in lwIP: each of these sockets gets
 * a callback that tells thimble_platform_poll, besides the one that lwIP counts its events with.
 * Connections that are accepted inherit it. */

#include <lwip/api.h>
#include <lwip/priv/sockets_priv.h>

#include <thimble_freertos_sockets.h>

#include "shim_bsd.h"

/* The callback of lwIP's sockets, the same for all. */
static netconn_callback count_event;

static void note_event(struct netconn *connection, enum netconn_evt event, u16_t length)
{
    count_event(connection, event, length);
    if (event != NETCONN_EVT_RCVMINUS && event != NETCONN_EVT_SENDMINUS) {
        thimble_network_changed();
    }
}

int thimble_lwip_socket(int family, int type, int protocol)
{
    int descriptor = lwip_socket(family, type, protocol);

    if (descriptor >= 0) {
        /* Nothing happens to a socket that is neither bound nor connected. */
        struct netconn *connection = lwip_socket_dbg_get_socket(descriptor)->conn;

        count_event = connection->callback;
        connection->callback = note_event;
    }
    return descriptor;
}

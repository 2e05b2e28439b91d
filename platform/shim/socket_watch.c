/* SPDX-License-Identifier: Apache-2.0 */

/* Sockets that threads wait for in the system, where a descriptor must stay open for them. */

#include "macros.h"
#include "socket.h"

bool thimble_socket_watch(uintptr_t handle, struct thimble_socket **socket, int *descriptor,
                          bool *to_write, uint64_t *deadline)
{
    struct thimble_socket *found = thimble_socket_enter(handle);

    if (found == NULL) {
        /* Closed since the caller looked, whom thimble_poll_notify tells so. */
        return false;
    }

    bool is_starved = *to_write && !thimble_deadline_is_over(found->starved_until);
    bool is_watched = found->descriptor >= 0 && !is_starved &&
                      !(*to_write && found->role == THIMBLE_SOCKET_LISTENS);

    if (is_starved) {
        *deadline = THIMBLE_MIN(*deadline, found->starved_until);
    }
    if (is_watched) {
        found->watchers++;
        *socket = found;
        *descriptor = found->descriptor;
        /* That connecting has failed shows for writing only. */
        *to_write |= found->role == THIMBLE_SOCKET_CONNECTS;
    }
    thimble_socket_leave(found);
    return is_watched;
}

bool thimble_socket_unwatch(struct thimble_socket *socket)
{
    thimble_socket_lock();
    socket->watchers--;

    bool others_watch = socket->watchers > 0;

    thimble_socket_leave(socket);
    return others_watch;
}

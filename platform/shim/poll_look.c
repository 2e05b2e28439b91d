/* SPDX-License-Identifier: Apache-2.0 */

/* Waiting for what can be read and written, which whoever makes it ready tells of. */

#include <thimble_console.h>

#include "error.h"
#include "macros.h"
#include "poll_wait.h"
#ifdef THIMBLE_SHIM_FILES
#include "file_table.h"
#endif
#ifdef THIMBLE_SHIM_SOCKETS
#include "socket.h"
#endif

/* Answers an entry; whether there is something to report. */
static bool look(struct thimble_platform_poll_entry *entry)
{
    int32_t ready = THIMBLE_FAILED(BAD_DESCRIPTOR);

#ifdef THIMBLE_SHIM_SOCKETS
    if (entry->target == THIMBLE_PLATFORM_TARGET_SOCKET) {
        return thimble_socket_look(entry);
    }
#endif
    if (entry->target == THIMBLE_PLATFORM_TARGET_STREAM) {
        ready = thimble_stream_is_ready(entry->handle,
                                        entry->interest == THIMBLE_PLATFORM_INTEREST_WRITE);
    }
#ifdef THIMBLE_SHIM_FILES
    if (entry->target == THIMBLE_PLATFORM_TARGET_FILE && thimble_file_is_known(entry->handle)) {
        ready = 1;
    }
#endif
    entry->bytes = 0;
    entry->error = 0;
    if (ready < 0) {
        entry->state = THIMBLE_PLATFORM_STATE_FAILED;
        entry->error = ready;
    } else if (ready > 0) {
        entry->state = THIMBLE_PLATFORM_STATE_READY;
    } else {
        entry->state = THIMBLE_PLATFORM_STATE_NOT_READY;
    }
    return ready != 0;
}

bool thimble_poll_is_over(void *context)
{
    struct thimble_poll *poll = context;

    if (thimble_poll_is_woken(poll)) {
        return true;
    }

    bool any = false;

    for (size_t index = 0; index < poll->count; index++) {
        any |= look(&poll->entries[index]);
    }
    poll->outcome = THIMBLE_PLATFORM_POLL_READY;
    return any;
}

bool thimble_poll_wait_in_steps(struct thimble_poll *poll, uint64_t deadline, uint64_t step)
{
    bool over;

    do {
        uint64_t next = THIMBLE_MIN(thimble_deadline(step), deadline);

        over = thimble_poll_wait(thimble_poll_is_over, poll, next);
    } while (!over && !thimble_deadline_is_over(deadline));
    return over;
}

#ifdef THIMBLE_SHIM_SOCKETS
static bool has_sockets(const struct thimble_poll *poll)
{
    for (size_t index = 0; index < poll->count; index++) {
        if (poll->entries[index].target == THIMBLE_PLATFORM_TARGET_SOCKET) {
            return true;
        }
    }
    return false;
}
#endif

int32_t thimble_poll_wait_for_entries(struct thimble_poll *poll, uint64_t deadline, bool *over)
{
#ifdef THIMBLE_SHIM_SOCKETS
    if (has_sockets(poll)) {
        return thimble_poll_wait_for_sockets(poll, deadline, over);
    }
#endif
    *over = thimble_poll_wait(thimble_poll_is_over, poll, deadline);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What is called differently by the versions of Zephyr, 3.7 and later.
 */

#ifndef THIMBLE_VERSION_H
#define THIMBLE_VERSION_H

#include <zephyr/kernel.h>

#if defined(CONFIG_THIMBLE_SOCKETS)

#include <zephyr/net/socket.h>
#include <zephyr/posix/fcntl.h>

/** How many events zsock_poll can wait for: one for each direction of each entry. */
#if defined(CONFIG_ZVFS_POLL_MAX)
#define THIMBLE_MOST_POLLED CONFIG_ZVFS_POLL_MAX
#else
#define THIMBLE_MOST_POLLED CONFIG_NET_SOCKETS_POLL_MAX
#endif

/** Makes that no call of a descriptor waits. @return 0, or -1 with errno. */
static inline int thimble_set_non_blocking(int descriptor)
{
    return zsock_fcntl(descriptor, F_SETFL, O_NONBLOCK);
}

#endif

#if defined(CONFIG_THIMBLE_SHELL)

#include <zephyr/shell/shell.h>
#include <zephyr/version.h>

/** Whether shell_uninit was called: a shell ends only when its command has. */
static inline bool thimble_shell_is_to_end(const struct shell *sh)
{
#if ZEPHYR_VERSION_CODE >= ZEPHYR_VERSION(4, 3, 0)
    return k_event_test(&sh->ctx->signal_event, SHELL_SIGNAL_KILL) != 0;
#else
    unsigned int is_raised;
    int result;

    k_poll_signal_check(&sh->ctx->signals[SHELL_SIGNAL_KILL], &is_raised, &result);
    return is_raised != 0;
#endif
}

#endif

#endif

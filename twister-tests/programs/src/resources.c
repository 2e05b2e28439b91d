/* SPDX-License-Identifier: Apache-2.0 */

/* What of the firmware's resources is taken. */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>
#if defined(CONFIG_THIMBLE_SOCKETS)
#include <zephyr/net/net_context.h>
#include <zephyr/sys/fdtable.h>
#endif

#include "resources.h"
#include "session.h"
#include "taken.h"

#define PIECE_MS 10
/* What ends at once, on a computer that is busy. */
#define PIECES 1000

#if defined(CONFIG_THIMBLE_SOCKETS)
/* Zephyr does not tell: all that are left are taken, and given back. */
static size_t descriptors_taken(void)
{
    int left[CONFIG_ZVFS_OPEN_MAX];
    size_t count = 0;

    while (count < ARRAY_SIZE(left) && (left[count] = zvfs_reserve_fd()) >= 0) {
        count++;
    }
    for (size_t index = 0; index < count; index++) {
        zvfs_free_fd(left[index]);
    }
    return ARRAY_SIZE(left) - count;
}

static void count_connection(struct net_context *context, void *count)
{
    ARG_UNUSED(context);
    (*(size_t *)count)++;
}
#endif

struct resources resources_taken(void)
{
    struct resources taken = {
        .heap = session_heap(),
        .threads = thimble_threads_taken(),
        .mutexes = thimble_mutexes_taken(),
        .conditions = thimble_conditions_taken(),
        .wakes = thimble_wakes_taken(),
        .streams = thimble_streams_taken(),
        .files = thimble_files_taken(),
    };

#if defined(CONFIG_THIMBLE_SOCKETS)
    taken.sockets = thimble_sockets_taken();
    taken.descriptors = descriptors_taken();
    net_context_foreach(count_connection, &taken.connections);
#endif
    return taken;
}

/* Whether one is back; says so if not. */
static bool is_back(const char *name, size_t now, size_t before)
{
    if (now == before) {
        return true;
    }
    TC_PRINT("%zu of %s are taken, and %zu were before\n", now, name, before);
    return false;
}

bool resources_are_back(const struct resources *before)
{
    struct resources now = resources_taken();

    for (int piece = 0; piece < PIECES && memcmp(&now, before, sizeof(now)) != 0; piece++) {
        k_msleep(PIECE_MS);
        now = resources_taken();
    }
    return is_back("the heap's bytes", now.heap, before->heap) &
           is_back("the threads", now.threads, before->threads) &
           is_back("the mutexes", now.mutexes, before->mutexes) &
           is_back("the conditions", now.conditions, before->conditions) &
           is_back("the wake objects", now.wakes, before->wakes) &
           is_back("the streams", now.streams, before->streams) &
           is_back("the files", now.files, before->files) &
           is_back("the sockets", now.sockets, before->sockets) &
           is_back("the descriptors", now.descriptors, before->descriptors) &
           is_back("the connections", now.connections, before->connections);
}

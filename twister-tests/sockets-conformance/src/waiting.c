/* SPDX-License-Identifier: Apache-2.0 */

/* Waiting for sockets together with what only this back end has, and with other
 * threads at the same socket. */

#include <string.h>

#include <zephyr/ztest.h>

#include <thimble_platform.h>

#include <thimble_console.h>
#include "poll_wait.h"
#include "version.h"

#define SHORT (50 * (uint64_t)NSEC_PER_MSEC)
#define LONG (10 * (uint64_t)NSEC_PER_SEC)
#define STACK_SIZE 4096

static const struct thimble_platform_address loopback = {
    .family = 4,
    .bytes = {127, 0, 0, 1},
};

/* A stream that has something to read when a test says so. */
static bool stream_is_readable;

static bool is_readable(void *context)
{
    return *(bool *)context;
}

static int32_t read_byte(void *context, void *buffer, size_t length)
{
    *(bool *)context = false;
    memset(buffer, 'x', MIN(length, 1));
    return MIN(length, 1);
}

static const struct thimble_stream_functions stream_functions = {
    .read = read_byte,
    .is_readable = is_readable,
};

static void let_time_pass(void)
{
    zassert_equal(thimble_platform_poll(NULL, 0, SHORT, 0), THIMBLE_PLATFORM_POLL_TIMED_OUT);
}

/* What another thread does while this one waits. */
struct deed {
    enum { MAKE_READABLE, CONNECT, WAKE, CLOSE } what;
    uintptr_t handle;
    struct thimble_platform_address address;
    uintptr_t connected;
};

static void do_it(void *argument)
{
    struct deed *deed = argument;

    let_time_pass();
    switch (deed->what) {
    case MAKE_READABLE:
        stream_is_readable = true;
        thimble_poll_notify();
        break;
    case CONNECT:
        zassert_ok(thimble_platform_socket_connect(&deed->address, &deed->connected));
        break;
    case WAKE:
        zassert_ok(thimble_platform_wake_set(deed->handle));
        break;
    case CLOSE:
        zassert_ok(thimble_platform_socket_close(deed->handle));
        break;
    }
}

static uintptr_t start(void (*entry)(void *argument), void *argument)
{
    const struct thimble_platform_thread_options options = {
        .stack_size = STACK_SIZE,
        .name = "test",
    };
    uintptr_t thread;

    zassert_ok(thimble_platform_thread_spawn(&options, entry, argument, &thread));
    return thread;
}

static struct thimble_platform_poll_entry entry_of(uint8_t target, uintptr_t handle,
                                                   uint8_t interest)
{
    return (struct thimble_platform_poll_entry){
        .target = target,
        .handle = handle,
        .interest = interest,
    };
}

/* A listener, a stream and a wake object, of which nothing has happened. */
struct waiting {
    uintptr_t listener;
    uintptr_t stream;
    uintptr_t wake;
    struct thimble_platform_poll_entry entries[2];
};

static void set_up(struct waiting *waiting)
{
    stream_is_readable = false;
    zassert_ok(thimble_platform_socket_listen(&loopback, 1, &waiting->listener));
    zassert_ok(thimble_stream_open(&stream_functions, &stream_is_readable, &waiting->stream));
    zassert_ok(thimble_platform_wake_create(&waiting->wake));
    waiting->entries[0] = entry_of(THIMBLE_PLATFORM_TARGET_SOCKET, waiting->listener,
                                   THIMBLE_PLATFORM_INTEREST_READ);
    waiting->entries[1] = entry_of(THIMBLE_PLATFORM_TARGET_STREAM, waiting->stream,
                                   THIMBLE_PLATFORM_INTEREST_READ);
}

static void tear_down(struct waiting *waiting)
{
    zassert_ok(thimble_platform_wake_destroy(waiting->wake));
    zassert_ok(thimble_stream_close(waiting->stream));
    zassert_ok(thimble_platform_socket_close(waiting->listener));
}

/* Waits while another thread does a deed, and gives what the wait gave. */
static int32_t wait_for(struct waiting *waiting, struct deed *deed)
{
    uint64_t begin = thimble_platform_clock_now();
    uintptr_t thread = start(do_it, deed);
    int32_t outcome = thimble_platform_poll(waiting->entries, 2, LONG, waiting->wake);
    uint64_t passed = thimble_platform_clock_now() - begin;

    zassert_ok(thimble_platform_thread_join(thread));
    zassert_between_inclusive(passed, SHORT, LONG / 2);
    return outcome;
}

ZTEST(thimble_waiting, test_a_stream_ends_the_wait_for_a_socket)
{
    struct waiting waiting;
    struct deed deed = {.what = MAKE_READABLE};

    set_up(&waiting);
    zassert_equal(wait_for(&waiting, &deed), THIMBLE_PLATFORM_POLL_READY);
    zassert_equal(waiting.entries[0].state, THIMBLE_PLATFORM_STATE_NOT_READY);
    zassert_equal(waiting.entries[1].state, THIMBLE_PLATFORM_STATE_READY);
    tear_down(&waiting);
}

ZTEST(thimble_waiting, test_a_socket_ends_the_wait_for_a_stream)
{
    struct waiting waiting;
    struct deed deed = {.what = CONNECT};
    struct thimble_platform_address peer;
    uintptr_t accepted;

    set_up(&waiting);
    zassert_ok(thimble_platform_socket_local_address(waiting.listener, &deed.address));
    zassert_equal(wait_for(&waiting, &deed), THIMBLE_PLATFORM_POLL_READY);
    zassert_equal(waiting.entries[0].state, THIMBLE_PLATFORM_STATE_READY);
    zassert_equal(waiting.entries[1].state, THIMBLE_PLATFORM_STATE_NOT_READY);
    zassert_ok(thimble_platform_socket_accept(waiting.listener, &accepted, &peer));
    zassert_ok(thimble_platform_socket_close(accepted));
    zassert_ok(thimble_platform_socket_close(deed.connected));
    tear_down(&waiting);
}

ZTEST(thimble_waiting, test_a_wake_ends_the_wait_for_both)
{
    struct waiting waiting;
    struct deed deed = {.what = WAKE};

    set_up(&waiting);
    deed.handle = waiting.wake;
    zassert_equal(wait_for(&waiting, &deed), THIMBLE_PLATFORM_POLL_WOKEN);
    tear_down(&waiting);
}

ZTEST(thimble_waiting, test_closing_ends_the_wait)
{
    struct waiting waiting;
    struct deed deed = {.what = CLOSE};

    set_up(&waiting);
    deed.handle = waiting.listener;
    zassert_equal(wait_for(&waiting, &deed), THIMBLE_PLATFORM_POLL_READY);
    zassert_equal(waiting.entries[0].state, THIMBLE_PLATFORM_STATE_FAILED);
    zassert_equal(waiting.entries[0].error,
                  THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_BAD_DESCRIPTOR, 0));
    /* Its place is free again, and so is the descriptor: for the one in tear_down too. */
    zassert_ok(thimble_platform_socket_listen(&loopback, 1, &waiting.listener));
    tear_down(&waiting);
}

/* A thread that waits for a socket until it is woken. */
static int32_t outcome_of_waiter;

struct waiter {
    uintptr_t socket;
    uintptr_t wake;
};

static void wait_to_read(void *argument)
{
    const struct waiter *waiter = argument;
    struct thimble_platform_poll_entry entry =
        entry_of(THIMBLE_PLATFORM_TARGET_SOCKET, waiter->socket, THIMBLE_PLATFORM_INTEREST_READ);

    outcome_of_waiter = thimble_platform_poll(&entry, 1, LONG, waiter->wake);
}

ZTEST(thimble_waiting, test_threads_wait_for_one_socket)
{
    struct thimble_platform_address address;
    struct thimble_platform_address peer;
    uintptr_t listener;
    uintptr_t client;
    uintptr_t server;
    uintptr_t wake;

    zassert_ok(thimble_platform_socket_listen(&loopback, 1, &listener));
    zassert_ok(thimble_platform_socket_local_address(listener, &address));
    zassert_ok(thimble_platform_socket_connect(&address, &client));

    struct thimble_platform_poll_entry entry =
        entry_of(THIMBLE_PLATFORM_TARGET_SOCKET, listener, THIMBLE_PLATFORM_INTEREST_READ);

    zassert_equal(thimble_platform_poll(&entry, 1, LONG, 0), THIMBLE_PLATFORM_POLL_READY);
    zassert_ok(thimble_platform_socket_accept(listener, &server, &peer));
    zassert_ok(thimble_platform_wake_create(&wake));

    struct waiter waiter = {.socket = client, .wake = wake};
    uint64_t begin = thimble_platform_clock_now();
    uintptr_t thread = start(wait_to_read, &waiter);

    let_time_pass();
    /* While the other thread waits to read, this one finds it ready to write, */
    entry = entry_of(THIMBLE_PLATFORM_TARGET_SOCKET, client, THIMBLE_PLATFORM_INTEREST_WRITE);
    zassert_equal(thimble_platform_poll(&entry, 1, LONG, 0), THIMBLE_PLATFORM_POLL_READY);
    /* and both are told that there is something to read. */
    zassert_equal(thimble_platform_socket_send(server, "x", 1), 1);
    entry.interest = THIMBLE_PLATFORM_INTEREST_READ;
    zassert_equal(thimble_platform_poll(&entry, 1, LONG, 0), THIMBLE_PLATFORM_POLL_READY);
    zassert_ok(thimble_platform_thread_join(thread));
    zassert_equal(outcome_of_waiter, THIMBLE_PLATFORM_POLL_READY);
    zassert_true(thimble_platform_clock_now() - begin < LONG / 2, "one was not woken");

    zassert_ok(thimble_platform_wake_destroy(wake));
    zassert_ok(thimble_platform_socket_close(client));
    zassert_ok(thimble_platform_socket_close(server));
    zassert_ok(thimble_platform_socket_close(listener));
}

ZTEST(thimble_waiting, test_more_entries_than_can_be_waited_for)
{
    struct thimble_platform_poll_entry entries[THIMBLE_MOST_POLLED];
    uintptr_t listener;

    zassert_ok(thimble_platform_socket_listen(&loopback, 1, &listener));
    for (size_t index = 0; index < ARRAY_SIZE(entries); index++) {
        entries[index] = entry_of(THIMBLE_PLATFORM_TARGET_SOCKET, listener,
                                  THIMBLE_PLATFORM_INTEREST_READ);
    }
    /* The event of other threads is one of those that zsock_poll takes. */
    zassert_equal(thimble_platform_poll(entries, ARRAY_SIZE(entries) - 1, SHORT, 0),
                  THIMBLE_PLATFORM_POLL_TIMED_OUT);
    zassert_equal(thimble_platform_poll(entries, ARRAY_SIZE(entries), SHORT, 0),
                  THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_INVALID_ARGUMENT, 0));
    zassert_ok(thimble_platform_socket_close(listener));
}

ZTEST_SUITE(thimble_waiting, NULL, NULL, NULL, NULL, NULL);

/* SPDX-License-Identifier: Apache-2.0 */

/* The console of a shell goes away. */

#include <stdlib.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/shell/shell.h>
#include <zephyr/ztest.h>

#include "resources.h"
#include "session.h"

#define PIECE_MS 10
#define PIECES 200

/* The console: what was typed and not yet read, and the last of what was shown. */
static struct {
    shell_transport_handler_t handler;
    void *context;
    const char *typed;
    char shown[512];
    size_t shown_length;
} console;
static K_MUTEX_DEFINE(lock);
static K_SEM_DEFINE(has_ended, 0, 1);

static int console_init(const struct shell_transport *transport, const void *config,
                        shell_transport_handler_t handler, void *context)
{
    ARG_UNUSED(transport);
    ARG_UNUSED(config);
    console.handler = handler;
    console.context = context;
    console.typed = "";
    return 0;
}

static int console_uninit(const struct shell_transport *transport)
{
    ARG_UNUSED(transport);
    return 0;
}

static int console_enable(const struct shell_transport *transport, bool blocking)
{
    ARG_UNUSED(transport);
    ARG_UNUSED(blocking);
    return 0;
}

static int console_write(const struct shell_transport *transport, const void *data,
                         size_t length, size_t *count)
{
    ARG_UNUSED(transport);
    k_mutex_lock(&lock, K_FOREVER);

    size_t part = MIN(length, sizeof(console.shown) - 1);
    size_t kept = MIN(console.shown_length, sizeof(console.shown) - 1 - part);

    memmove(console.shown, console.shown + console.shown_length - kept, kept);
    memcpy(console.shown + kept, (const char *)data + length - part, part);
    console.shown_length = kept + part;
    console.shown[console.shown_length] = '\0';
    k_mutex_unlock(&lock);
    *count = length;
    return 0;
}

static int console_read(const struct shell_transport *transport, void *data, size_t length,
                        size_t *count)
{
    ARG_UNUSED(transport);
    k_mutex_lock(&lock, K_FOREVER);
    *count = MIN(length, strlen(console.typed));
    memcpy(data, console.typed, *count);
    console.typed += *count;
    k_mutex_unlock(&lock);
    return 0;
}

static const struct shell_transport_api console_api = {
    .init = console_init,
    .uninit = console_uninit,
    .enable = console_enable,
    .write = console_write,
    .read = console_read,
};

static struct shell_transport transport = {.api = &console_api};

SHELL_DEFINE(played, "played> ", &transport, 1, 0, SHELL_FLAG_OLF_CRLF);

static void forget_shown(void)
{
    k_mutex_lock(&lock, K_FOREVER);
    console.shown_length = 0;
    console.shown[0] = '\0';
    k_mutex_unlock(&lock);
}

/* How often a text is in what is shown. */
static int times_shown(const char *text)
{
    int times = 0;

    k_mutex_lock(&lock, K_FOREVER);
    for (const char *rest = console.shown; (rest = strstr(rest, text)) != NULL; rest++) {
        times++;
    }
    k_mutex_unlock(&lock);
    return times;
}

static bool is_shown_often(const char *text, int times)
{
    for (int piece = 0; piece < PIECES; piece++) {
        if (times_shown(text) >= times) {
            return true;
        }
        k_msleep(PIECE_MS);
    }
    TC_PRINT("\"%s\" is not in this %d times:\n%s\n", text, times, console.shown);
    return false;
}

static bool is_shown_soon(const char *text)
{
    return is_shown_often(text, 1);
}

/* The text must live until it is read. */
static void type(const char *text)
{
    k_mutex_lock(&lock, K_FOREVER);
    console.typed = text;
    k_mutex_unlock(&lock);
    console.handler(SHELL_TRANSPORT_EVT_RX_RDY, console.context);
}

static void start_shell(void)
{
    static const struct shell_backend_config_flags flags = SHELL_DEFAULT_BACKEND_CONFIG_FLAGS;

    forget_shown();
    zassert_ok(shell_init(&played, NULL, flags, false, 0));
    zassert_true(is_shown_soon("played> "));
}

static void end(const struct shell *sh, int result)
{
    ARG_UNUSED(sh);
    zassert_ok(result);
    k_sem_give(&has_ended);
}

static void end_shell(void)
{
    shell_uninit(&played, end);
    zassert_ok(k_sem_take(&has_ended, K_SECONDS(2)));
}

/* The number of the program that was started last. */
static uint32_t last_program(void)
{
    uint32_t last = 0;

    zassert_equal(session_do("ps"), 0);
    for (const char *line = session_output(); line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        last = MAX(last, strtoul(line, NULL, 10));
    }
    return last;
}

/* Types a command that runs a program, and waits until this does what it is to be seen in. */
static uint32_t run(const char *line, const char *state)
{
    uint32_t before = last_program();

    type(line);
    for (int piece = 0; piece < PIECES && last_program() == before; piece++) {
        k_msleep(PIECE_MS);
    }

    uint32_t id = last_program();

    zassert_not_equal(id, before, "%s", line);
    zassert_true(session_wait_for_state(id, state));
    return id;
}

/* The program in the foreground of a shell that ends is stopped, and nothing of it is left. */
static void end_shell_of(const char *line, const char *state)
{
    struct resources before = resources_taken();

    start_shell();

    uint32_t id = run(line, state);

    end_shell();
    zassert_true(session_wait_for_state(id, "stopped"));
    zassert_true(resources_are_back(&before));
}

ZTEST(programs, test_shell_ends_reading)
{
    end_shell_of("wasm run cat\n", "waiting");
}

ZTEST(programs, test_shell_ends_sleeping)
{
    end_shell_of("wasm run clock 1 100000\n", "waiting");
}

ZTEST(programs, test_shell_ends_computing)
{
    end_shell_of("wasm run spin\n", "running");
}

ZTEST(programs, test_shell_ends_writing)
{
    struct resources before = resources_taken();

    start_shell();

    uint32_t id = run("wasm run clock 1000000 1\n", "clock");

    zassert_true(is_shown_soon("tick 3: "));
    end_shell();
    zassert_true(session_wait_for_state(id, "stopped"));
    zassert_true(resources_are_back(&before));
}

/* Somebody else stops the program that a person types to. */
ZTEST(programs, test_kill_reading)
{
    struct resources before = resources_taken();

    start_shell();

    struct resources of_shell = resources_taken();
    uint32_t id = run("wasm run cat\n", "waiting");

    forget_shown();
    type("a line\nhalf a");
    zassert_true(is_shown_often("a line\r\n", 2));
    zassert_true(is_shown_soon("half a"));
    zassert_equal(session_do_with_id("kill", id), 0);
    zassert_true(session_wait_for_state(id, "stopped"));
    /* The person can go on. */
    zassert_true(is_shown_soon("cat: stopped"));
    zassert_true(is_shown_soon("played> "));
    zassert_true(resources_are_back(&of_shell));
    type("wasm run hello\n");
    zassert_true(is_shown_soon("Hello from WebAssembly!"));
    end_shell();
    zassert_true(resources_are_back(&before));
}

/* With input that was read and written again, and more that it will never read; so often
 * that nothing would be left to run it with if a shell took anything along. */
ZTEST(programs, test_shells_end_with_input_and_output)
{
    struct resources before = resources_taken();

    for (int round = 0; round <= CONFIG_THIMBLE_MAX_STREAMS; round++) {
        start_shell();

        uint32_t id = run("wasm run cat\n", "waiting");

        forget_shown();
        type("a line\nhalf a");
        /* Once as it was typed, once by the program. */
        zassert_true(is_shown_often("a line\r\n", 2));
        zassert_true(is_shown_soon("half a"));
        end_shell();
        zassert_true(session_wait_for_state(id, "stopped"));
        zassert_true(resources_are_back(&before));
    }
}

ZTEST(programs, test_shell_stops)
{
    struct resources before = resources_taken();

    start_shell();

    uint32_t id = run("wasm run cat\n", "waiting");

    forget_shown();
    zassert_ok(shell_stop(&played));
    zassert_true(session_wait_for_state(id, "stopped"));
    zassert_true(resources_are_back(&before));
    /* Zephyr starts a shell again when its command has ended. */
    zassert_true(is_shown_soon("played> "));
    type("wasm run hello\n");
    zassert_true(is_shown_soon("Hello from WebAssembly!"));
    end_shell();
}

ZTEST(programs, test_shell_ends_before_background)
{
    struct resources before = resources_taken();

    start_shell();

    uint32_t id = run("wasm run clock 100 200 &\n", "waiting");

    zassert_true(is_shown_soon("tick 1: "));
    end_shell();
    forget_shown();
    k_msleep(100);
    /* It goes on; what it writes goes nowhere until there is a shell again. */
    zassert_true(session_wait_for_state(id, "waiting"));
    zassert_equal(times_shown("tick"), 0);
    start_shell();
    zassert_true(is_shown_soon("tick "));
    zassert_equal(session_do_with_id("kill", id), 0);
    end_shell();
    zassert_true(session_wait_for_state(id, "stopped"));
    zassert_true(resources_are_back(&before));
}

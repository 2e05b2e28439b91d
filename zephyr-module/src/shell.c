/* SPDX-License-Identifier: Apache-2.0 */

/* The shell command `wasm`. */

#include <errno.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/shell/shell.h>

#include <thimble/app.h>

#include "console.h"
#include "error.h"
#include "runtime.h"

/* A program that runs in the foreground of a shell. */
struct session {
    const struct thimble_program_options *options;
    /* Why the program did not start, or 0. */
    int32_t failure;
    int32_t outcome;
    int32_t status;
};

static int32_t write_to_shell(void *context, const void *data, size_t length)
{
    const struct shell *sh = context;
    const char *text = data;

    /* Formatted output ends at a NUL: it is left out, and what follows printed. */
    for (size_t done = 0; done < length;) {
        const char *end = memchr(text + done, '\0', length - done);
        size_t part = end == NULL ? length - done : end - (text + done);

        if (part > 0) {
            shell_fprintf(sh, SHELL_NORMAL, "%.*s", (int)part, text + done);
        }
        done += part + 1;
    }
    return length;
}

static const struct thimble_stream_functions shell_output = {
    .write = write_to_shell,
    .is_terminal = true,
};

/* On a thread of its own: the shell's stack is too small even to make a program. */
static void run_session(void *argument)
{
    struct session *session = argument;
    struct thimble_program *program;

    session->failure = thimble_program_create(session->options, &program);
    if (session->failure == 0) {
        session->outcome = thimble_program_run(program, &session->status);
        thimble_program_destroy(program);
    }
}

/* Runs a program until it ends. @return Why it did not start, or 0. */
static int32_t run_in_foreground(const char *name, struct session *session)
{
    struct thimble_platform_thread_options options = {
        .stack_size = CONFIG_THIMBLE_THREAD_STACK_SIZE,
        .name = name,
        .priority = CONFIG_THIMBLE_THREAD_PRIORITY,
        .has_priority = 1,
    };
    uintptr_t thread;
    int32_t status = thimble_platform_thread_spawn(&options, run_session, session, &thread);

    if (status != 0) {
        return status;
    }
    (void)thimble_platform_thread_join(thread);
    return session->failure;
}

/* Why a program did not start. */
static const char *reason(int32_t status)
{
    switch (-status & 0xff) {
    case THIMBLE_PLATFORM_OUT_OF_MEMORY:
        return "out of memory";
    case THIMBLE_PLATFORM_TOO_MANY_OPEN:
        return "too many programs";
    case THIMBLE_PLATFORM_INVALID_ARGUMENT:
        return "an argument cannot be passed on";
    default:
        return "cannot be started";
    }
}

static int run_app(const struct shell *sh, const struct thimble_app *app, size_t argc,
                   char **argv, uintptr_t output)
{
    struct thimble_program_options options = {
        .module = app->content,
        .module_length = app->length,
        .arguments = (const char *const *)argv,
        .argument_count = argc,
        .input = THIMBLE_PLATFORM_STREAM_INPUT,
        .output = output,
        .error = output,
        .maximum_memory = CONFIG_THIMBLE_MAX_MEMORY,
        .stack_cells = CONFIG_THIMBLE_STACK_CELLS,
    };
    struct session session = {.options = &options};
    int32_t status = run_in_foreground(app->name, &session);

    if (status != 0) {
        shell_error(sh, "%s: %s", app->name, reason(status));
        return -ENOEXEC;
    }
    switch (session.outcome) {
    case 0:
        if (session.status != 0) {
            shell_print(sh, "%s: exit status %d", app->name, (int)session.status);
        }
        return session.status;
    case 2:
        shell_error(sh, "%s: stopped", app->name);
        return -ECANCELED;
    default:
        shell_error(sh, "%s: failed", app->name);
        return -EFAULT;
    }
}

static int command_run(const struct shell *sh, size_t argc, char **argv)
{
    const struct thimble_app *app = thimble_app_find(argv[1]);
    uintptr_t output;

    if (app == NULL) {
        shell_error(sh, "%s: no such program; `wasm list` shows all", argv[1]);
        return -ENOENT;
    }
    if (thimble_stream_open(&shell_output, (void *)sh, &output) != 0) {
        shell_error(sh, "%s: too many programs", app->name);
        return -EMFILE;
    }

    int result = run_app(sh, app, argc - 1, argv + 1, output);

    (void)thimble_stream_close(output);
    return result;
}

static int command_list(const struct shell *sh, size_t argc, char **argv)
{
    ARG_UNUSED(argc);
    ARG_UNUSED(argv);
    STRUCT_SECTION_FOREACH(thimble_app, app) {
        shell_print(sh, "%-20s %8u bytes, in the firmware", app->name,
                    (unsigned int)app->length);
    }
    return 0;
}

/* Completes the names of programs. */
static void app_name(size_t index, struct shell_static_entry *entry)
{
    size_t count;

    STRUCT_SECTION_COUNT(thimble_app, &count);
    entry->syntax = NULL;
    entry->handler = NULL;
    entry->subcmd = NULL;
    entry->help = NULL;
    if (index < count) {
        const struct thimble_app *app;

        STRUCT_SECTION_GET(thimble_app, index, &app);
        entry->syntax = app->name;
    }
}

SHELL_DYNAMIC_CMD_CREATE(app_names, app_name);

SHELL_STATIC_SUBCMD_SET_CREATE(
    subcommands,
    SHELL_CMD(list, NULL, "Lists the programs.", command_list),
    SHELL_CMD_ARG(run, &app_names,
                  "Runs a program.\nUsage: run NAME [ARGUMENT...]",
                  command_run, 2, SHELL_OPT_ARG_CHECK_SKIP),
    SHELL_SUBCMD_SET_END);

SHELL_CMD_REGISTER(wasm, &subcommands, "WebAssembly programs", NULL);

/* SPDX-License-Identifier: Apache-2.0 */

/* The shell command `wasm`. */

#include <errno.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/shell/shell.h>
#include <zephyr/sys/iterable_sections.h>
#include <zephyr/sys/printk.h>

#include <thimble/app.h>
#include <thimble_device.h>
#include <thimble_platform.h>

#include <thimble_console.h>
#include "error.h"
#include "heap.h"
#include "terminal.h"

/* A program that computes leaves the shell no time unless the shell is more urgent. */
#if defined(CONFIG_SHELL_THREAD_PRIORITY_OVERRIDE)
#define SHELL_PRIORITY CONFIG_SHELL_THREAD_PRIORITY
#else
#define SHELL_PRIORITY K_LOWEST_APPLICATION_THREAD_PRIO
#endif
BUILD_ASSERT(SHELL_PRIORITY < CONFIG_THIMBLE_THREAD_PRIORITY_HIGHEST &&
                 SHELL_PRIORITY < CONFIG_THIMBLE_THREAD_PRIORITY,
             "the shell must be more urgent than programs: SHELL_THREAD_PRIORITY is to be below "
             "THIMBLE_THREAD_PRIORITY_HIGHEST and THIMBLE_THREAD_PRIORITY");

/* A command that a person gave. */
struct session {
    const struct shell *shell;
    /* In front of the program in the foreground; NULL without one. */
    struct thimble_terminal *terminal;
};

static void write_text(void *context, const char *text, size_t length)
{
    const struct session *session = context;

    thimble_shell_write(session->shell, text, length);
}

static int32_t open_output(const struct session *session, uintptr_t *stream)
{
    return thimble_stream_open(&thimble_shell_output, (void *)session->shell, stream);
}

/* Makes the terminal whose lines are a program's input. */
static int32_t open_input(struct session *session, uintptr_t *stream)
{
    struct thimble_terminal *terminal =
        thimble_heap_allocate(sizeof(*terminal), __alignof__(*terminal));

    if (terminal == NULL) {
        return THIMBLE_FAILED(OUT_OF_MEMORY);
    }
    memset(terminal, 0, sizeof(*terminal));
    terminal->shell = session->shell;

    int32_t status = thimble_stream_open(&thimble_terminal_input, terminal, stream);

    if (status != 0) {
        thimble_heap_release(terminal);
        return status;
    }
    session->terminal = terminal;
    return 0;
}

static int32_t open_streams(void *context, uint8_t foreground, uintptr_t streams[3])
{
    struct session *session = context;
    int32_t status = open_output(session, &streams[1]);

    if (status != 0) {
        return status;
    }
    streams[2] = streams[1];
    streams[0] = THIMBLE_PLATFORM_STREAM_INPUT;
    if (foreground) {
        status = open_input(session, &streams[0]);
        if (status != 0) {
            (void)thimble_stream_close(streams[1]);
        }
    }
    return status;
}

static uint8_t is_interrupted(void *context)
{
    const struct session *session = context;

    return thimble_terminal_take(session->shell, session->terminal);
}

/* argv begins with the word after `wasm`. */
static int command(const struct shell *sh, size_t argc, char **argv)
{
    struct session session = {.shell = sh};
    struct thimble_session functions = {
        .context = &session,
        .write = write_text,
        .open_streams = open_streams,
        .interrupted = is_interrupted,
    };
    int32_t status = thimble_command(&functions, argc, (const char *const *)argv);

    /* The program has ended, and its streams with it. */
    if (session.terminal != NULL) {
        thimble_heap_release(session.terminal);
    }
    return status;
}

/* Offers a word, or the end of them. */
static void complete(struct shell_static_entry *entry, const char *word)
{
    entry->syntax = word;
    entry->handler = NULL;
    entry->subcmd = NULL;
    entry->help = NULL;
}

static void program_name(size_t index, struct shell_static_entry *entry)
{
    static char name[32];

    complete(entry, thimble_program_name(index, name, sizeof(name)) ? name : NULL);
}

/* Those installed come behind those of the firmware. */
static void installed_name(size_t index, struct shell_static_entry *entry)
{
    size_t count;

    STRUCT_SECTION_COUNT(thimble_app, &count);
    program_name(count + index, entry);
}

static void program_number(size_t index, struct shell_static_entry *entry, bool ended)
{
    static char text[sizeof("4294967295")];
    uint32_t number = thimble_program_number(index, ended);

    snprintk(text, sizeof(text), "%u", number);
    complete(entry, number != 0 ? text : NULL);
}

static void running_number(size_t index, struct shell_static_entry *entry)
{
    program_number(index, entry, false);
}

static void known_number(size_t index, struct shell_static_entry *entry)
{
    program_number(index, entry, true);
}

SHELL_DYNAMIC_CMD_CREATE(program_names, program_name);
SHELL_DYNAMIC_CMD_CREATE(installed_names, installed_name);
SHELL_DYNAMIC_CMD_CREATE(running_numbers, running_number);
SHELL_DYNAMIC_CMD_CREATE(known_numbers, known_number);

SHELL_STATIC_SUBCMD_SET_CREATE(
    subcommands,
#if defined(CONFIG_THIMBLE_TRANSLATE) && defined(CONFIG_THIMBLE_FILES)
    SHELL_CMD_ARG(compile, &program_names,
                  "Translates a module to an image in a file.\n"
                  "Usage: compile FILE|NAME [-o IMAGE]",
                  command, 2, 2),
#endif
    SHELL_CMD_ARG(info, &program_names,
                  "Describes a program.\nUsage: info FILE|NAME",
                  command, 2, 0),
    SHELL_CMD_ARG(install, NULL,
                  "Installs a program from a file.\nUsage: install FILE [NAME]",
                  command, 2, 1),
    SHELL_CMD_ARG(kill, &running_numbers,
                  "Stops a program.\nUsage: kill ID",
                  command, 2, 0),
    SHELL_CMD_ARG(list, NULL,
                  "Lists the programs in the firmware and those installed.",
                  command, 1, 0),
    SHELL_CMD_ARG(log, &known_numbers,
                  "Shows the last output of a program.\nUsage: log ID",
                  command, 2, 0),
    SHELL_CMD_ARG(ps, NULL,
                  "Lists the programs that run.",
                  command, 1, 0),
    SHELL_CMD_ARG(remove, &installed_names,
                  "Removes an installed program.\nUsage: remove NAME",
                  command, 2, 0),
    SHELL_CMD_ARG(run, &program_names,
                  "Runs a program; Ctrl-C stops it, & at the end leaves it in the background.\n"
                  "Usage: run [OPTION...] FILE|NAME [ARGUMENT...] [&]\n"
                  "  --dir PATH[::NAME]        gives it a directory\n"
                  "  --env NAME=VALUE          sets a variable of its environment\n"
                  "  --fuel N                  bounds its calls and backward branches\n"
                  "  --timeout TIME            ends it after a time such as 2s or 500ms\n"
                  "  --mem SIZE                bounds its memory, in bytes, K or M\n"
                  "  --stack SIZE              native stack of its thread\n"
                  "  --prio N                  priority of its thread\n"
                  "  --tcplisten ADDRESS:PORT  gives it a listening socket",
                  command, 2, SHELL_OPT_ARG_CHECK_SKIP),
    SHELL_CMD_ARG(top, NULL,
                  "Shows what programs use of the processor.\nUsage: top [SECONDS [TIMES]]",
                  command, 1, 2),
    SHELL_SUBCMD_SET_END);

SHELL_CMD_REGISTER(wasm, &subcommands, "WebAssembly programs", NULL);

/* SPDX-License-Identifier: Apache-2.0 */

/* The command `thimble`. */

#include <nuttx/config.h>

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <thimble_device.h>
#include <thimble_platform.h>

#include "binfmt.h"
#include "device.h"

/* What thimble_command takes at most. */
#define WORDS 32

static void write_text(void *context, const char *text, size_t length)
{
    (void)context;
    while (length > 0) {
        ssize_t count = write(STDOUT_FILENO, text, length);

        if (count <= 0) {
            return;
        }
        text += count;
        length -= (size_t)count;
    }
}

static int32_t open_streams(void *context, uint8_t foreground, uintptr_t streams[3])
{
    (void)context;
    (void)foreground;
    streams[0] = THIMBLE_PLATFORM_STREAM_INPUT;
    streams[1] = THIMBLE_PLATFORM_STREAM_OUTPUT;
    streams[2] = THIMBLE_PLATFORM_STREAM_ERROR;
    return 0;
}

/* The signals that ask a program to end. A console sends the first for Ctrl-C, with
 * CONFIG_TTY_SIGINT. */
static sigset_t requests(void)
{
    sigset_t set;

    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    return set;
}

static uint8_t is_interrupted(void *context)
{
    static const struct timespec at_once;
    sigset_t set = requests();

    (void)context;
    thimble_device_tick();
    return sigtimedwait(&set, NULL, &at_once) > 0;
}

static bool ends_with(const char *word, const char *end)
{
    size_t length = strlen(word);
    size_t end_length = strlen(end);

    return length > end_length && strcmp(word + length - end_length, end) == 0;
}

static bool is_file(const char *word)
{
    return ends_with(word, ".wasm") || ends_with(word, ".thm");
}

/* Whether a word is a program or an option for one rather than a command. */
static bool is_program(const char *word)
{
    return word[0] == '-' || strchr(word, '/') != NULL || is_file(word);
}

/* Where the words for the runtime begin: with the program itself when that is executed. */
static int first_word(const char *name)
{
#if defined(CONFIG_THIMBLE_BINFMT)
    return is_file(name) ? 0 : 1;
#else
    (void)name;
    return 1;
#endif
}

int main(int argc, char *argv[])
{
    const struct thimble_session session = {
        .write = write_text,
        .open_streams = open_streams,
        .interrupted = is_interrupted,
    };
    const char *words[WORDS + 1];
    size_t count = 0;
    sigset_t set = requests();

    /* They wait until is_interrupted asks for them: a variable that a handler sets would be
     * shared with the other tasks that run this. */
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
#if defined(CONFIG_THIMBLE_BINFMT)
    thimble_binfmt_register(main);
#endif

    int first = first_word(argv[0]);

    if (argc > first && is_program(argv[first])) {
        words[count] = "run";
        count++;
    }
    for (int index = first; index < argc && count <= WORDS; index++) {
        words[count] = argv[index];
        count++;
    }

    thimble_device_look();

    int32_t status = thimble_command(&session, count, words);

    thimble_device_finish();
    return status;
}

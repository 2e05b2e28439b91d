/* SPDX-License-Identifier: Apache-2.0 */

/* A person at a console, played by a test. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <thimble_console.h>
#include <thimble_device.h>
#include <thimble_platform.h>

#include "session.h"

#define WORDS 16
#define PIECE_MS 10
/* How long to wait for what comes at once, on a computer that is busy. */
#define PATIENCE_MS 10000
#define MILLISECOND UINT64_C(1000000)

/* What is printed, by several threads; what does not fit is lost. */
static char output[4096];
static size_t output_length;
static uintptr_t output_lock;

/* What is typed. */
static const char *input;
static bool input_waits;
/* When Ctrl-C is typed, if it is. */
static uint64_t interrupt_at;

/* Ends the test unless a condition holds. */
#define CHECK(condition) ((condition) ? (void)0 : session_fail(#condition))

static void wait_for(uint32_t milliseconds)
{
    (void)thimble_platform_poll(NULL, 0, milliseconds * MILLISECOND, 0);
}

static void keep(const char *text, size_t length)
{
    CHECK(thimble_platform_mutex_lock(output_lock) == 0);

    size_t room = sizeof(output) - 1 - output_length;
    size_t part = length < room ? length : room;

    memcpy(output + output_length, text, part);
    output_length += part;
    output[output_length] = '\0';
    CHECK(thimble_platform_mutex_unlock(output_lock) == 0);
}

static void write_text(void *context, const char *text, size_t length)
{
    (void)context;
    keep(text, length);
}

static int32_t write_stream(void *context, const void *data, size_t length)
{
    (void)context;
    keep(data, length);
    return length;
}

static const struct thimble_stream_functions output_functions = {.write = write_stream};

static bool is_readable(void *context)
{
    (void)context;
    return !input_waits;
}

static int32_t read_input(void *context, void *buffer, size_t length)
{
    (void)context;

    size_t left = strlen(input);
    size_t part = length < left ? length : left;

    memcpy(buffer, input, part);
    input += part;
    return part;
}

static const struct thimble_stream_functions input_functions = {
    .read = read_input,
    .is_readable = is_readable,
};

static int32_t open_streams(void *context, uint8_t foreground, uintptr_t streams[3])
{
    (void)context;

    int32_t status = thimble_stream_open(&output_functions, NULL, &streams[1]);

    streams[2] = streams[1];
    if (status == 0 && foreground) {
        status = thimble_stream_open(&input_functions, NULL, &streams[0]);
    }
    return status;
}

static uint8_t is_interrupted(void *context)
{
    (void)context;
    return interrupt_at != 0 && thimble_platform_clock_now() >= interrupt_at;
}

static const struct thimble_session functions = {
    .write = write_text,
    .open_streams = open_streams,
    .interrupted = is_interrupted,
};

/* Cuts the next part off a text; NULL after the last. */
static char *next_part(char **text, char separator)
{
    char *part = *text;

    while (*part == separator) {
        part++;
    }
    if (*part == '\0') {
        return NULL;
    }

    char *end = strchr(part, separator);

    if (end == NULL) {
        *text = part + strlen(part);
    } else {
        *end = '\0';
        *text = end + 1;
    }
    return part;
}

static int32_t command(const char *line)
{
    char copy[256];
    const char *words[WORDS];
    size_t count = 0;
    char *rest = copy;

    if (output_lock == 0) {
        CHECK(thimble_platform_mutex_create(&output_lock) == 0);
    }
    CHECK(strlen(line) < sizeof(copy));
    strcpy(copy, line);
    for (char *word = next_part(&rest, ' '); word != NULL; word = next_part(&rest, ' ')) {
        CHECK(count < WORDS);
        words[count] = word;
        count++;
    }
    CHECK(thimble_platform_mutex_lock(output_lock) == 0);
    output_length = 0;
    output[0] = '\0';
    CHECK(thimble_platform_mutex_unlock(output_lock) == 0);
    return thimble_command(&functions, count, words);
}

int32_t session_do(const char *line)
{
    return session_do_with_input(line, "");
}

int32_t session_do_with_input(const char *line, const char *text)
{
    input = text;
    input_waits = false;
    interrupt_at = 0;
    return command(line);
}

int32_t session_do_interrupted(const char *line, uint32_t milliseconds)
{
    input = "";
    input_waits = true;
    interrupt_at = thimble_platform_clock_now() + milliseconds * MILLISECOND;
    return command(line);
}

const char *session_output(void)
{
    return output;
}

bool session_has(const char *text)
{
    if (strstr(output, text) != NULL) {
        return true;
    }
    session_print("not in what was printed: ");
    session_print(text);
    session_print("\n");
    session_print(output);
    return false;
}

uint32_t session_start(const char *line)
{
    char copy[256];

    snprintf(copy, sizeof(copy), "run %s &", line);
    if (session_do(copy) != 0 || output[0] != '[') {
        return 0;
    }
    return strtoul(output + 1, NULL, 10);
}

int32_t session_do_with_id(const char *name, uint32_t id)
{
    char line[64];

    snprintf(line, sizeof(line), "%s %u", name, (unsigned int)id);
    return session_do(line);
}

/* Whether `ps` has a line of this program with this word. */
static bool is_in_state(uint32_t id, const char *state)
{
    char *rest = output;

    (void)session_do("ps");
    for (char *line = next_part(&rest, '\n'); line != NULL; line = next_part(&rest, '\n')) {
        if (strtoul(line, NULL, 10) == id && strstr(line, state) != NULL) {
            return true;
        }
    }
    return false;
}

bool session_wait_for_state(uint32_t id, const char *state)
{
    for (int piece = 0; piece < PATIENCE_MS / PIECE_MS; piece++) {
        if (is_in_state(id, state)) {
            return true;
        }
        wait_for(PIECE_MS);
    }
    (void)session_do("ps");
    session_print("not in this state: ");
    session_print(state);
    session_print("\n");
    session_print(output);
    return false;
}

bool session_heap_is(size_t bytes)
{
    for (int piece = 0; piece < PATIENCE_MS / PIECE_MS; piece++) {
        if (session_heap() == bytes) {
            return true;
        }
        wait_for(PIECE_MS);
    }
    char text[80];

    snprintf(text, sizeof(text), "the heap has %lu bytes, and had %lu before\n",
             (unsigned long)session_heap(), (unsigned long)bytes);
    session_print(text);
    return false;
}

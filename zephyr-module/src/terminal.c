/* SPDX-License-Identifier: Apache-2.0 */

/* A terminal in front of a program. */

#include <string.h>

#include <zephyr/kernel.h>

#include "error.h"
#include "poll_wait.h"
#include "terminal.h"
#include "version.h"

/* What a terminal sends for keys. */
#define CTRL_C 0x03
#define CTRL_D 0x04
#define BACKSPACE 0x08
#define DELETE 0x7f

/* Characters taken from the shell at once. */
#define PIECE 16

void thimble_shell_write(const struct shell *sh, const char *text, size_t length)
{
    /* Formatted output ends at a NUL: it is left out, and what follows printed. */
    for (size_t done = 0; done < length;) {
        const char *end = memchr(text + done, '\0', length - done);
        size_t part = end == NULL ? length - done : end - (text + done);

        if (part > 0) {
            shell_fprintf(sh, SHELL_NORMAL, "%.*s", (int)part, text + done);
        }
        done += part + 1;
    }
}

static bool is_gone(const struct shell *sh)
{
    return sh->ctx->state != SHELL_STATE_ACTIVE || thimble_shell_is_to_end(sh);
}

static int32_t write_output(void *context, const void *data, size_t length)
{
    const struct shell *sh = context;

    if (is_gone(sh)) {
        return THIMBLE_FAILED(BROKEN_PIPE);
    }
    thimble_shell_write(sh, data, length);
    return length;
}

const struct thimble_stream_functions thimble_shell_output = {
    .write = write_output,
    .is_terminal = true,
};

static bool is_readable(void *context)
{
    const struct thimble_terminal *terminal = context;

    return terminal->ready > 0 || terminal->is_over || is_gone(terminal->shell);
}

static int32_t read_input(void *context, void *buffer, size_t length)
{
    struct thimble_terminal *terminal = context;
    k_spinlock_key_t key = k_spin_lock(&terminal->lock);
    size_t part = MIN(length, terminal->ready);

    memcpy(buffer, terminal->text, part);
    memmove(terminal->text, terminal->text + part, terminal->length - part);
    terminal->length -= part;
    terminal->ready -= part;
    k_spin_unlock(&terminal->lock, key);
    return part;
}

const struct thimble_stream_functions thimble_terminal_input = {
    .read = read_input,
    .is_readable = is_readable,
    .is_terminal = true,
};

static void show(const struct thimble_terminal *terminal, const char *text)
{
    shell_fprintf(terminal->shell, SHELL_NORMAL, "%s", text);
}

/* Takes the last character of the line back, which may have several bytes. */
static void erase(struct thimble_terminal *terminal)
{
    if (terminal->length == terminal->ready) {
        return;
    }

    k_spinlock_key_t key = k_spin_lock(&terminal->lock);

    do {
        terminal->length--;
    } while (terminal->length > terminal->ready &&
             (terminal->text[terminal->length] & 0xc0) == 0x80);
    k_spin_unlock(&terminal->lock, key);
    show(terminal, "\b \b");
}

/* Makes what was typed so far readable. */
static void finish_line(struct thimble_terminal *terminal)
{
    k_spinlock_key_t key = k_spin_lock(&terminal->lock);

    terminal->ready = terminal->length;
    k_spin_unlock(&terminal->lock, key);
    thimble_poll_notify();
}

static void end_input(struct thimble_terminal *terminal)
{
    terminal->is_over = true;
    thimble_poll_notify();
}

static void add(struct thimble_terminal *terminal, char character)
{
    k_spinlock_key_t key = k_spin_lock(&terminal->lock);
    bool fits = terminal->length < sizeof(terminal->text);

    if (fits) {
        terminal->text[terminal->length] = character;
        terminal->length++;
    }
    /* A line that fills the buffer is handed over in parts. */
    bool is_full = terminal->length == sizeof(terminal->text);

    k_spin_unlock(&terminal->lock, key);
    if (!fits) {
        show(terminal, "\a");
        return;
    }

    char text[] = {character, '\0'};

    show(terminal, text);
    if (character == '\n' || is_full) {
        finish_line(terminal);
    }
}

/* Takes a character; whether it was Ctrl-C. */
static bool take(struct thimble_terminal *terminal, char character)
{
    switch (character) {
    case CTRL_C:
        show(terminal, "^C\n");
        return true;
    case CTRL_D:
        /* Behind an unfinished line, it hands the line over without an end. */
        if (terminal->length == terminal->ready) {
            end_input(terminal);
        } else {
            finish_line(terminal);
        }
        return false;
    case BACKSPACE:
    case DELETE:
        erase(terminal);
        return false;
    case '\r':
        add(terminal, '\n');
        return false;
    default:
        add(terminal, character);
        return false;
    }
}

bool thimble_terminal_take(const struct shell *sh, struct thimble_terminal *terminal)
{
    char piece[PIECE];
    size_t count = 0;
    bool is_stopped = false;

    if (sh->ctx->tid != k_current_get() || is_gone(sh)) {
        if (terminal != NULL && is_gone(sh)) {
            thimble_poll_notify();
        }
        return is_gone(sh);
    }
    do {
        if (sh->iface->api->read(sh->iface, piece, sizeof(piece), &count) != 0) {
            count = 0;
        }
        for (size_t index = 0; index < count; index++) {
            if (terminal != NULL) {
                is_stopped |= take(terminal, piece[index]);
            } else {
                is_stopped |= piece[index] == CTRL_C;
            }
        }
    } while (count == sizeof(piece));
    return is_stopped;
}

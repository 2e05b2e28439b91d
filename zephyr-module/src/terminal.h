/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * A terminal in front of a program: lines that a person types in a shell become
 * the standard input of the program in the foreground.
 *
 * As terminals do, it shows what is typed, lets the last line be corrected, ends
 * the input at Ctrl-D, and tells when Ctrl-C was typed.
 */

#ifndef THIMBLE_TERMINAL_H
#define THIMBLE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/shell/shell.h>

#include <thimble_console.h>

/** A terminal; zero it, then set shell. */
struct thimble_terminal {
    /** Where characters come from and are shown. */
    const struct shell *shell;
    /** Guards what is below. */
    struct k_spinlock lock;
    /** What was typed and not yet read. */
    uint8_t text[CONFIG_THIMBLE_LINE_SIZE];
    /** Bytes of text. */
    size_t length;
    /** Bytes of text that can be read: whole lines. */
    size_t ready;
    /** The input has ended. */
    bool is_over;
};

/** Reading from a terminal; the context is the terminal. */
extern const struct thimble_stream_functions thimble_terminal_input;

/** Writing to a shell; the context is the struct shell. */
extern const struct thimble_stream_functions thimble_shell_output;

/** Shows text in a shell, whatever bytes it has. */
void thimble_shell_write(const struct shell *sh, const char *text, size_t length);

/**
 * Takes what was typed since the last call. Only the shell's own thread may read
 * from it: on another thread, nothing is taken.
 *
 * @param terminal Where to keep it; NULL to keep nothing.
 * @return Whether Ctrl-C was typed.
 */
bool thimble_terminal_take(const struct shell *sh, struct thimble_terminal *terminal);

#endif

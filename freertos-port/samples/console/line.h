/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Lines that a person types at the console.
 */

#ifndef LINE_H
#define LINE_H

#include <stddef.h>

/* What a terminal sends for keys. */
#define KEY_CTRL_C 0x03
#define KEY_CTRL_D 0x04
#define KEY_BACKSPACE 0x08
#define KEY_DELETE 0x7f

/** Shows text; ends of lines are as terminals want them. */
void line_show(const char *text, size_t length);

/** Shows text that ends with NUL. */
void line_print(const char *text);

/**
 * Reads a line, which is shown as it is typed, and can be corrected at its end. Ctrl-C begins it
 * anew.
 *
 * @param line Filled in, without the end of the line and with NUL.
 * @param size Bytes of line.
 */
void line_read(const char *prompt, char *line, size_t size);

/**
 * Cuts a line into words at spaces, in place. Between quotes (") spaces do not count.
 *
 * @return How many; what does not fit is left out.
 */
size_t line_split(char *line, const char **words, size_t most);

#endif

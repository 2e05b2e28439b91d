/* SPDX-License-Identifier: Apache-2.0 */

/* Lines that a person types at the console. */

#include <stdbool.h>
#include <string.h>

#include <FreeRTOS.h>
#include <task.h>

#include <board.h>

#include "line.h"

void line_show(const char *text, size_t length)
{
    for (size_t done = 0; done < length;) {
        const char *end = memchr(text + done, '\n', length - done);
        size_t part = end == NULL ? length - done : (size_t)(end - (text + done));

        if (part > 0) {
            (void)board_write(text + done, part);
        }
        done += part;
        if (end != NULL) {
            (void)board_write("\r\n", 2);
            done++;
        }
    }
}

void line_print(const char *text)
{
    line_show(text, strlen(text));
}

static char next_key(void)
{
    char key;

    /* The boards of this sample have nothing that would wake this task. */
    while (board_read(&key, 1) == 0) {
        vTaskDelay(1);
    }
    return key;
}

/* Takes the last character off a line, which may have several bytes. */
static size_t without_last(const char *line, size_t length)
{
    do {
        length--;
    } while (length > 0 && ((unsigned char)line[length] & 0xc0) == 0x80);
    return length;
}

void line_read(const char *prompt, char *line, size_t size)
{
    size_t length = 0;

    line_print(prompt);
    for (;;) {
        char key = next_key();

        if (key == '\r' || key == '\n') {
            line_print("\n");
            line[length] = '\0';
            return;
        }
        if (key == KEY_CTRL_C) {
            line_print("^C\n");
            line_print(prompt);
            length = 0;
        } else if (key == KEY_BACKSPACE || key == KEY_DELETE) {
            if (length > 0) {
                length = without_last(line, length);
                line_print("\b \b");
            }
        } else if ((unsigned char)key >= ' ' && length + 1 < size) {
            line[length] = key;
            length++;
            line_show(&key, 1);
        }
    }
}

size_t line_split(char *line, const char **words, size_t most)
{
    size_t count = 0;
    bool is_quoted = false;
    bool is_in_word = false;
    char *to = line;

    for (const char *from = line; *from != '\0'; from++) {
        if (!is_quoted && *from == ' ') {
            if (is_in_word) {
                *to = '\0';
                to++;
                is_in_word = false;
            }
            continue;
        }
        if (!is_in_word) {
            if (count == most) {
                break;
            }
            words[count] = to;
            count++;
            is_in_word = true;
        }
        if (*from == '"') {
            is_quoted = !is_quoted;
        } else {
            *to = *from;
            to++;
        }
    }
    *to = '\0';
    return count;
}

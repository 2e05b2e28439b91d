/* SPDX-License-Identifier: Apache-2.0 */

/* A console on the UART with the command `wasm`. */

#include <stdlib.h>
#include <string.h>

#include <board.h>
#include <thimble_device.h>

#include "disk.h"
#include "line.h"
#include "terminal.h"

#define WORDS 16

static const char help[] =
    "wasm run NAME [ARGUMENT...] [&]   wasm ps   wasm kill ID   wasm list   wasm log ID\n"
    "wasm info NAME   wasm top   wasm install FILE NAME   `wasm` says more\n"
    "exit [STATUS]   ends the emulator\n";

static int run(void)
{
    char line[128];
    const char *words[WORDS];

#ifdef CONSOLE_HAS_DISK
    if (!disk_start()) {
        line_print("there is no disk\n");
    }
#endif
    line_print("FreeRTOS with Thimble; `help` lists commands\n");
    for (;;) {
        line_read("> ", line, sizeof(line));

        size_t count = line_split(line, words, WORDS);

        if (count == 0) {
            continue;
        }
        if (strcmp(words[0], "exit") == 0) {
            return count > 1 ? atoi(words[1]) : 0;
        }
        if (strcmp(words[0], "wasm") == 0) {
            (void)thimble_command(&terminal_session, count - 1, words + 1);
        } else {
            line_print(help);
        }
    }
}

int main(void)
{
    board_start(run);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Programs are installed in a flash partition, and run where they lie there. */

#include <string.h>

#include <FreeRTOS.h>
#include <task.h>

#include "check.h"
#include "flash.h"
#include "session.h"

static void check_installed(void)
{
    check(session_do("install hello-c first") == 0);
    check(session_do("install clock second") == 0);
    check(session_do("list") == 0);
    check(session_has("first"));
    check(session_has("second"));
    check(session_do("run first") == 0);
    check(session_has("Hello from WebAssembly!\n"));
    /* Replaced, and again by what the firmware has translated already. */
    check(session_do("install clock first") == 0);
    check(session_do("run first 1 10") == 0);
    check(session_has("tick 1: "));
    check(session_do("install hello first") == 0);
    check(session_do("run first") == 0);
    check(session_do("remove first") == 0);
    check(session_do("run first") == 1);
    check(session_has("no such program"));
}

/* In the flash, where nothing of it takes RAM, and from where it is not removed. */
static void check_in_place(void)
{
    size_t before = session_heap();
    uint32_t from_flash = session_start("second 1 100000");

    check(from_flash != 0);
    check(session_wait_for_state(from_flash, "waiting"));

    size_t in_place = before - session_heap();
    uint32_t from_module = session_start("clock 1 100000");

    check(from_module != 0);
    check(session_wait_for_state(from_module, "waiting"));

    size_t in_ram = before - in_place - session_heap();

    board_print("of %u bytes, %u are not taken in flash\n", (unsigned)in_ram,
                (unsigned)(in_ram - in_place));
    check(in_ram > in_place + 16384);
    check(session_do("remove second") == 1);
    check(session_do_with_id("kill", from_module) == 0);
    check(session_do_with_id("kill", from_flash) == 0);
    check(session_heap_is(before));
    check(session_do("remove second") == 0);
}

/* A cut at any operation leaves the old program, or the new one. */
static void check_cut(void)
{
    int32_t status = 1;
    uint32_t cuts = 0;

    check(session_do("install hello-c cut") == 0);
    while (status != 0) {
        flash_fail_after(cuts);
        status = session_do("install hello cut");
        flash_fail_after(UINT32_MAX);
        check(session_do("run cut") == 0);
        check(session_has("Hello from WebAssembly!\n"));
        cuts++;
    }
    check(cuts > 10);
    board_print("an installation of %u operations was cut at each\n", (unsigned)(cuts - 1));
    check(session_do("remove cut") == 0);
}

static void check_full(void)
{
    size_t before = session_heap();
    char line[] = "install clock fill-a";
    unsigned fit = 0;

    while (session_do(line) == 0) {
        line[sizeof(line) - 2]++;
        fit++;
    }
    check(session_has("room") || session_has("full") || session_has("large"));
    check(fit > 1);
    check(session_do("run fill-a 1 10") == 0);
    for (line[sizeof(line) - 2] = 'a'; fit > 0; fit--) {
        char remove[] = "remove fill-?";

        remove[sizeof(remove) - 2] = line[sizeof(line) - 2];
        check(session_do(remove) == 0);
        line[sizeof(line) - 2]++;
    }
    check(session_heap_is(before));
}

/* Its pages stay taken, and its memory comes back. */
static void check_deleted(void)
{
    check(session_do("install clock lost") == 0);

    size_t before = session_heap();
    uint32_t id = session_start("lost 1 100000");

    check(id != 0);
    check(session_wait_for_state(id, "waiting"));
    vTaskDelete(xTaskGetHandle("lost"));
    check(session_wait_for_state(id, "deleted"));
    check(before - session_heap() <= 512);
    check(session_do("remove lost") == 1);
    check(session_do("run lost 1 10") == 0);
}

static int run(void)
{
    flash_clear();
    check_installed();
    check_in_place();
    check_cut();
    check_full();
    check_deleted();
    board_print("all cases passed\n");
    return 0;
}

int main(void)
{
    board_start(run);
}

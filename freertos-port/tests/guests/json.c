/* SPDX-License-Identifier: Apache-2.0 */

/* The JSON tool: a text that is typed, and one that lies in a file. */

#include <string.h>

#include "check.h"
#include "disk.h"
#include "guests.h"
#include "session.h"

static const char readings[] =
    "{\"sensors\":[{\"name\":\"caf\\u00e9\",\"on\":true},"
    "{\"name\":\"roof\",\"values\":[1,-2.5e3,[]]}],\"next\":null}\n";

static const char printed[] =
    "{\n"
    "  \"sensors\": [\n"
    "    {\n"
    "      \"name\": \"caf\xc3\xa9\",\n"
    "      \"on\": true\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"roof\",\n"
    "      \"values\": [\n"
    "        1,\n"
    "        -2.5e3,\n"
    "        []\n"
    "      ]\n"
    "    }\n"
    "  ],\n"
    "  \"next\": null\n"
    "}\n";

/* Whether all that was printed is this text. */
static bool printed_is(const char *text)
{
    if (strcmp(session_output(), text) == 0) {
        return true;
    }
    board_print("printed was: %s\n", session_output());
    return false;
}

static void check_typed(void)
{
    check(session_do_with_input("run json check", readings) == 0);
    check(printed_is(""));
    check(session_do_with_input("run json print", readings) == 0);
    check(printed_is(printed));
    check(session_do_with_input("run json get sensors.0.name", readings) == 0);
    check(printed_is("\"caf\xc3\xa9\"\n"));
    check(session_do_with_input("run json get sensors.1.values.1", readings) == 0);
    check(printed_is("-2.5e3\n"));
    check(session_do_with_input("run json get sensors.2", readings) == 1);
    check(session_has("json: nothing at sensors.2\n"));
}

/* What is wrong is named with its place. */
static void check_wrong(void)
{
    check(session_do_with_input("run json check", "{\"a\":\n [1, }") == 1);
    check(session_has("json: line 2, column 6: expected "));
    check(session_do("run json check") == 1);
    check(session_has("json: line 1, column 1: expected "));
    check(session_do("run json dance") == 2);
    check(session_has("usage: json check [FILE]\n"));
}

static void check_file(void)
{
    disk_write_text("/readings.json", readings);
    check(session_do("run --dir /lfs::/ json print /readings.json") == 0);
    check(printed_is(printed));
    check(session_do("run --dir /lfs::/ json get next /readings.json") == 0);
    check(printed_is("null\n"));
    check(session_do("run --dir /lfs::/ json print /nothing.json") == 1);
    check(session_has("json: /nothing.json: "));
    check(session_do("run json print /readings.json") == 1);
    disk_remove("/readings.json");
}

void test_json(void)
{
    disk_make();

    size_t before = session_heap();

    check_typed();
    check_wrong();
    check_file();
    check(session_heap_is(before));
    check(disk_unmount() == 0);
    board_print("the JSON tool: passed\n");
}

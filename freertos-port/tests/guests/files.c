/* SPDX-License-Identifier: Apache-2.0 */

/* Programs and files: what they are given, and nothing else. */

#include <stdio.h>
#include <string.h>

#include <thimble_platform.h>

#include "check.h"
#include "disk.h"
#include "guests.h"
#include "session.h"

static void check_no_file_system(void)
{
    check(session_do("run --dir /lfs::/ ls /") != 0);
    check(session_has("/lfs"));
    check(session_do("run /lfs/hello.wasm") != 0);
}

static void check_read(void)
{
    disk_write_text("/words.txt", "one two\nthree\n");
    check(session_do("run --dir /lfs::/ cat /words.txt") == 0);
    check(strcmp(session_output(), "one two\nthree\n") == 0);
    check(session_do("run --dir /lfs::/ wc /words.txt") == 0);
    check(session_has("/words.txt"));
    check(session_do("run --dir /lfs::/ ls /") == 0);
    check(session_has("words.txt\n"));
}

static void check_write(void)
{
    check(session_do("run --dir /lfs::/ copy /words.txt /copy.txt") == 0);
    check(disk_size("/copy.txt") == 14);
    /* Not over what is there, unless told to. */
    check(session_do("run --dir /lfs::/ copy /words.txt /copy.txt") == 1);
    check(session_do("run --dir /lfs::/ copy -f /words.txt /copy.txt") == 0);
    check(disk_size("/copy.txt") == 14);
}

static void check_no_directory(void)
{
    check(session_do("run cat /words.txt") != 0);
    check(session_do("run cat /lfs/words.txt") != 0);
    check(strstr(session_output(), "one two") == NULL);
}

/* Two directories with a file of the same name each. */
static void make_rooms(void)
{
    disk_make_directory("/one");
    disk_make_directory("/two");
    disk_write_text("/one/note.txt", "of one\n");
    disk_write_text("/two/note.txt", "of two\n");
}

static void check_programs_are_apart(void)
{
    static const char *const ways_out[] = {
        "/../two/note.txt", "../two/note.txt", "/lfs/two/note.txt",
        "/two/note.txt",    "/note.txt/../../two/note.txt",
    };
    char line[128];

    for (size_t index = 0; index < sizeof(ways_out) / sizeof(ways_out[0]); index++) {
        snprintf(line, sizeof(line), "run --dir /lfs/one::/ cat %s", ways_out[index]);
        check(session_do(line) != 0);
        check(strstr(session_output(), "of two") == NULL);
    }
    check(session_do("run --dir /lfs/one::/a --dir /lfs/two::/b cat /a/note.txt /b/note.txt") == 0);
    check(strcmp(session_output(), "of one\nof two\n") == 0);

    /* The same name is another file for another program, also at the same time. */
    uint32_t id = session_start("--dir /lfs/two::/ clock 5 20");

    check(id != 0);
    check(session_do("run --dir /lfs/one::/ cat /note.txt") == 0);
    check(session_has("of one\n"));
    check(session_do("run --dir /lfs/two::/ cat /note.txt") == 0);
    check(session_has("of two\n"));
    /* The directory that a program has keeps the file system. */
    check(disk_unmount() == THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_BUSY, 0));
    check(session_wait_for_state(id, "done"));
}

void test_files(void)
{
    check_no_file_system();
    disk_make();

    size_t before = session_heap();

    check_read();
    check_write();
    check_no_directory();
    make_rooms();
    check_programs_are_apart();
    check(session_heap_is(before));
    check(disk_unmount() == 0);
    check_no_file_system();
    board_print("programs and files: passed\n");
}

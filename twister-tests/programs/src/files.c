/* SPDX-License-Identifier: Apache-2.0 */

/* Programs and files: what they are given, and nothing else. */

#include <string.h>

#include <zephyr/fs/fs.h>
#include <zephyr/ztest.h>

#include "disk.h"
#include "session.h"

static void write_text(const char *path, const char *text)
{
    zassert_ok(test_disk_write(path, text, strlen(text)), "%s", path);
}

/* Two directories with a file of the same name each. */
static void make_rooms(void)
{
    zassert_ok(fs_mkdir(DISK "/one"));
    zassert_ok(fs_mkdir(DISK "/two"));
    write_text(DISK "/one/note.txt", "of one\n");
    write_text(DISK "/two/note.txt", "of two\n");
}

ZTEST(programs, test_read)
{
    write_text(DISK "/words.txt", "one two\nthree\n");
    zassert_equal(session_do("run --dir " DISK "::/ cat /words.txt"), 0);
    zassert_str_equal(session_output(), "one two\nthree\n");
    zassert_equal(session_do("run --dir " DISK "::/ wc /words.txt"), 0);
    zassert_str_equal(session_output(), "2 3 14 /words.txt\n");
    zassert_equal(session_do("run --dir " DISK "::/ ls /"), 0);
    zassert_true(session_has("words.txt\n"));
}

ZTEST(programs, test_write)
{
    struct fs_dirent entry;

    write_text(DISK "/words.txt", "one two\nthree\n");
    zassert_equal(session_do("run --dir " DISK "::/ copy /words.txt /copy.txt"), 0);
    zassert_ok(fs_stat(DISK "/copy.txt", &entry));
    zassert_equal(entry.size, 14);
    /* Not over what is there, unless told to. */
    zassert_equal(session_do("run --dir " DISK "::/ copy /words.txt /copy.txt"), 1);
    zassert_equal(session_do("run --dir " DISK "::/ copy -f /words.txt /copy.txt"), 0);
}

ZTEST(programs, test_no_directory)
{
    write_text(DISK "/words.txt", "one two\n");
    zassert_equal(session_do("run cat /words.txt"), 1);
    zassert_is_null(strstr(session_output(), "one two"));
    zassert_equal(session_do("run cat " DISK "/words.txt"), 1);
    zassert_is_null(strstr(session_output(), "one two"));
}

ZTEST(programs, test_several_directories)
{
    make_rooms();
    zassert_equal(session_do("run --dir " DISK "/one::/a --dir " DISK "/two::/b "
                             "cat /a/note.txt /b/note.txt"), 0);
    zassert_str_equal(session_output(), "of one\nof two\n");
}

ZTEST(programs, test_programs_are_apart)
{
    static const char *const ways_out[] = {
        "/../two/note.txt", "../two/note.txt", "/RAM:/two/note.txt",
        "/two/note.txt",    "/note.txt/../../two/note.txt",
    };
    char line[128];

    make_rooms();
    for (size_t index = 0; index < ARRAY_SIZE(ways_out); index++) {
        snprintk(line, sizeof(line), "run --dir " DISK "/one::/ cat %s", ways_out[index]);
        zassert_not_equal(session_do(line), 0, "%s", line);
        zassert_is_null(strstr(session_output(), "of two"), "%s", line);
    }
    /* The same name is another file for another program, also at the same time. */
    uint32_t id = session_start("--dir " DISK "/two::/ clock 5 20");

    zassert_not_equal(id, 0);
    zassert_equal(session_do("run --dir " DISK "/one::/ cat /note.txt"), 0, "%s",
                  session_output());
    zassert_true(session_has("of one\n"));
    zassert_equal(session_do("run --dir " DISK "/two::/ cat /note.txt"), 0);
    zassert_true(session_has("of two\n"));
    zassert_true(session_wait_for_state(id, "done"));
}

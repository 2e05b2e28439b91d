/* SPDX-License-Identifier: Apache-2.0 */

/* Programs are stopped whatever they do, and everything they had is back. */

#include <stdio.h>
#include <string.h>

#include <zephyr/fs/fs.h>
#include <zephyr/ztest.h>

#include "disk.h"
#include "resources.h"
#include "session.h"

/* The result of a program that was stopped. */
#define STOPPED 130

#define PIECE_MS 10
/* What comes at once, on a computer that is busy. */
#define PIECES 1000

/* Starts a program, waits until it does what it is to be stopped in, and stops it. */
static void start_and_kill(const char *line, const char *state)
{
    struct resources before = resources_taken();
    uint32_t id = session_start(line);

    zassert_not_equal(id, 0, "%s", line);
    zassert_true(session_wait_for_state(id, state));

    struct resources meanwhile = resources_taken();

    zassert_true(meanwhile.heap > before.heap);
    zassert_true(meanwhile.threads > before.threads);
    zassert_true(meanwhile.wakes > before.wakes);
    zassert_true(meanwhile.streams > before.streams);
    zassert_equal(session_do_with_id("kill", id), 0);
    zassert_true(session_wait_for_state(id, "stopped"));
    zassert_true(resources_are_back(&before));
}

ZTEST(programs, test_kill_computing)
{
    start_and_kill("spin", "running");
}

ZTEST(programs, test_kill_sleeping)
{
    start_and_kill("clock 1 100000", "waiting");
}

ZTEST(programs, test_kill_at_highest_priority)
{
    /* As urgent as programs may be, and still below those who watch them. */
    start_and_kill("--prio 6 spin", "running");
    zassert_equal(session_do("run --prio 5 spin"), 1);
    zassert_true(session_has("priority"));
}

/* Waits until a program in the background has written this. */
static bool has_written(uint32_t id, const char *text)
{
    for (int piece = 0; piece < PIECES; piece++) {
        zassert_equal(session_do_with_id("log", id), 0);
        if (strstr(session_output(), text) != NULL) {
            return true;
        }
        k_msleep(PIECE_MS);
    }
    return session_has(text);
}

/* So often that nothing could be opened any more if a program kept what it had open. */
ZTEST(programs, test_kill_with_open_files_and_directories)
{
    zassert_ok(fs_mkdir(DISK "/room"));
    zassert_ok(test_disk_write(DISK "/room/note.txt", "a note\n", 7));

    struct resources before = resources_taken();

    for (int round = 0; round <= CONFIG_THIMBLE_MAX_FILES; round++) {
        uint32_t id = session_start("--dir " DISK "::/ hold /one.txt /room/two.txt /room/ /");

        zassert_not_equal(id, 0);
        zassert_true(has_written(id, "4 open\n"));
        /* With the directory that it was given. */
        zassert_equal(resources_taken().files, before.files + 5);
        zassert_equal(session_do_with_id("kill", id), 0);
        zassert_true(session_wait_for_state(id, "stopped"));
        zassert_true(resources_are_back(&before));
    }
    /* What each has written is there, and nobody has the files any more. */
    zassert_equal(session_do("run --dir " DISK "::/ wc /one.txt"), 0);

    char counted[64];
    int times = CONFIG_THIMBLE_MAX_FILES + 1;

    snprintf(counted, sizeof(counted), "%d %d %d /one.txt\n", times, times, 5 * times);
    zassert_str_equal(session_output(), counted);
    zassert_ok(fs_unlink(DISK "/one.txt"));
}

ZTEST(programs, test_interrupt_reading)
{
    struct resources before = resources_taken();

    zassert_equal(session_do_interrupted("run cat", 50), STOPPED);
    zassert_true(session_has("cat: stopped"));
    zassert_true(resources_are_back(&before));
}

ZTEST(programs, test_interrupt_computing)
{
    struct resources before = resources_taken();

    zassert_equal(session_do_interrupted("run spin", 50), STOPPED);
    zassert_true(resources_are_back(&before));
}

ZTEST(programs, test_timeout)
{
    struct resources before = resources_taken();

    zassert_equal(session_do("run --timeout 50ms spin"), STOPPED);
    zassert_true(session_has("spin: its time was over"));
    zassert_equal(session_do("run --timeout 50ms clock 1 100000"), STOPPED);
    /* Nobody waits for one in the background. */
    uint32_t id = session_start("--timeout 50ms spin");

    zassert_not_equal(id, 0);
    zassert_true(session_wait_for_state(id, "timed out"));
    zassert_true(resources_are_back(&before));
}

ZTEST(programs, test_kill_nobody)
{
    zassert_equal(session_do("kill 4000000000"), 1);
    zassert_true(session_has("no such program"));
    zassert_equal(session_do("kill spin"), 1);
    zassert_true(session_has("usage: "));
}

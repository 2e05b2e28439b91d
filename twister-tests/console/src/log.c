/* SPDX-License-Identifier: Apache-2.0 */

/* What programs write are messages in the log. */

#include <stdio.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>
#include <zephyr/ztest.h>

#include "heap.h"
#include "program.h"
#include "record.h"

#define LINE CONFIG_THIMBLE_CONSOLE_LINE_SIZE

/* Texts, one after the other; the last is NULL. */
static const char *next_of(void *context)
{
    const char *const **texts = context;
    const char *text = **texts;

    *texts += text != NULL;
    return text;
}

/* Has a program write these texts. */
static void write_texts(const char *const *texts)
{
    const struct text_source source = {.next = next_of, .context = &texts};
    struct thimble_instance *program = program_make(&source);

    program_run(program);
    program_destroy(program);
}

static void expect(size_t index, const char *text)
{
    const struct record *record = record_at(index);

    zassert_equal(record->level, LOG_LEVEL_INF);
    zassert_str_equal(record->module, "thimble_console");
    zassert_str_equal(record->text, text);
}

ZTEST(console_log, test_each_line_is_a_message)
{
    static const char *const texts[] = {"one", " line\nand", " another\r\n\n", "no end", NULL};

    write_texts(texts);
    zassert_equal(records_wait(), 4);
    expect(0, "one line");
    expect(1, "and another");
    expect(2, "");
    expect(3, "no end");
}

ZTEST(console_log, test_a_long_line_is_several)
{
    static char line[2 * LINE + 3];
    static const char *const texts[] = {line, line, "\n", NULL};
    char expected[LINE + 1];

    memset(line, 'a', LINE + 1);
    line[LINE + 1] = '\0';
    write_texts(texts);
    zassert_equal(records_wait(), 3);
    memset(expected, 'a', LINE);
    expected[LINE] = '\0';
    expect(0, expected);
    expect(1, expected);
    expect(2, "aa");
}

/* Nobody can write what looks like a message of somebody else. */
ZTEST(console_log, test_nothing_moves_the_cursor)
{
    static const char *const texts[] = {"be\rg\x1b[2Ain\b\a\tend %s %n\x7f\n", NULL};

    write_texts(texts);
    zassert_equal(records_wait(), 1);
    expect(0, "beg[2Ain\tend %s %n");
}

/* Two programs, which write by turns. */
#define PROGRAMS 2

struct turn {
    struct k_sem begin;
    struct k_sem end;
    const char *text;
};

static struct turn turns[PROGRAMS];
static struct k_thread threads[PROGRAMS];
static K_THREAD_STACK_ARRAY_DEFINE(stacks, PROGRAMS, CONFIG_ZTEST_STACK_SIZE);

static const char *next_at_turn(void *context)
{
    struct turn *turn = context;

    /* What it was given before is written. */
    k_sem_give(&turn->end);
    (void)k_sem_take(&turn->begin, K_FOREVER);
    return turn->text;
}

static void run_at_turn(void *context, void *unused, void *unused_too)
{
    const struct text_source source = {.next = next_at_turn, .context = context};
    struct thimble_instance *program = program_make(&source);

    ARG_UNUSED(unused);
    ARG_UNUSED(unused_too);
    program_run(program);
    program_destroy(program);
}

/* Lets a program write, and waits until it has. */
static void let_write(struct turn *turn, const char *text)
{
    turn->text = text;
    k_sem_give(&turn->begin);
    zassert_ok(k_sem_take(&turn->end, K_SECONDS(10)));
}

ZTEST(console_log, test_lines_of_programs_are_apart)
{
    for (size_t index = 0; index < PROGRAMS; index++) {
        k_sem_init(&turns[index].begin, 0, 1);
        k_sem_init(&turns[index].end, 0, 1);
        k_thread_create(&threads[index], stacks[index], K_THREAD_STACK_SIZEOF(stacks[index]),
                        run_at_turn, &turns[index], NULL, NULL, K_PRIO_PREEMPT(10), 0, K_NO_WAIT);
        zassert_ok(k_sem_take(&turns[index].end, K_SECONDS(10)));
    }
    let_write(&turns[0], "half of one, ");
    let_write(&turns[1], "half of the other, ");
    let_write(&turns[0], "and the rest of it\n");
    let_write(&turns[1], "and its rest\n");
    for (size_t index = 0; index < PROGRAMS; index++) {
        turns[index].text = NULL;
        k_sem_give(&turns[index].begin);
        zassert_ok(k_thread_join(&threads[index], K_SECONDS(10)));
    }
    zassert_equal(records_wait(), 2);
    expect(0, "half of one, and the rest of it");
    expect(1, "half of the other, and its rest");
}

ZTEST(console_log, test_nothing_is_lost_of_the_heap)
{
    static const char *const texts[] = {"no end", NULL};
    struct thimble_heap_statistics before;
    struct thimble_heap_statistics after;

    write_texts(texts);
    zassert_true(thimble_heap_statistics(&before));
    write_texts(texts);
    zassert_true(thimble_heap_statistics(&after));
    zassert_equal(after.allocated, before.allocated);
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    records_clear();
}

ZTEST_SUITE(console_log, NULL, NULL, before, NULL, NULL);

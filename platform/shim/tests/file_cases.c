/* SPDX-License-Identifier: Apache-2.0 */

/* What the files here promise beyond the platform contract. */

#include <stdio.h>
#include <string.h>

#include <thimble_platform.h>

#include "error.h"
#include "file_cases.h"
#include "macros.h"
#include "shim_limits.h"
#include "shim_test.h"

#define READ THIMBLE_PLATFORM_OPEN_READ
#define WRITE THIMBLE_PLATFORM_OPEN_WRITE
#define CREATE THIMBLE_PLATFORM_OPEN_CREATE
#define DIRECTORY THIMBLE_PLATFORM_OPEN_DIRECTORY

/* Fails unless a status is an error of this kind, whatever its code. */
#define assert_fails(status, kind) \
    check_true(thimble_error_is(status, THIMBLE_PLATFORM_##kind))

static uintptr_t root;

void thimble_file_cases_begin(void)
{
    thimble_test_mount();
    check_ok(thimble_platform_file_open_root(THIMBLE_TEST_PATH, &root));
}

void thimble_file_cases_end(void)
{
    check_ok(thimble_platform_file_close(root));
    thimble_test_unmount();
}

static uintptr_t open_in(uintptr_t directory, const char *name, uint32_t options)
{
    uintptr_t file;
    int32_t kind = thimble_platform_file_open_at(directory, name, options, &file);

    check_true(kind > 0);
    return file;
}

static void write_all(uintptr_t file, uint64_t offset, const void *data, size_t length)
{
    for (size_t done = 0; done < length;) {
        int32_t count = thimble_platform_file_write_at(file, offset + done,
                                                       (const uint8_t *)data + done, length - done);

        check_true(count >= 1 && count <= (int32_t)(length - done));
        done += count;
    }
}

static void make(uintptr_t directory, const char *name, const char *content)
{
    uintptr_t file = open_in(directory, name, WRITE | CREATE | THIMBLE_PLATFORM_OPEN_EXCLUSIVE);

    write_all(file, 0, content, strlen(content));
    check_ok(thimble_platform_file_close(file));
}

static void assert_holds(uintptr_t file, const char *content)
{
    char buffer[32];
    int32_t count = thimble_platform_file_read_at(file, 0, buffer, sizeof(buffer));

    check_true(count == (int32_t)strlen(content));
    check_true(memcmp(buffer, content, count) == 0);
}

static void assert_named(const char *name, const char *content)
{
    uintptr_t file = open_in(root, name, READ);

    assert_holds(file, content);
    check_ok(thimble_platform_file_close(file));
}

static uint64_t size_of(uintptr_t file)
{
    struct thimble_platform_metadata metadata;

    check_ok(thimble_platform_file_metadata(file, &metadata));
    return metadata.size;
}

static void remove_file(const char *name)
{
    check_ok(thimble_platform_file_remove_file_at(root, name));
}

void thimble_file_case_roots(void)
{
    uintptr_t file;

    assert_fails(thimble_platform_file_open_root("/", &file), NOT_FOUND);
    assert_fails(thimble_platform_file_open_root("", &file), NOT_FOUND);
    assert_fails(thimble_platform_file_open_root("medium", &file), NOT_FOUND);
    assert_fails(thimble_platform_file_open_root(THIMBLE_TEST_PATH "x", &file), NOT_FOUND);
    assert_fails(thimble_platform_file_open_root(THIMBLE_TEST_PATH "/..", &file), INVALID_ARGUMENT);
    assert_fails(thimble_platform_file_open_root(THIMBLE_TEST_PATH "/missing", &file), NOT_FOUND);
    make(root, "file", "");
    assert_fails(thimble_platform_file_open_root(THIMBLE_TEST_PATH "/file", &file), NOT_DIRECTORY);
    assert_fails(thimble_platform_file_open_root(THIMBLE_TEST_PATH "/file/in", &file),
                 NOT_DIRECTORY);
    remove_file("file");
    check_ok(thimble_platform_file_create_directory_at(root, "d"));
    check_ok(thimble_platform_file_open_root(THIMBLE_TEST_PATH "//d/", &file));
    make(file, "in", "content");
    check_ok(thimble_platform_file_close(file));
    assert_fails(thimble_platform_file_remove_directory_at(root, "d"), NOT_EMPTY);
    file = open_in(root, "d", DIRECTORY);
    check_ok(thimble_platform_file_remove_file_at(file, "in"));
    check_ok(thimble_platform_file_close(file));
    check_ok(thimble_platform_file_remove_directory_at(root, "d"));
}

void thimble_file_case_all_see_what_one_writes(void)
{
    struct thimble_platform_metadata metadata;

    make(root, "file", "old content");

    uintptr_t reader = open_in(root, "file", READ);
    uintptr_t writer = open_in(root, "file", WRITE);

    write_all(writer, 0, "new", 3);
    assert_holds(reader, "new content");
    write_all(writer, 11, " too", 4);
    assert_holds(reader, "new content too");
    check_true(size_of(reader) == 15);
    check_ok(thimble_platform_file_metadata_at(root, "file", &metadata));
    check_true(metadata.size == 15);

    /* Each has its own rights. */
    assert_fails(thimble_platform_file_write_at(reader, 0, "x", 1), BAD_DESCRIPTOR);
    assert_fails(thimble_platform_file_set_size(reader, 0), BAD_DESCRIPTOR);

    uintptr_t truncating = open_in(root, "file", WRITE | THIMBLE_PLATFORM_OPEN_TRUNCATE);

    check_true(size_of(reader) == 0);
    assert_holds(reader, "");
    write_all(writer, 2, "c", 1);
    check_ok(thimble_platform_file_close(truncating));
    check_ok(thimble_platform_file_close(writer));
    check_true(size_of(reader) == 3);
    check_ok(thimble_platform_file_close(reader));
    remove_file("file");
}

void thimble_file_case_what_is_open_keeps_its_name(void)
{
    make(root, "open", "content");
    make(root, "other", "");
    check_ok(thimble_platform_file_create_directory_at(root, "d"));
    check_ok(thimble_platform_file_create_directory_at(root, "e"));

    uintptr_t file = open_in(root, "open", READ);

    assert_fails(thimble_platform_file_remove_file_at(root, "open"), BUSY);
    assert_fails(thimble_platform_file_rename_at(root, "open", root, "moved"), BUSY);
    assert_fails(thimble_platform_file_rename_at(root, "other", root, "open"), BUSY);
    check_ok(thimble_platform_file_rename_at(root, "open", root, "open"));
    assert_holds(file, "content");
    check_ok(thimble_platform_file_close(file));

    uintptr_t directory = open_in(root, "d", DIRECTORY);

    assert_fails(thimble_platform_file_remove_directory_at(root, "d"), BUSY);
    assert_fails(thimble_platform_file_rename_at(root, "d", root, "moved"), BUSY);
    assert_fails(thimble_platform_file_rename_at(root, "e", root, "d"), BUSY);
    make(directory, "in", "");
    file = open_in(directory, "in", READ);
    check_ok(thimble_platform_file_close(directory));
    /* Its path leads through the directory. */
    assert_fails(thimble_platform_file_rename_at(root, "d", root, "moved"), BUSY);
    check_ok(thimble_platform_file_close(file));
    check_ok(thimble_platform_file_rename_at(root, "d", root, "moved"));

    directory = open_in(root, "moved", DIRECTORY);
    check_ok(thimble_platform_file_remove_file_at(directory, "in"));
    check_ok(thimble_platform_file_close(directory));
    check_ok(thimble_platform_file_remove_directory_at(root, "moved"));
    check_ok(thimble_platform_file_remove_directory_at(root, "e"));
    remove_file("open");
    remove_file("other");
}

#define COUNT 30

/* What a listing has shown. */
struct shown {
    uint8_t times[COUNT];
    uint64_t cookie;
    size_t left;
};

static int32_t note(void *context, const struct thimble_platform_directory_entry *entry)
{
    struct shown *shown = context;
    size_t index;

    check_true(entry->name_length == 3);
    check_true(entry->name[0] == 'f');
    index = (entry->name[1] - '0') * 10 + (entry->name[2] - '0');
    check_true(index < COUNT);
    shown->times[index]++;
    shown->cookie = entry->next;
    shown->left--;
    return shown->left > 0;
}

void thimble_file_case_a_listing_goes_on_while_files_are_removed(void)
{
    struct shown shown = {0};
    uint8_t removed[COUNT] = {0};
    int32_t ended = 0;
    char name[8];

    check_ok(thimble_platform_file_create_directory_at(root, "d"));

    uintptr_t directory = open_in(root, "d", READ);

    for (int index = 0; index < COUNT; index++) {
        snprintf(name, sizeof(name), "f%02d", index);
        make(directory, name, "");
    }
    while (ended == 0) {
        shown.left = 4;
        ended = thimble_platform_file_list(directory, shown.cookie, note, &shown);
        check_true(ended >= 0);
        for (int index = 0; index < COUNT; index++) {
            if (shown.times[index] > removed[index]) {
                snprintf(name, sizeof(name), "f%02d", index);
                check_ok(thimble_platform_file_remove_file_at(directory, name));
                removed[index]++;
            }
        }
    }
    for (int index = 0; index < COUNT; index++) {
        check_true(shown.times[index] == 1);
    }
    check_ok(thimble_platform_file_close(directory));
    check_ok(thimble_platform_file_remove_directory_at(root, "d"));
}

/* More than fits into a block of a directory, which is then given back in any order. */
void thimble_file_case_a_directory_grows_and_shrinks(void)
{
    struct thimble_platform_metadata metadata;
    static const char format[] =
        "a file with a name that is long enough to fill a directory soon, %02d";
    char name[sizeof(format)];

    check_ok(thimble_platform_file_create_directory_at(root, "d"));

    uintptr_t directory = open_in(root, "d", DIRECTORY);

    for (int round = 0; round < 3; round++) {
        for (int index = 0; index < COUNT; index++) {
            snprintf(name, sizeof(name), format, index);
            make(directory, name, "");
        }
        for (int step = 0; step < COUNT; step++) {
            /* From the front, from the back, and across. */
            int index = round == 0 ? step : round == 1 ? COUNT - 1 - step : step * 7 % COUNT;

            snprintf(name, sizeof(name), format, index);
            check_ok(thimble_platform_file_remove_file_at(directory, name));
            assert_fails(thimble_platform_file_metadata_at(directory, name, &metadata), NOT_FOUND);
        }
    }
    check_ok(thimble_platform_file_close(directory));
    check_ok(thimble_platform_file_remove_directory_at(root, "d"));
}

void thimble_file_case_large_transfers_stay_within_the_buffer(void)
{
    static uint8_t data[5000];
    static uint8_t buffer[5000 + 64];
    uintptr_t file = open_in(root, "file", READ | WRITE | CREATE);

    for (size_t index = 0; index < sizeof(data); index++) {
        data[index] = index * 31 + index / 256;
    }
    write_all(file, 0, data, sizeof(data));
    check_true(size_of(file) == sizeof(data));
    memset(buffer, 0xee, sizeof(buffer));
    for (size_t done = 0; done < sizeof(data);) {
        int32_t count =
            thimble_platform_file_read_at(file, done, buffer + done, sizeof(data) - done);

        check_true(count >= 1 && count <= (int32_t)(sizeof(data) - done));
        done += count;
    }
    check_true(memcmp(buffer, data, sizeof(data)) == 0);
    for (size_t index = sizeof(data); index < sizeof(buffer); index++) {
        check_true(buffer[index] == 0xee);
    }
    check_ok(thimble_platform_file_close(file));
    remove_file("file");
}

void thimble_file_case_sizes_end(void)
{
    uint8_t byte = 1;
    uintptr_t file = open_in(root, "file", READ | WRITE | CREATE);

    assert_fails(thimble_platform_file_set_size(file, (uint64_t)INT32_MAX + 1), FILE_TOO_LARGE);
    assert_fails(thimble_platform_file_write_at(file, INT32_MAX, &byte, 1), FILE_TOO_LARGE);
    assert_fails(thimble_platform_file_write_at(file, (uint64_t)1 << 40, &byte, 1),
                 FILE_TOO_LARGE);
    /* More than the medium has. */
    assert_fails(thimble_platform_file_set_size(file, 1 << 20), NO_SPACE);
    assert_fails(thimble_platform_file_write_at(file, 1 << 20, &byte, 1), NO_SPACE);
    check_true(size_of(file) == 0);
    check_ok(thimble_platform_file_close(file));
    remove_file("file");
}

void thimble_file_case_a_full_medium(void)
{
    uint8_t data[500];
    uint8_t buffer[500];
    uintptr_t file = open_in(root, "file", READ | WRITE | CREATE);
    uint64_t size = 0;
    int32_t count;

    memset(data, 0x5a, sizeof(data));
    do {
        count = thimble_platform_file_write_at(file, size, data, sizeof(data));
        size += THIMBLE_MAX(count, 0);
    } while (count > 0 && size < 1 << 20);
    assert_fails(count, NO_SPACE);
    check_true(size > 100000);
    count = thimble_platform_file_close(file);
    check_true(count == 0);

    /* What was reported as written is there. */
    file = open_in(root, "file", READ | WRITE);
    check_true(size_of(file) >= size);
    for (uint64_t done = 0; done < size;) {
        count = thimble_platform_file_read_at(file, done, buffer,
                                              THIMBLE_MIN(sizeof(buffer), size - done));
        check_true(count > 0);
        check_true(memcmp(buffer, data, count) == 0);
        done += count;
    }
    check_ok(thimble_platform_file_set_size(file, 0));
    write_all(file, 0, data, sizeof(data));
    check_ok(thimble_platform_file_close(file));
    remove_file("file");
}

void thimble_file_case_handles_end(void)
{
    struct thimble_platform_metadata metadata;
    uintptr_t files[THIMBLE_SHIM_FILES];
    size_t count = 0;
    int32_t status = 0;

    while (status == 0) {
        check_true(count < THIMBLE_COUNT(files));
        status = thimble_platform_file_duplicate(root, &files[count]);
        count += status == 0 ? 1 : 0;
    }
    assert_fails(status, TOO_MANY_OPEN);
    /* One is the root of this test. */
    check_true(count == THIMBLE_SHIM_FILES - 1);
    assert_fails(thimble_platform_file_open_at(root, "new", WRITE | CREATE, &files[0]),
                 TOO_MANY_OPEN);
    assert_fails(thimble_platform_file_metadata_at(root, "new", &metadata), NOT_FOUND);
    while (count > 0) {
        count--;
        check_ok(thimble_platform_file_close(files[count]));
    }
}

/* Opens as many files as the file system lets, which is not as many as there are handles. */
void thimble_file_case_files_of_the_file_system_end(void)
{
    uintptr_t files[THIMBLE_SHIM_FILES];
    size_t count = 0;
    int32_t status = 1;
    char name[8];

    while (status > 0) {
        check_true(count < THIMBLE_COUNT(files));
        snprintf(name, sizeof(name), "f%d", (int)count);
        status = thimble_platform_file_open_at(root, name, WRITE | CREATE, &files[count]);
        count += status > 0 ? 1 : 0;
    }
    assert_fails(status, TOO_MANY_OPEN);
    check_true(count >= 2);
    for (size_t index = 0; index < count; index++) {
        check_ok(thimble_platform_file_close(files[index]));
        snprintf(name, sizeof(name), "f%d", (int)index);
        remove_file(name);
    }
}

void thimble_file_case_paths_end(void)
{
    static const char name[] = "a directory with quite a long name";
    uintptr_t directories[THIMBLE_SHIM_FILES];
    size_t depth = 0;
    int32_t status = 0;
    uintptr_t here = root;

    while (status == 0) {
        status = thimble_platform_file_create_directory_at(here, name);
        if (status == 0) {
            check_true(depth + 1 < THIMBLE_COUNT(directories));
            directories[depth] = here;
            depth++;
            here = open_in(here, name, DIRECTORY);
        }
    }
    assert_fails(status, NAME_TOO_LONG);
    check_true(depth > 3);
    while (depth > 0) {
        depth--;
        check_ok(thimble_platform_file_close(here));
        here = directories[depth];
        check_ok(thimble_platform_file_remove_directory_at(here, name));
    }
}

void thimble_file_case_a_file_system_that_is_gone(void)
{
    struct thimble_platform_metadata metadata;
    struct shown shown = {0};
    uintptr_t other;
    char byte;

    make(root, "file", "content");

    uintptr_t file = open_in(root, "file", READ | WRITE);

    thimble_test_unmount();
    assert_fails(thimble_platform_file_read_at(file, 0, &byte, 1), NO_DEVICE);
    assert_fails(thimble_platform_file_write_at(file, 0, "x", 1), NO_DEVICE);
    assert_fails(thimble_platform_file_set_size(file, 0), NO_DEVICE);
    assert_fails(thimble_platform_file_sync(file, 0), NO_DEVICE);
    assert_fails(thimble_platform_file_open_at(root, "file", READ, &other), NO_DEVICE);
    assert_fails(thimble_platform_file_open_at(root, "new", WRITE | CREATE, &other), NO_DEVICE);
    assert_fails(thimble_platform_file_metadata_at(root, "file", &metadata), NO_DEVICE);
    assert_fails(thimble_platform_file_create_directory_at(root, "d"), NO_DEVICE);
    assert_fails(thimble_platform_file_remove_file_at(root, "file"), NO_DEVICE);
    assert_fails(thimble_platform_file_rename_at(root, "file", root, "g"), NO_DEVICE);
    assert_fails(thimble_platform_file_list(root, 0, note, &shown), NO_DEVICE);
    assert_fails(thimble_platform_file_open_root(THIMBLE_TEST_PATH, &other), NOT_FOUND);
    assert_fails(thimble_platform_file_close(file), NO_DEVICE);
    assert_fails(thimble_platform_file_close(file), BAD_DESCRIPTOR);
    thimble_test_mount();
    assert_named("file", "content");
    remove_file("file");
}

void thimble_file_case_a_medium_that_cannot_be_written(void)
{
    uintptr_t other;

    make(root, "file", "content");
    check_ok(thimble_platform_file_create_directory_at(root, "d"));
    thimble_test_unmount();
    thimble_test_mount_to_read();
    assert_named("file", "content");
    assert_fails(thimble_platform_file_open_at(root, "file", WRITE, &other), READ_ONLY);

    uintptr_t file = open_in(root, "file", READ);

    assert_fails(thimble_platform_file_open_at(root, "file", READ | WRITE, &other), READ_ONLY);
    check_ok(thimble_platform_file_close(file));
    assert_fails(thimble_platform_file_open_at(root, "new", WRITE | CREATE, &other), READ_ONLY);
    assert_fails(thimble_platform_file_create_directory_at(root, "e"), READ_ONLY);
    assert_fails(thimble_platform_file_remove_file_at(root, "file"), READ_ONLY);
    assert_fails(thimble_platform_file_remove_directory_at(root, "d"), READ_ONLY);
    assert_fails(thimble_platform_file_rename_at(root, "file", root, "g"), READ_ONLY);
    thimble_test_unmount();
    thimble_test_mount();
    remove_file("file");
    check_ok(thimble_platform_file_remove_directory_at(root, "d"));
}

void thimble_file_case_names_on_fat(void)
{
    static const char *const names[] = {"a.", "a ", " a", "...", "a*", "ALONGN~1.TXT"};
    uintptr_t other;

    /* One file by any capitals, also while it is open. */
    make(root, "A long name.txt", "content");

    uintptr_t reader = open_in(root, "a LONG name.TXT", READ);
    uintptr_t writer = open_in(root, "A long name.txt", WRITE);

    write_all(writer, 0, "C", 1);
    assert_holds(reader, "Content");
    assert_fails(thimble_platform_file_remove_file_at(root, "A LONG NAME.TXT"), BUSY);
    check_ok(thimble_platform_file_close(writer));
    check_ok(thimble_platform_file_close(reader));
    check_ok(thimble_platform_file_rename_at(root, "A long name.txt", root, "A LONG NAME.txt"));
    assert_named("A long name.txt", "Content");

    /* Names that FAT changes, does not have, or takes for another. */
    for (size_t index = 0; index < THIMBLE_COUNT(names); index++) {
        const char *name = names[index];

        assert_fails(thimble_platform_file_open_at(root, name, WRITE | CREATE, &other),
                     INVALID_ARGUMENT);
        assert_fails(thimble_platform_file_create_directory_at(root, name), INVALID_ARGUMENT);
        assert_fails(thimble_platform_file_rename_at(root, "A long name.txt", root, name),
                     INVALID_ARGUMENT);
    }
    assert_named("A long name.txt", "Content");
    remove_file("A long name.txt");
}

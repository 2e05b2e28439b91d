/* SPDX-License-Identifier: Apache-2.0 */

/* Mounting: littlefs in RAM, and a file system by a table of its own. */

#include <stdint.h>
#include <string.h>

#include <FreeRTOS.h>

#include <thimble_littlefs.h>

#include "error.h"
#include "mount.h"
#include "ram_disk.h"
#include "shim_test.h"

static lfs_t littlefs;
static struct thimble_mount mount;

void thimble_test_mount(void)
{
    check_ok(ram_disk_mount(&littlefs));
    check_ok(thimble_mount_littlefs(&mount, THIMBLE_TEST_PATH, &littlefs));
}

void thimble_test_mount_to_read(void)
{
    check_true(false);
}

void thimble_test_unmount(void)
{
    check_ok(thimble_unmount(&mount));
    check_ok(lfs_unmount(&littlefs));
}

/* A file system of one constant file, as an application may have in its flash. */
static const char text[] = "text of the firmware";

static int32_t look_up(void *context, const char *path, struct thimble_file_entry *entry)
{
    (void)context;
    if (strcmp(path, "/text") != 0) {
        return THIMBLE_FAILED(NOT_FOUND);
    }
    *entry = (struct thimble_file_entry){
        .name = "text",
        .size = sizeof(text),
        .kind = THIMBLE_PLATFORM_FILE_REGULAR,
    };
    return 0;
}

static int32_t list(void *context, const char *path,
                    bool (*visit)(void *visitor, const struct thimble_file_entry *entry),
                    void *visitor)
{
    struct thimble_file_entry entry;

    check_true(path[0] == '\0');
    check_ok(look_up(context, "/text", &entry));
    (void)visit(visitor, &entry);
    return 0;
}

static int32_t refuse(void *context, const char *path)
{
    (void)context;
    (void)path;
    return THIMBLE_FAILED(READ_ONLY);
}

static int32_t refuse_rename(void *context, const char *from, const char *to, bool replaces)
{
    (void)context;
    (void)from;
    (void)to;
    (void)replaces;
    return THIMBLE_FAILED(READ_ONLY);
}

static int32_t open_text(void *context, const char *path, uint32_t options, void **file)
{
    (void)path;
    if (options != 0) {
        return THIMBLE_FAILED(READ_ONLY);
    }
    *file = context;
    return 0;
}

static int32_t close_text(void *context, void *file)
{
    (void)context;
    (void)file;
    return 0;
}

static int32_t seek_text(void *context, void *file, uint64_t position)
{
    (void)context;
    *(size_t *)file = (size_t)position;
    return 0;
}

static int32_t size_text(void *context, void *file, uint64_t *size)
{
    (void)context;
    (void)file;
    *size = sizeof(text);
    return 0;
}

static int32_t read_text(void *context, void *file, void *buffer, size_t length)
{
    size_t *position = file;

    (void)context;
    memcpy(buffer, text + *position, length);
    *position += length;
    return (int32_t)length;
}

static int32_t write_text(void *context, void *file, const void *data, size_t length)
{
    (void)context;
    (void)file;
    (void)data;
    (void)length;
    return THIMBLE_FAILED(READ_ONLY);
}

static int32_t truncate_text(void *context, void *file, uint64_t size)
{
    (void)context;
    (void)file;
    (void)size;
    return THIMBLE_FAILED(READ_ONLY);
}

static const struct thimble_file_system_calls text_calls = {
    .look_up = look_up,
    .list = list,
    .make_directory = refuse,
    .remove = refuse,
    .rename = refuse_rename,
    .open = open_text,
    .close = close_text,
    .seek = seek_text,
    .size = size_text,
    .read = read_text,
    .write = write_text,
    .truncate = truncate_text,
    .sync = close_text,
};

static size_t position;

static void use_own_table(void)
{
    struct thimble_mount own;
    uintptr_t root;
    uintptr_t file;
    char buffer[sizeof(text) + 8];

    check_ok(thimble_mount(&own, "/rom/texts", &text_calls, &position));
    check_ok(thimble_platform_file_open_root("/rom/texts", &root));
    check_true(thimble_platform_file_open_at(root, "text", THIMBLE_PLATFORM_OPEN_READ, &file) ==
               THIMBLE_PLATFORM_FILE_REGULAR);
    check_true(thimble_platform_file_read_at(file, 5, buffer, sizeof(buffer)) ==
               sizeof(text) - 5);
    check_true(strcmp(buffer, text + 5) == 0);
    check_ok(thimble_platform_file_close(file));
    check_true(thimble_platform_file_open_at(root, "text", THIMBLE_PLATFORM_OPEN_WRITE, &file) ==
               THIMBLE_FAILED(READ_ONLY));
    check_true(thimble_platform_file_open_at(root, "other", THIMBLE_PLATFORM_OPEN_READ, &file) ==
               THIMBLE_FAILED(NOT_FOUND));
    check_true(thimble_platform_file_remove_file_at(root, "text") == THIMBLE_FAILED(READ_ONLY));
    /* What is open keeps it. */
    check_true(thimble_unmount(&own) == THIMBLE_FAILED(BUSY));
    check_ok(thimble_platform_file_close(root));
    check_ok(thimble_unmount(&own));
    check_true(thimble_unmount(&own) == THIMBLE_FAILED(NOT_FOUND));
    check_true(thimble_platform_file_open_root("/rom/texts", &root) == THIMBLE_FAILED(NOT_FOUND));
}

static void refuse_paths(void)
{
    static const char *const wrong[] = {"", "/", "lfs", "/lfs/", "//lfs", "/a//b", "/a/../b", "/."};
    struct thimble_mount other;

    for (size_t index = 0; index < sizeof(wrong) / sizeof(wrong[0]); index++) {
        check_true(thimble_mount(&other, wrong[index], &text_calls, &position) ==
                   THIMBLE_FAILED(INVALID_ARGUMENT));
    }
    thimble_test_mount();
    check_true(thimble_mount(&other, THIMBLE_TEST_PATH, &text_calls, &position) ==
               THIMBLE_FAILED(ALREADY_EXISTS));
    thimble_test_unmount();
}

/* Programs see one file system in a directory of another, and keep to it. */
static void nest(void)
{
    struct thimble_mount inner;
    struct thimble_platform_metadata outer_data;
    struct thimble_platform_metadata inner_data;
    uintptr_t root;
    uintptr_t file;

    thimble_test_mount();
    check_ok(thimble_mount(&inner, THIMBLE_TEST_PATH "/rom", &text_calls, &position));
    check_ok(thimble_platform_file_open_root(THIMBLE_TEST_PATH, &root));
    check_true(thimble_platform_file_open_at(root, "rom", THIMBLE_PLATFORM_OPEN_READ, &file) ==
               THIMBLE_PLATFORM_FILE_DIRECTORY);
    check_ok(thimble_platform_file_metadata(root, &outer_data));
    check_ok(thimble_platform_file_metadata(file, &inner_data));
    check_true(outer_data.device != inner_data.device);
    check_true(thimble_platform_file_remove_directory_at(root, "rom") == THIMBLE_FAILED(NOT_EMPTY));
    check_true(thimble_platform_file_rename_at(file, "text", root, "text") ==
               THIMBLE_FAILED(CROSSES_DEVICES));
    check_ok(thimble_platform_file_close(file));
    check_ok(thimble_platform_file_close(root));
    check_ok(thimble_unmount(&inner));
    thimble_test_unmount();
}

/* Opens a file that is written to, and made if it is not there. */
static int32_t open_new(uintptr_t root, uintptr_t *file)
{
    return thimble_platform_file_open_at(
        root, "file", THIMBLE_PLATFORM_OPEN_WRITE | THIMBLE_PLATFORM_OPEN_CREATE, file);
}

static int32_t show_all(void *context, const struct thimble_platform_directory_entry *entry)
{
    (void)context;
    (void)entry;
    return 1;
}

/* Without memory, calls say so, and nothing of what they had is lost. */
static void run_out_of_memory(void)
{
    void *blocks[64];
    size_t count = 0;
    uintptr_t root;
    uintptr_t file;

    thimble_test_mount();
    check_ok(thimble_platform_file_open_root(THIMBLE_TEST_PATH, &root));

    size_t free_before = xPortGetFreeHeapSize();

    for (size_t size = free_before; size >= 16; size /= 2) {
        while (count < sizeof(blocks) / sizeof(blocks[0]) &&
               (blocks[count] = pvPortMalloc(size)) != NULL) {
            count++;
        }
    }
    check_true(thimble_error_is(open_new(root, &file), THIMBLE_PLATFORM_OUT_OF_MEMORY));
    check_true(thimble_error_is(thimble_platform_file_list(root, 0, show_all, NULL),
                                THIMBLE_PLATFORM_OUT_OF_MEMORY));
    while (count > 0) {
        count--;
        vPortFree(blocks[count]);
    }
    check_true(xPortGetFreeHeapSize() == free_before);
    check_true(thimble_platform_file_list(root, 0, show_all, NULL) == 1);
    check_ok(thimble_platform_file_close(root));
    thimble_test_unmount();
}

/* A medium that fails, and works again. What was written before is there. */
static void break_medium(void)
{
    uintptr_t root;
    uintptr_t file;
    char buffer[8];

    thimble_test_mount();
    check_ok(thimble_platform_file_open_root(THIMBLE_TEST_PATH, &root));
    check_true(open_new(root, &file) == THIMBLE_PLATFORM_FILE_REGULAR);
    check_true(thimble_platform_file_write_at(file, 0, "before", 6) == 6);
    check_ok(thimble_platform_file_close(file));
    check_true(open_new(root, &file) == THIMBLE_PLATFORM_FILE_REGULAR);
    ram_disk_break(true);
    check_true(thimble_platform_file_write_at(file, 0, "lost", 4) == 4);
    check_true(thimble_error_is(thimble_platform_file_sync(file, 0), THIMBLE_PLATFORM_IO));
    check_true(thimble_error_is(thimble_platform_file_create_directory_at(root, "d"),
                                THIMBLE_PLATFORM_IO));
    ram_disk_break(false);
    (void)thimble_platform_file_close(file);
    check_ok(thimble_platform_file_close(root));
    thimble_test_unmount();

    thimble_test_mount();
    check_ok(thimble_platform_file_open_root(THIMBLE_TEST_PATH, &root));
    check_true(thimble_platform_file_open_at(root, "file", THIMBLE_PLATFORM_OPEN_READ, &file) ==
               THIMBLE_PLATFORM_FILE_REGULAR);
    check_true(thimble_platform_file_read_at(file, 0, buffer, sizeof(buffer)) == 6);
    check_true(memcmp(buffer, "before", 6) == 0);
    check_ok(thimble_platform_file_close(file));
    check_ok(thimble_platform_file_remove_file_at(root, "file"));
    check_ok(thimble_platform_file_close(root));
    thimble_test_unmount();
}

void mount_cases(void)
{
    use_own_table();
    refuse_paths();
    nest();
    run_out_of_memory();
    break_medium();
}

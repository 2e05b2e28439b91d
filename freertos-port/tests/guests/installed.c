/* SPDX-License-Identifier: Apache-2.0 */

/* Programs that come as files: run by their path, translated to other files, installed in the
 * directory of programs, and damaged. */

#include <string.h>

#include <lfs.h>

#include <thimble_device.h>

#include "check.h"
#include "disk.h"
#include "guests.h"
#include "session.h"

#define GREETING "Hello from WebAssembly!\n"

/* A module whose only function adds two numbers that nobody has pushed. */
static const uint8_t wrong_code[] = {
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00,
    0x03, 0x02, 0x01, 0x00, 0x07, 0x0a, 0x01, 0x06, '_',  's',  't',  'a',  'r',  't',
    0x00, 0x00, 0x0a, 0x05, 0x01, 0x03, 0x00, 0x6a, 0x0b,
};

/* A module that is part of this firmware, to be written to files. */
static struct thimble_device_program find_module(const char *name)
{
    struct thimble_device_program program = {0};
    size_t index = 0;

    do {
        check(thimble_device_program(index, &program) == 1);
        index++;
    } while (strcmp(program.name, name) != 0);
    check(!program.is_image);
    return program;
}

static void check_path(void)
{
    check(session_do("run /lfs/hello.wasm") == 0);
    check(strcmp(session_output(), GREETING) == 0);
    check(session_do("info /lfs/hello.wasm") == 0);
    check(session_has("export: _start, function\n"));
    check(session_do("run /lfs/nothing.wasm") == 1);
    check(session_has("/lfs/nothing.wasm: not found\n"));
    check(session_do("run /elsewhere/hello.wasm") == 1);
    /* The image that it is translated to runs as well, verified. */
    check(session_do("compile /lfs/hello.wasm -o /lfs/hello.thm") == 0);
    disk_remove("/hello.wasm");
    check(session_do("run /lfs/hello.thm") == 0);
    check(strcmp(session_output(), GREETING) == 0);
    disk_remove("/hello.thm");
}

static void check_installed(void)
{
    check(session_do("install /lfs/hello.wasm greet") == 0);
    check(disk_size("/programs/greet.thm") > 0);
    disk_remove("/hello.wasm");
    check(session_do("list") == 0);
    check(session_has("\ngreet "));
    check(session_has(" installed\n"));
    check(session_do("run greet") == 0);
    check(strcmp(session_output(), GREETING) == 0);
    check(session_do("info greet") == 0);
    check(session_has("export: _start, function\n"));
    /* It is there after a restart. */
    check(disk_unmount() == 0);
    check(session_do("run greet") == 1);
    disk_mount();
    check(session_do("run greet") == 0);
    check(strcmp(session_output(), GREETING) == 0);
    /* What is part of the firmware can take its place. */
    check(session_do("install clock greet") == 0);
    check(session_do("run greet 1 10") == 0);
    check(session_has("tick 1: "));
}

static void check_removed(void)
{
    check(session_do("remove greet") == 0);
    check(disk_size("/programs/greet.thm") == LFS_ERR_NOENT);
    check(session_do("list") == 0);
    check(strstr(session_output(), "greet") == NULL);
    check(session_do("run greet") == 1);
    check(session_has("no such program"));
    check(session_do("remove greet") == 1);
    check(session_has("no such program"));
}

/* A file that is no program is neither run nor installed, for this reason, and what was installed
 * stays. */
static void check_refused(const void *content, size_t length, const char *reason)
{
    disk_write("/damaged.wasm", content, length);
    check(session_do("run /lfs/damaged.wasm") == 1);
    check(session_has(reason));
    check(session_do("install /lfs/damaged.wasm greet") == 1);
    check(session_has(reason));
    check(session_do("install /lfs/damaged.wasm other") == 1);
    check(session_do("list") == 0);
    check(strstr(session_output(), "other") == NULL);
    check(session_do("run greet 1 10") == 0);
    check(session_has("tick 1: "));
    disk_remove("/damaged.wasm");
}

static void check_damaged(const struct thimble_device_program *module)
{
    check_refused("", 0, "unexpected end");
    check_refused("no module at all", 16, "magic header not detected");
    check_refused(module->content, module->length / 2, "unexpected end");
    check_refused(wrong_code, sizeof(wrong_code), "type mismatch");
}

static void check_no_disk(void)
{
    check(session_do("install clock greet") == 1);
    check(session_do("run greet") == 1);
    check(session_do("remove greet") == 1);
}

void test_installed(void)
{
    struct thimble_device_program module = find_module("hello");

    check_no_disk();
    disk_make();

    size_t before = session_heap();

    disk_write("/hello.wasm", module.content, module.length);
    check_path();
    disk_write("/hello.wasm", module.content, module.length);
    check_installed();
    check_damaged(&module);
    check_removed();
    check(session_heap_is(before));
    check(disk_unmount() == 0);
    check_no_disk();
    board_print("programs that come as files: passed\n");
}
